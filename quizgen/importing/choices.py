"""Options with shares of the points as a single choice or as several right answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

import msgspec

from quizgen.findings import Place
from quizgen.importing.contract import Data, NotCarried, Notes, Question, Wrong
from quizgen.importing.markdown import option

_WITHIN = Fraction(1, 10**4)


class Option(msgspec.Struct, frozen=True):
    """An option in our Markdown and what choosing it adds."""

    text: str
    share: Fraction
    feedback: str = ""
    misconception: str = ""


def _different(options: Iterable[Option]) -> list[Option]:
    found = list(options)
    if any(not entry.text for entry in found):
        raise NotCarried("an option has no text", broken=True)
    if len({entry.text for entry in found}) < len(found):
        raise NotCarried("two options read the same", broken=True)
    if len(found) < 2:
        raise NotCarried("a choice needs two options", broken=True)
    return found


def single_choice(place: Place, name: str, options: Sequence[Option], note: Notes) -> Question:
    """One option is right. Raises NotCarried if none is worth all of the points."""
    found = _different(options)
    right = [entry for entry in found if entry.share == 1]
    if not right:
        raise NotCarried("no option is worth all of the points", broken=True)
    if any(entry.share < 0 for entry in found):
        note("wrong options that take points away earn nothing here")
    wrong = tuple(
        Wrong(entry.text, max(Fraction(0), entry.share), entry.feedback, entry.misconception)
        for entry in found
        if entry is not right[0]
    )
    key = right[0]
    return Question(place, name, "single-choice", "", (option(key.text),), wrong, solution=key.feedback)


def multiple_answer(place: Place, name: str, options: Sequence[Option], note: Notes, own: bool = False) -> Question:
    """Options with a positive share are right. own: we wrote it, so that shares mean what ours mean."""
    found = _different(options)
    right = [entry for entry in found if entry.share > 0]
    wrong = [entry for entry in found if entry.share <= 0]
    if not right:
        raise NotCarried("no option is right", broken=True)
    each = Fraction(1, len(right))
    if any(abs(entry.share - each) > _WITHIN for entry in right):
        note("right options have different shares there; here each counts alike")
    settings: tuple[tuple[str, Data], ...] = ()
    if own and wrong and len(right) > 1 and all(entry.share == -1 for entry in wrong):
        settings = (("scoring", "all-or-nothing"),)
    elif any(abs(entry.share + each) > _WITHIN for entry in wrong):
        note(f"a wrong option takes another share away there than here, where it is {each}")
    if any(entry.feedback for entry in right):
        note("what is said about a right option is left out")
    return Question(
        place,
        name,
        "multiple-answer",
        "",
        tuple(entry.text for entry in right),
        tuple(Wrong(entry.text, Fraction(0), entry.feedback, entry.misconception) for entry in wrong),
        settings=settings,
    )
