"""What a wrong formula has otherwise than the key, in the field's words: "the term for position 6 is missing".

For a wrong formula that no known belief explains. It works on normal forms, so that it makes no difference how the
formula was written; whatever it says is proven (`differences`), and it says nothing rather than guess.
"""

from .explaining import MOST, differences
from .records import KINDS, Difference, Kind, Place
from .words import LANGUAGES, hint, sentence

__all__ = [
    "KINDS",
    "LANGUAGES",
    "MOST",
    "Difference",
    "Kind",
    "Place",
    "differences",
    "hint",
    "sentence",
]
