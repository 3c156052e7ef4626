"""The filters of holes, one subject a file.

``{{ p | largest | decimals(2) }}`` takes the value of a name, passes it through the filters, and writes the result
as content. A filter is a function of the naming, the value and constant arguments; one more is a line in `FILTERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from quizgen.content import Gap
from quizgen.generator.filters import models, numbers, orders, quantities, sentences, tables, words
from quizgen.generator.named import HoleError
from quizgen.generator.naming import Naming

if TYPE_CHECKING:
    from quizgen.markup import Hole


def filled(naming: Naming, hole: Hole) -> Any:
    """The content for a hole. Raises HoleError if the name or a filter does not fit this scene."""
    if hole.name == "gap":
        if len(hole.attributes) != 1:
            raise HoleError("a gap has a name, such as {{ gap.sign }}")
        return Gap(hole.attributes[0])
    value = naming.value(hole.name)
    for attribute in hole.attributes:
        value = naming.attribute(value, attribute, hole.name)
    if hole.filters:
        for function, arguments in _functions(hole):
            value = function(naming, value, *arguments)
    if naming.trace is not None:
        naming.trace.show(hole.name, value)
    return value if type(value) is str else naming.written(value)


MOST_PLACES = 20
"""Decimal places that may be printed: limits come before arithmetic."""

_ARGUMENTS: Mapping[str, tuple[int, int, type[int] | type[str], str]] = {
    "value": (0, 1, int, "value(3)"),
    "rank": (1, 1, int, "rank(2)"),
    "decimals": (1, 1, int, "decimals(2)"),
    "joined": (1, 1, str, 'joined(" · ")'),
    "preferred_by": (1, 1, str, 'preferred_by("sum-of-probs")'),
    "ranked": (1, 1, int, "ranked(1)"),
    "gaps": (1, 1, str, 'gaps("position")'),
    "table": (0, 1, str, 'table or table("[SEP]")'),
    "pick": (2, 9, str, 'pick("no", "yes")'),
    "before": (1, 1, str, 'before("k")'),
    "below": (1, 1, str, 'below("k")'),
    "without": (1, 1, str, 'without("k")'),
}
"""Of the filters that take any: least and most arguments, their type, an example."""


@lru_cache(maxsize=4096)
def _functions(hole: Hole) -> tuple[tuple[Callable[..., Any], tuple[str | int, ...]], ...]:
    """The filters of a hole with their arguments, which are checked."""
    for name, arguments in hole.filters:
        _check_arguments(name, arguments)
    return tuple((FILTERS[name], arguments) for name, arguments in hole.filters)


def _check_arguments(name: str, arguments: tuple[str | int, ...]) -> None:
    if name not in FILTERS:
        raise HoleError(f"there is no filter '{name}'")
    least, most, kind, example = _ARGUMENTS.get(name, (0, 0, int, name))
    fits = least <= len(arguments) <= most and all(type(argument) is kind for argument in arguments)
    if not fits:
        raise HoleError(f"the filter '{name}' is written {example}")
    if any(isinstance(argument, int) and not 0 <= argument <= MOST_PLACES for argument in arguments):
        raise HoleError(f"the number in '{name}' must lie between 0 and {MOST_PLACES}")


FILTERS: dict[str, Callable[..., Any]] = {
    "words_with_positions": sentences.words_with_positions,
    "per_masked_word": sentences.per_masked_word,
    "per_decision": sentences.per_decision,
    "value": quantities.value,
    "with_numbers": quantities.with_numbers,
    "in_symbols": quantities.in_symbols,
    "largest": numbers.largest,
    "smallest": numbers.smallest,
    "rank": numbers.rank,
    "decimals": numbers.decimals,
    "upper": words.upper,
    "capital": words.capital,
    "pick": words.pick,
    "numbered": sentences.numbered,
    "positions": sentences.positions,
    "gaps": sentences.gaps,
    "list": numbers.listed,
    "before": orders.before,
    "below": orders.below,
    "without": orders.without,
    "as_tokens": orders.as_tokens,
    "as_token": orders.as_token,
    "as_sequence": orders.as_sequence,
    "joined": numbers.joined,
    "table": tables.table,
    "best": models.best,
    "worst": models.worst,
    "preferred_by": models.preferred_by,
    "ranked": models.ranked,
    "losses": models.losses,
}
"""Filter name → function of (naming, value, constant arguments)."""
