"""Formulas and conditions as they were parsed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

import msgspec

from grading.expressions import Expression

if TYPE_CHECKING:
    from quizgen.formulas.evaluating import Evaluator
    from quizgen.formulas.writing import Writer


class Call(msgspec.Struct, frozen=True):
    """A function that the expression tree does not have. symbol: what stands for its value in the tree.

    list_name: of a function of a list; ``at(ps, k)`` has both a list and an argument. each: the formula of each
    member, with the name of the list for the member; None: the member itself.
    """

    symbol: str
    function: str
    arguments: tuple[AuthorFormula, ...] = ()
    list_name: str = ""
    each: AuthorFormula | None = None


class AuthorFormula(msgspec.Struct, frozen=True, dict=True):
    """A parsed formula. names: what it uses, in order of first appearance."""

    text: str
    expression: Expression
    names: tuple[str, ...]
    calls: tuple[Call, ...] = ()

    @cached_property
    def evaluator(self) -> Evaluator:
        """The formula made ready for many evaluations."""
        from quizgen.formulas.evaluating import compiled

        return compiled(self.expression)

    @cached_property
    def writer(self) -> Writer:
        """What puts values into the formula."""
        from quizgen.formulas.writing import writer_of

        return writer_of(self.expression)

    @cached_property
    def needs(self) -> frozenset[str]:
        """The names that it uses."""
        return frozenset(self.names)


class Comparison(msgspec.Struct, frozen=True):
    """``a < b <= c``: operators between the formulas."""

    formulas: tuple[AuthorFormula, ...]
    operators: tuple[str, ...]


class WordTest(msgspec.Struct, frozen=True):
    """``unit = bits``: whether the word drawn for a name is this one, or is another one."""

    name: str
    word: str
    same: bool


class Junction(msgspec.Struct, frozen=True):
    """``and`` / ``or`` of two or more conditions, ``not`` of one."""

    word: Literal["and", "or", "not"]
    conditions: tuple[Condition, ...]


Condition = Comparison | WordTest | Junction


def names_in(condition: Condition) -> tuple[str, ...]:
    """The names that a condition uses, in order of first appearance."""
    if isinstance(condition, WordTest):
        return (condition.name,)
    parts = condition.formulas if isinstance(condition, Comparison) else ()
    found = [name for formula in parts for name in formula.names]
    if isinstance(condition, Junction):
        found = [name for part in condition.conditions for name in names_in(part)]
    return tuple(dict.fromkeys(found))
