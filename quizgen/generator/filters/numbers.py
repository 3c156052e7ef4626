"""How numbers and lists of them are written."""

from __future__ import annotations

from typing import Any

from quizgen.content import Text
from quizgen.generator.named import Decimal, HoleError, Numbers, expected
from quizgen.generator.naming import Naming
from quizgen.generator.wording import number_text


def rank(naming: Naming, value: Any, place: int) -> Any:
    """The place-th largest number of a list."""
    numbers = expected(value, Numbers, "rank", "p")
    if not 1 <= place <= len(numbers.values):
        raise HoleError(f"the list has {len(numbers.values)} numbers, there is no rank {place}")
    return Decimal(sorted(numbers.values, reverse=True)[place - 1], numbers.places)


def largest(naming: Naming, value: Any) -> Any:
    return rank(naming, value, 1)


def smallest(naming: Naming, value: Any) -> Any:
    return rank(naming, value, len(expected(value, Numbers, "smallest", "p").values))


def decimals(naming: Naming, value: Any, places: int) -> Any:
    if isinstance(value, Numbers):
        return Numbers(value.values, places, value.per_mask)
    return Decimal(expected(value, Decimal, "decimals", "a number").value, places)


def joined(naming: Naming, value: Any, between: str) -> Any:
    """The numbers of a list with this between any two of them, such as a sign of multiplication."""
    numbers = expected(value, Numbers, "joined", "p")
    return between.join(number_text(number, numbers.places, naming.comma) for number in numbers.values)


def listed(naming: Naming, value: Any) -> Any:
    if isinstance(value, Numbers):
        return naming.joined(
            [(Text(number_text(v, value.places, naming.comma)),) for v in value.values], "; " if naming.comma else ", "
        )
    if isinstance(value, tuple):
        return naming.joined([(Text(str(word)),) for word in value])
    raise HoleError("the filter 'list' needs a list")
