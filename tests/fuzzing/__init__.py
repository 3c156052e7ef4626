"""Inputs that nobody thought of: random, guided by what they reach in the code, checked by what must always hold."""
