"""The sentence that the tests of the judge speak about."""

from tests.tables.reading import sentence

SENTENCE = sentence("the *early* bird catches the *worm*")
