"""The scene of one variant: everything that is drawn for it, before a word of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from quizgen.objective.masked import MaskedSentence
from quizgen.template import Statement

if TYPE_CHECKING:
    from quizgen.generator.model_draws import Models
    from quizgen.sampling.corruption import UnitDraw
    from quizgen.sampling.sentences import CorpusSentence

Scalar = Fraction | str
Drawn = Fraction | str | tuple[Fraction, ...] | tuple[str, ...]


class Condition(Protocol):
    """A condition on what is drawn, with the names that it uses."""

    @property
    def names(self) -> frozenset[str]: ...

    def holds(self, bindings: Mapping[str, Any]) -> bool: ...


class Impossible(Exception):
    """The draws of a template cannot be met; the message says which and why."""


class Scene(msgspec.Struct, frozen=True):
    """What was drawn.

    values: numbers, words and lists by name. decimals: with how many places the numbers of a name are printed.
    p: the probability of the true word at each mask, in the order of the positions.
    units: the numbers u and v of each word, where a corruption is drawn. words: positions of drawn words by name.
    inputs: further masked sentences by name.
    wrong: the misconceptions whose options a ``fixed:`` draw asks for, () if they are drawn.
    """

    variant: int
    attempt: int
    values: Mapping[str, Drawn]
    decimals: Mapping[str, int]
    sentence: CorpusSentence | None = None
    masked: MaskedSentence | None = None
    p: tuple[Fraction, ...] = ()
    models: Models | None = None
    statement: Statement | None = None
    fixed: str = ""
    wrong: tuple[str, ...] = ()
    units: tuple[UnitDraw, ...] = ()
    words: Mapping[str, int] = MappingProxyType({})
    inputs: Mapping[str, tuple[CorpusSentence, MaskedSentence]] = MappingProxyType({})
