"""What an exporter is: one frozen description of a format and three functions.

It sees items and keys of an archive, never a template, a seed or a random number. It says for each item how much of
it survives (`Fidelity`), reports and refuses before anything is written (`Plan`), and writes in constant memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Literal

import msgspec

from quizgen.archive import Archive
from quizgen.folders import PlacedError
from quizgen.model import Item, WorkedKey


class ExportError(PlacedError):
    """An export that cannot be made: place, message, remedy."""


class Level(Enum):
    """How much of an item a format keeps.

    EXACT: every canonical response gets the same mark. DEGRADED: it can be used, and the caveats say what is lost.
    NONE: it cannot be written at all.
    """

    EXACT = "exact"
    DEGRADED = "degraded"
    NONE = "none"


class Caveat(msgspec.Struct, frozen=True):
    """Something that a format does otherwise.

    code: stable, such as ``numeric:reading``. message: one sentence. level: what it makes of the item; EXACT for what
    concerns other than canonical responses.
    """

    code: str
    message: str
    level: Level = Level.DEGRADED


class Fidelity(msgspec.Struct, frozen=True):
    """What happens to one item in a format; the level is the lowest of the caveats'.

    >>> Fidelity((Caveat("a", "…", Level.EXACT), Caveat("b", "…"))).level
    <Level.DEGRADED: 'degraded'>
    """

    caveats: tuple[Caveat, ...] = ()

    @property
    def level(self) -> Level:
        levels = {caveat.level for caveat in self.caveats}
        return next((level for level in (Level.NONE, Level.DEGRADED) if level in levels), Level.EXACT)


class Options(msgspec.Struct, frozen=True):
    """What a person may choose of an export.

    learner: write this learner's form only, for formats that print forms. code_in_stem: print the item's code under
    its stem, so that a report of responses without item ids can be matched. dated: seconds since 1970 of this state
    of the questions, for formats in which a later state replaces an earlier one; 0 if nobody said. formulas: what
    becomes of typed formulas where the format cannot compare them: a ``text`` that is marked on return, or a ``choice``
    among the key and the known wrong ones. processes: so many do the work; what is written is the same.
    """

    learner: str = ""
    code_in_stem: bool = True
    dated: int = 0
    formulas: Literal["text", "choice"] = "text"
    processes: int = 1


class Format(msgspec.Struct, frozen=True):
    """A format that a quiz can be exported to.

    id: its name on the command line. title, audience: for people. keys: where the keys of the export end up
    (``learner``: on the machine of the learner, so that an exam is written without them; ``apart``: in files of their
    own in the folder ``key``, which learners are not given, so that an exam has them too). kinds: for the table of
    formats, what becomes of each kind of question at best. forms: whether it keeps who gets which item. next_step:
    what to do with the files, in a sentence.
    lacking: what this machine lacks to write it and how to install it, or "". best_effort: written after the
    documentation of the platform and never seen in the platform itself.
    """

    id: str
    title: str
    audience: str
    keys: Literal["learner", "server", "file", "apart"]
    kinds: Mapping[str, Level]
    fidelity: Callable[[Item, WorkedKey | None], Fidelity]
    write: Callable[[Archive, Options], Iterator[tuple[str, bytes]]]
    forms: bool = True
    pools: bool = True
    next_step: str = ""
    lacking: Callable[[], str] = str
    best_effort: bool = False


class Noted(msgspec.Struct, frozen=True):
    """A caveat with the items that it concerns: how many, and the codes of the first few."""

    caveat: Caveat
    count: int
    codes: tuple[str, ...]


class Plan(msgspec.Struct, frozen=True):
    """What an export will do, before anything is written.

    refusals: why it cannot be made, empty if it can. stripped: keys are left out because the quiz is an exam.
    """

    format: str
    title: str
    items: int
    exact: int
    stripped: bool
    noted: tuple[Noted, ...]
    refusals: tuple[str, ...]

    def lines(self) -> tuple[str, ...]:
        """The report for people, one caveat a line.

        >>> Plan("json", "JSON", 3, 3, False, (), ()).lines()
        ('json: 3 items, 3 of them exactly',)
        """
        head = f"{self.format}: {self.items} items, {self.exact} of them exactly"
        if self.stripped:
            head += "; without keys, because this is an exam"
        return (head, *(f"  {_line(noted)}" for noted in self.noted), *(f"  refused: {text}" for text in self.refusals))


def _line(noted: Noted) -> str:
    return f"{noted.caveat.code}: {noted.caveat.message} ({items_named(noted)})"


def items_named(noted: Noted) -> str:
    """How many items a caveat concerns, and the codes of the first few.

    >>> items_named(Noted(Caveat("a", "…"), 7, ("Q-1", "Q-2"))), items_named(Noted(Caveat("a", "…"), 1, ("Q-1",)))
    ('7 items: Q-1, Q-2, …', '1 item: Q-1')
    """
    more = ", …" if noted.count > len(noted.codes) else ""
    items = "1 item" if noted.count == 1 else f"{noted.count} items"
    return f"{items}: {', '.join(noted.codes)}{more}"
