"""The question bank, as data; this file makes it importable so that it is shipped with the package."""
