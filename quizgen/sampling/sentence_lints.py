"""What is wrong with a sentence of the corpus: cues that give the masked word away, and slips of the pen."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator

from quizgen.findings import Finding
from quizgen.sampling.sentence_file import RawMask, RawSentence

TAGS = ("NOUN", "VERB", "ADJ", "ADV", "NUM", "AUX")
FILLERS = (3, 4)

# The article goes by the sound, not by the letter; these are the beginnings where the two differ.
_VOWEL_LETTER_CONSONANT_SOUND = ("eu", "ewe", "one", "once", "uni", "use", "usu", "uti", "ura", "ufo", "ubi")
_VOWEL_SOUND_EXCEPTIONS = ("unim", "unin", "unid")
_SILENT_H = ("heir", "honest", "honour", "honor", "hour")


def lint(raw: RawSentence, taken: Container[str] = ()) -> tuple[Finding, ...]:
    """The findings about one sentence. taken: the names that other sentences have already."""
    return tuple(_findings(raw, taken))


def _findings(raw: RawSentence, taken: Container[str]) -> Iterator[Finding]:
    if raw.id in taken:
        message = f"another sentence is called {raw.id!r} too"
        yield raw.finding("S107", message, "give each sentence its own name", raw.path)
    for word in raw.words:
        if not _plain(word):
            remedy = "write words without punctuation, digits or symbols"
            yield raw.finding("S106", f"{word!r} is not a plain word", remedy, (*raw.path, "text"))
    places = [entry.position for entry in raw.mask]
    for index, entry in enumerate(raw.mask):
        if entry.position in places[:index]:
            message = f"position {entry.position} is declared twice"
            yield raw.finding("S108", message, "keep one of the lines", entry.path)
        yield from _entry(raw, entry)


def _entry(raw: RawSentence, entry: RawMask) -> Iterator[Finding]:
    """The findings about one maskable word."""
    words = raw.words
    stands = words[entry.position - 1] if 1 <= entry.position <= len(words) else None
    if stands != entry.word:
        there = f"the word there is {stands!r}" if stands else f"the sentence has {len(words)} words"
        where = ", ".join(str(k) for k, word in enumerate(words, 1) if word == entry.word)
        remedy = f"write position {where}" if where else "name the word as it stands in the text"
        yield raw.finding("S101", f"{entry.word!r} is not at position {entry.position}: {there}", remedy, entry.path)
    if entry.tag not in TAGS and not raw.plain:
        yield raw.finding("S109", f"{entry.tag!r} is not a tag", f"use one of {', '.join(TAGS)}", entry.path)
    if not FILLERS[0] <= len(entry.fillers) <= FILLERS[1] and not (raw.plain and not entry.fillers):
        message = f"{entry.word!r} has {len(entry.fillers)} fillers"
        yield raw.finding("S102", message, f"give {FILLERS[0]} or {FILLERS[1]} words that fit there", entry.path)
    if len({filler.casefold() for filler in entry.fillers}) < len(entry.fillers):
        yield raw.finding("S102", f"a filler of {entry.word!r} stands twice", "replace one of them", entry.path)
    sentence = {word.casefold() for word in words} | {entry.word.casefold()}
    for filler in entry.fillers:
        yield from _filler(raw, entry, filler, sentence)
    if stands == entry.word:
        yield from _article(raw, entry, entry.word)


def _filler(raw: RawSentence, entry: RawMask, filler: str, sentence: set[str]) -> Iterator[Finding]:
    if filler.casefold() in sentence:
        what = "the masked word itself" if filler.casefold() == entry.word.casefold() else "a word of the sentence"
        yield raw.finding(
            "S103", f"the filler {filler!r} is {what}", "use a word that does not stand there", entry.path
        )
    if _capitals(filler) != _capitals(entry.word):
        message = f"the filler {filler!r} has other capitals than {entry.word!r}"
        yield raw.finding("S105", message, "write both alike, or the capitals give the answer away", entry.path)
    if not _plain(filler):
        yield raw.finding(
            "S106", f"the filler {filler!r} is not a plain word", "leave out punctuation and symbols", entry.path
        )
    yield from _article(raw, entry, filler)


def _article(raw: RawSentence, entry: RawMask, word: str) -> Iterator[Finding]:
    """English: the word after "a" or "an" must go with it."""
    if raw.language != "en" or not 2 <= entry.position <= len(raw.words):
        return
    article = raw.words[entry.position - 2].casefold()
    if article in ("a", "an") and (article == "an") != takes_an(word):
        message = f"{word!r} does not go with {article!r} at position {entry.position - 1}"
        yield raw.finding("S104", message, "use a word that does, or the article gives the answer away", entry.path)


def takes_an(word: str) -> bool:
    """Whether "an" stands before an English word rather than "a"."""
    start = word.casefold()
    if start.startswith(_SILENT_H):
        return True
    consonant = start.startswith(_VOWEL_LETTER_CONSONANT_SOUND) and not start.startswith(_VOWEL_SOUND_EXCEPTIONS)
    return start[:1] in tuple("aeiou") and not consonant


def _capitals(word: str) -> tuple[bool, bool]:
    return word[:1].isupper(), word[1:].isupper()


def _plain(word: str) -> bool:
    """Letters and combining marks; an apostrophe or hyphen only between letters (``don't``, ``X-ray``)."""
    inner = word[1:-1].replace("'", "").replace("’", "").replace("-", "")
    return all(unicodedata.category(character)[0] in "LM" for character in word[:1] + inner + word[-1:])
