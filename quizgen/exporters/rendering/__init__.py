"""Content in the notations that formats need: HTML, plain text, decimals, and the fixed words of each language."""
