"""Templates: what the author wrote, read and typed.

>>> from quizgen.source import read_text
>>> area = read_template(read_text('''
... template: area
... kind: numeric
... draw: {a: 2..9, b: 2..9}
... stem: A rectangle is {{ a }} cm by {{ b }} cm. What is its area in cm²?
... key: a*b
... ''').documents[0])
>>> area.title, area.draws[0], area.answer.key.text
('Area', ('a', IntegerRange(first=2, last=9)), 'a*b')
"""

from __future__ import annotations

from typing import Any

from quizgen.findings import Finding, FindingsError
from quizgen.source import Document
from quizgen.template.answer_records import (
    QUANTITIES,
    SEQUENCES,
    Answer,
    Essay,
    FormulaChoice,
    Matching,
    MultipleAnswer,
    Numeric,
    NumericTuple,
    Ordering,
    RightText,
    RubricLine,
    ShortAnswer,
    Statement,
    Symbolic,
    TextChoice,
    TrueFalse,
    TupleCondition,
    WrongText,
    WrongTuple,
    WrongValue,
)
from quizgen.template.draw_records import (
    FIELD_OF,
    CandidateDraw,
    CorruptionDraw,
    Described,
    Different,
    Draw,
    Fixed,
    FixedValue,
    InputDraw,
    IntegerRange,
    MaskDraw,
    ModelComparison,
    ModelDistributions,
    ModelRanking,
    OneOf,
    OrderDraw,
    Prediction,
    ProbabilityDraw,
    Radical,
    SentenceDraw,
    WordDraw,
)
from quizgen.template.records import Difficulty, Example, Kind, PartTemplate, Review, Template
from quizgen.template.written import Cases, Written

__all__ = [
    "FIELD_OF",
    "QUANTITIES",
    "SEQUENCES",
    "Answer",
    "CandidateDraw",
    "Cases",
    "CorruptionDraw",
    "Described",
    "Different",
    "Difficulty",
    "Draw",
    "Essay",
    "Example",
    "Fixed",
    "FixedValue",
    "FormulaChoice",
    "InputDraw",
    "IntegerRange",
    "Kind",
    "MaskDraw",
    "Matching",
    "ModelComparison",
    "ModelDistributions",
    "ModelRanking",
    "MultipleAnswer",
    "Numeric",
    "NumericTuple",
    "OneOf",
    "OrderDraw",
    "Ordering",
    "PartTemplate",
    "Prediction",
    "ProbabilityDraw",
    "Radical",
    "Review",
    "RightText",
    "RubricLine",
    "SentenceDraw",
    "ShortAnswer",
    "Statement",
    "Symbolic",
    "Template",
    "TextChoice",
    "TrueFalse",
    "TupleCondition",
    "WordDraw",
    "Written",
    "WrongText",
    "WrongTuple",
    "WrongValue",
    "examine_template",
    "read_template",
    "template_schema",
]


def read_template(document: Document) -> Template:
    """The template that a document holds.

    Raises FindingsError with everything that is wrong with its shape.
    """
    template, findings = examine_template(document)
    if template is None or findings:
        raise FindingsError(findings)
    return template


def examine_template(document: Document) -> tuple[Template | None, tuple[Finding, ...]]:
    """The template, or None, and what is wrong with its shape; never raises for a bad document."""
    from quizgen.template.reader import examine  # pydantic is heavy: only where a template is really read

    return examine(document)


def template_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a template, for editors; it accepts the short forms."""
    from quizgen.template.schema import json_schema

    return json_schema()
