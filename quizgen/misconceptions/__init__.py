"""Misconceptions: what learners get wrong, as operators (one a module) and words (data of the bank)."""
