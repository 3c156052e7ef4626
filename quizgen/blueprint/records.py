"""A blueprint as it was read: frozen records that know their places."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from quizgen.model import Section
from quizgen.source import DataPath, Document


class SlotRequest(msgspec.Struct, frozen=True):
    """One entry of the blueprint. templates: named ones; else concept, kind, bloom and difficulty say what is wanted.

    minutes: expected for each question, None if nobody says.
    """

    path: DataPath
    templates: tuple[str, ...] = ()
    concept: str = ""
    kind: str = ""
    bloom: str = ""
    difficulty: str = ""
    count: int = 1
    points: Fraction | None = None
    variants: int | None = None
    radicals: tuple[tuple[str, str], ...] = ()
    section: str = ""
    title: str = ""
    minutes: Fraction | None = None

    @property
    def described(self) -> str:
        """What is wanted, for people: "concept c-mlm-nll, kind numeric"."""
        said = (("concept", self.concept), ("kind", self.kind), ("bloom", self.bloom), ("difficulty", self.difficulty))
        return ", ".join(f"{name} {value}" for name, value in said if value)


class Blueprint(msgspec.Struct, frozen=True):
    """A blueprint as it was read; `document` knows the places.

    versions: names of papers that are the same for many, () if every learner gets a paper of their own. apart: each
    sentence stands in the pool of one slot only. titles: (language, title) in other languages.
    """

    document: Document
    slots: tuple[SlotRequest, ...]
    title: str = ""
    language: str = ""
    variants: int | None = None
    minutes: int = 0
    versions: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    apart: bool = False
    titles: tuple[tuple[str, str], ...] = ()
