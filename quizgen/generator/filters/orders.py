"""How a part of an order is written: what comes before a member, what is smaller, and all others."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from grading.expressions import Symbol
from quizgen.content import Text
from quizgen.generator.named import Decimal, HoleError, Numbers, expected
from quizgen.generator.naming import Naming
from quizgen.objective.shapes import render_fast


def before(naming: Naming, value: Any, name: str) -> Any:
    """The members of a list that come before one of them, ascending. name: of what stands for this one."""
    numbers, member = _found(naming, value, name, "before")
    return Numbers(tuple(sorted(numbers[: numbers.index(member)])))


def below(naming: Naming, value: Any, name: str) -> Any:
    """The members that are smaller than one of them, ascending."""
    return _kept(naming, value, name, "below", lambda entry, member: entry < member)


def without(naming: Naming, value: Any, name: str) -> Any:
    """All members but one, ascending."""
    return _kept(naming, value, name, "without", lambda entry, member: entry != member)


def as_tokens(naming: Naming, value: Any) -> Any:
    """Positions as the tokens that stand there: x₀ and x₄."""
    numbers = expected(value, Numbers, "as_tokens", "prediction_order").values
    return naming.joined([(render_fast(Symbol(f"x_{number}"), setting=naming.setting),) for number in numbers])


def as_token(naming: Naming, value: Any) -> Any:
    """A position as the token that stands there: x₄."""
    return render_fast(Symbol(f"x_{expected(value, Decimal, 'as_token', 'k').value}"), setting=naming.setting)


def as_sequence(naming: Naming, value: Any) -> Any:
    """Positions as tokens with arrows between them: x₀ → x₄ → x₂."""
    numbers = expected(value, Numbers, "as_sequence", "prediction_order").values
    written: list[Any] = []
    for number in numbers:
        written += [Text(" → "), as_token(naming, Decimal(number))] if written else [as_token(naming, Decimal(number))]
    return tuple(written)


def _kept(naming: Naming, value: Any, name: str, filter: str, keep: Callable[[Fraction, Fraction], bool]) -> Numbers:
    numbers, member = _found(naming, value, name, filter)
    return Numbers(tuple(sorted(entry for entry in numbers if keep(entry, member))))


def _found(naming: Naming, value: Any, name: str, filter: str) -> tuple[tuple[Fraction, ...], Fraction]:
    numbers = expected(value, Numbers, filter, "prediction_order").values
    member = naming.value(name)
    if not isinstance(member, Decimal) or member.value not in numbers:
        raise HoleError(
            f"the filter '{filter}' needs the name of a number that is in the list, such as {filter}(\"k\")"
        )
    return numbers, member.value
