"""Builders: from what a template asks to an interaction and its key, one function for each kind of answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizgen.generator.draft import Built, Draft
from quizgen.generator.kinds.arrangement import build_matching, build_ordering
from quizgen.generator.kinds.choice import (
    build_formula_choice,
    build_multiple_answer,
    build_text_choice,
    build_true_false,
)
from quizgen.generator.kinds.formula import build_formula
from quizgen.generator.kinds.number import build_number
from quizgen.generator.kinds.numbers import build_numbers
from quizgen.generator.kinds.text import build_essay, build_short_answer
from quizgen.template import (
    Essay,
    FormulaChoice,
    Matching,
    MultipleAnswer,
    Numeric,
    NumericTuple,
    Ordering,
    PartTemplate,
    ShortAnswer,
    Symbolic,
    TextChoice,
    TrueFalse,
)

BUILDERS: dict[type[Any], Callable[[Draft, PartTemplate, Any], Built]] = {
    TextChoice: build_text_choice,
    FormulaChoice: build_formula_choice,
    TrueFalse: build_true_false,
    MultipleAnswer: build_multiple_answer,
    Numeric: build_number,
    NumericTuple: build_numbers,
    Symbolic: build_formula,
    Matching: build_matching,
    Ordering: build_ordering,
    ShortAnswer: build_short_answer,
    Essay: build_essay,
}
