"""The sentences of a bank: reading them, checking them, choosing among them.

The file maps a name to a text, a topic, a source and the words that may be masked::

    language: en
    sentences:
      cat-mat:
        text: The cat sat on the mat
        topic: primer
        source: proverb-public-domain
        mask:
          2 cat NOUN: dog child kitten
          6 mat NOUN: rug sofa floor

Everything that follows from the words (length, repeated words, neighbours) is derived, not written.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from grading.expressions import CLS
from quizgen.findings import Finding
from quizgen.sampling.plain_text import read_plain_text
from quizgen.sampling.sentence_file import RawSentence, read_file
from quizgen.sampling.sentence_lints import lint

if TYPE_CHECKING:
    from pathlib import Path

    from quizgen.source import Source


class Maskable(msgspec.Struct, frozen=True):
    """A word that may be masked.

    position: from 1. tag: NOUN, VERB, ADJ, ADV, NUM or AUX, "" if nobody says. fillers: three or four other words that
    fit there; none in a plain text that names none.
    """

    position: int
    word: str
    tag: str
    fillers: tuple[str, ...]


class CorpusSentence(msgspec.Struct, frozen=True, cache_hash=True, dict=True):
    """A sentence that questions can be made of; words count from 1, [CLS] is position 0.

    >>> words = ("The", "cat", "saw", "the", "dog")
    >>> cat = CorpusSentence("cat-dog", words, maskable=(Maskable(2, "cat", "NOUN", ("owl", "hen", "cow")),))
    >>> cat.tokens
    ('[CLS]', 'The', 'cat', 'saw', 'the', 'dog')
    >>> cat.duplicates, cat.content_duplicates, cat.content_positions
    ({'the': (1, 4)}, {}, (2,))
    """

    id: str
    words: tuple[str, ...]
    language: str = "en"
    topic: str = ""
    source: str = ""
    maskable: tuple[Maskable, ...] = ()

    def __hash__(self) -> int:
        """Of the name alone: sentences are keys of caches, and hashing every word each time would cost more."""
        return hash(self.id)

    @property
    def text(self) -> str:
        """The words with spaces between them."""
        return " ".join(self.words)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """[CLS] and the words, so that a position is an index."""
        return (CLS, *self.words)

    @cached_property
    def content_positions(self) -> tuple[int, ...]:
        """The positions of the maskable words, ascending."""
        return tuple(entry.position for entry in self.maskable)

    @cached_property
    def duplicates(self) -> dict[str, tuple[int, ...]]:
        """Words that stand there more than once, without regard to capitals, with their positions."""
        places: dict[str, tuple[int, ...]] = {}
        for position, word in enumerate(self.words, 1):
            places[word.casefold()] = (*places.get(word.casefold(), ()), position)
        return {word: positions for word, positions in places.items() if len(positions) > 1}

    @cached_property
    def content_duplicates(self) -> dict[str, tuple[int, ...]]:
        """The repeated words of which at least one copy may be masked."""
        content = set(self.content_positions)
        return {word: places for word, places in self.duplicates.items() if content.intersection(places)}

    def beginning(self, words: int) -> CorpusSentence:
        """The first words of the sentence, under its name.

        >>> CorpusSentence("cat", ("The", "cat", "saw", "the", "dog")).beginning(2).text
        'The cat'
        """
        kept = tuple(entry for entry in self.maskable if entry.position <= words)
        return msgspec.structs.replace(self, words=self.words[:words], maskable=kept)

    def at(self, position: int) -> Maskable:
        """The maskable word at a position; ValueError if none is declared there."""
        for entry in self.maskable:
            if entry.position == position:
                return entry
        raise ValueError(f"sentence {self.id!r} declares no maskable word at position {position}")


class Corpus(msgspec.Struct, frozen=True, dict=True):
    """The sentences of a bank, in the order of their files."""

    sentences: tuple[CorpusSentence, ...]

    @cached_property
    def _by_id(self) -> dict[str, CorpusSentence]:
        return {sentence.id: sentence for sentence in self.sentences}

    def __len__(self) -> int:
        return len(self.sentences)

    def get(self, id: str) -> CorpusSentence | None:
        """The sentence of this name, or None."""
        return self._by_id.get(id)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._by_id)

    def select(
        self,
        *,
        ids: Iterable[str] = (),
        topics: Iterable[str] = (),
        language: str = "",
        words: tuple[int, int] = (1, 1000),
        maskable: int = 0,
    ) -> tuple[CorpusSentence, ...]:
        """The sentences that meet every condition, in corpus order; a condition left out excludes none.

        ids, topics: one of these. language: such as ``"en"``. words: least and most words. maskable: at least so many
        maskable words.
        """
        wanted, about = frozenset(ids), frozenset(topics)
        return tuple(
            sentence
            for sentence in self.sentences
            if (not wanted or sentence.id in wanted)
            and (not about or sentence.topic in about)
            and (not language or sentence.language == language)
            and words[0] <= len(sentence.words) <= words[1]
            and len(sentence.maskable) >= maskable
        )


def read_corpus(sources: Iterable[Source], texts: Iterable[Path] = ()) -> tuple[Corpus, tuple[Finding, ...]]:
    """The sentences of these files and everything that is wrong with them, also what made a file unreadable.

    texts: files of plain text, see `quizgen.sampling.plain_text`.

    A sentence with a finding is left out of the corpus, the others are kept.

    >>> from quizgen.source import examine_text
    >>> corpus, findings = read_corpus([examine_text("sentences: {a: {text: A dog, mask: {3 dog NOUN: cat}}}")])
    >>> len(corpus), [finding.code for finding in findings]
    (0, ['S101', 'S102'])
    """
    kept: dict[str, CorpusSentence] = {}
    findings: list[Finding] = []
    for raw_sentences, unreadable in (*map(read_file, sources), *map(read_plain_text, texts)):
        findings += unreadable
        for raw in raw_sentences:
            wrong = lint(raw, taken=kept)
            findings += wrong
            if not wrong:
                kept[raw.id] = _sentence(raw)
    return Corpus(tuple(kept.values())), tuple(findings)


def _sentence(raw: RawSentence) -> CorpusSentence:
    maskable = (Maskable(entry.position, entry.word, entry.tag, entry.fillers) for entry in raw.mask)
    in_order = tuple(sorted(maskable, key=lambda entry: entry.position))
    return CorpusSentence(raw.id, raw.words, raw.language, raw.topic, raw.source, in_order)
