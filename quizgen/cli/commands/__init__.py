"""One command of the program in each module of the same name, as ``command``."""
