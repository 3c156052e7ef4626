"""Judges answers: is it right, how right, and why.

>>> from grading import ChoiceKey, grade
>>> grade(ChoiceKey("sum-of-logs"), "sum-of-logs").verdict.value
'correct'

The names below are loaded when they are first used, so that ``import grading`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grading.answersheet import Amendment, ItemKey, PartKey, read_answer_sheet
    from grading.bulk import GradedRow, Results, grade_all
    from grading.classresult import ClassResult, ItemResult, summarise
    from grading.equivalence import Different, Equal, Unknown, compare
    from grading.keys import (
        Band,
        ChoiceKey,
        EssayKey,
        JointCondition,
        KeyUnusable,
        MatchingKey,
        MultipleAnswerKey,
        NumericKey,
        NumericTupleKey,
        OrderingKey,
        Rival,
        Sentence,
        SymbolDeclaration,
        SymbolicKey,
        TextKey,
        Tolerance,
    )
    from grading.marking import canonical_responses, grade, grade_item, grade_part
    from grading.parsing import Language, Refused, parse_expression, parse_number
    from grading.policy import Late, Policy, Rounding
    from grading.responses import ResponseProblem, ResponseRow, UnreadableResponses, read_responses
    from grading.tally import Question, Tally, count_points
    from grading.verdicts import Diagnosis, ExpectedResponse, Grade, Refusal, Verdict

_HOME = {
    "answersheet": ("Amendment", "ItemKey", "PartKey", "read_answer_sheet"),
    "bulk": ("GradedRow", "Results", "grade_all"),
    "classresult": ("ClassResult", "ItemResult", "summarise"),
    "equivalence": ("Different", "Equal", "Unknown", "compare"),
    "keys": (
        "Band",
        "ChoiceKey",
        "EssayKey",
        "JointCondition",
        "KeyUnusable",
        "MatchingKey",
        "MultipleAnswerKey",
        "NumericKey",
        "NumericTupleKey",
        "OrderingKey",
        "Rival",
        "Sentence",
        "SymbolDeclaration",
        "SymbolicKey",
        "TextKey",
        "Tolerance",
    ),
    "marking": ("canonical_responses", "grade", "grade_item", "grade_part"),
    "parsing": ("Language", "Refused", "parse_expression", "parse_number"),
    "policy": ("Late", "Policy", "Rounding"),
    "responses": ("ResponseProblem", "ResponseRow", "UnreadableResponses", "read_responses"),
    "tally": ("Question", "Tally", "count_points"),
    "verdicts": ("Diagnosis", "ExpectedResponse", "Grade", "Refusal", "Verdict"),
}
_MODULE_OF = {name: f"grading.{module}" for module, names in _HOME.items() for name in names}

__all__ = [
    "Amendment",
    "Band",
    "ChoiceKey",
    "ClassResult",
    "Diagnosis",
    "Different",
    "Equal",
    "EssayKey",
    "ExpectedResponse",
    "Grade",
    "GradedRow",
    "ItemKey",
    "ItemResult",
    "JointCondition",
    "KeyUnusable",
    "Language",
    "Late",
    "MatchingKey",
    "MultipleAnswerKey",
    "NumericKey",
    "NumericTupleKey",
    "OrderingKey",
    "PartKey",
    "Policy",
    "Question",
    "Refusal",
    "Refused",
    "ResponseProblem",
    "ResponseRow",
    "Results",
    "Rival",
    "Rounding",
    "Sentence",
    "SymbolDeclaration",
    "SymbolicKey",
    "Tally",
    "TextKey",
    "Tolerance",
    "Unknown",
    "UnreadableResponses",
    "Verdict",
    "canonical_responses",
    "compare",
    "count_points",
    "grade",
    "grade_all",
    "grade_item",
    "grade_part",
    "parse_expression",
    "parse_number",
    "read_answer_sheet",
    "read_responses",
    "summarise",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'grading' has no attribute {name!r}")
    value = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
