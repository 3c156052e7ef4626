"""From the wrong answers that a key knows to what was probably believed.

A diagnosis names what happened; it is made after the score is settled and cannot change it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from grading.keys import Relation, Rival
from grading.verdicts import Diagnosis


def diagnose(rivals: Iterable[Rival | Relation]) -> tuple[Diagnosis, ...]:
    """The diagnoses of rivals that a response matched, or of a relation that it has, in their order, each once.

    A plain wrong option (no misconception, no words) has none.

    >>> diagnose([Rival("b", ("flip-sign",)), Rival("c")])
    (Diagnosis(misconceptions=('flip-sign',), title='', hint='', feedback=''),)
    """
    found = (
        Diagnosis(rival.misconceptions, rival.title, rival.hint, rival.feedback)
        for rival in rivals
        if rival.misconceptions or rival.title or rival.hint or rival.feedback
    )
    return tuple(dict.fromkeys(found))


def fewest_steps(rivals: Iterable[Rival]) -> tuple[Rival, ...]:
    """Of rivals with the same value, those that need the fewest misconceptions, in the template's order.

    >>> [rival.value for rival in fewest_steps([Rival("x", ("a", "b")), Rival("y", ("a",)), Rival("z", ("c",))])]
    ['y', 'z']
    """
    rivals = tuple(rivals)
    least = min((len(rival.misconceptions) for rival in rivals), default=0)
    return tuple(rival for rival in rivals if len(rival.misconceptions) == least)


def agreed_credit(rivals: Iterable[Rival]) -> Fraction:
    """The credit that all these rivals declare; 0 if they differ, because a higher one must not be guessed.

    >>> agreed_credit([Rival("x", credit=Fraction(1, 2)), Rival("y", credit=Fraction(1, 2))])
    Fraction(1, 2)
    """
    credits = {rival.credit for rival in rivals}
    return credits.pop() if len(credits) == 1 else Fraction(0)
