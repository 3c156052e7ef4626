"""Programs of their own that compute what the questions of the bank ask for, and compare."""
