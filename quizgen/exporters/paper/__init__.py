"""What the formats for paper share: booklets, what stands in them, formulas, fonts, and two notations for it all."""
