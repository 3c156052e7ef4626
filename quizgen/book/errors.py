"""What went wrong with a book, for a person."""

from __future__ import annotations

from quizgen.folders import PlacedError


class BookError(PlacedError):
    """A book or its key file cannot be used: place, message, remedy."""
