"""Judges answers: is it right, how right, and why."""
