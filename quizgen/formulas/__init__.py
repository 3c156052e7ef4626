"""Formulas and conditions of authors: parsed once by the one grammar, evaluated exactly for each variant.

Beyond what learners may write, authors have ``floor``, ``ceil``, ``mod``, ``underflow`` and ``distance(a, b, c)`` (of
the two that are nearest to each other), and the functions of a drawn list ``min(ps)``, ``max(ps)``, ``sum(ps)``,
``product(ps)``, ``count(ps)`` and ``at(ps, k)``; a sum or a product may be of a formula for each member, as in
``sum(1/ps)``. Conditions join comparisons by ``and``, ``or`` and ``not``; they may compare a drawn word with one of the
words that it can be.
Whatever is rational is computed as a fraction; limits come before arithmetic.
"""

from quizgen.formulas.evaluating import Bindings, Value, ValueProblem, evaluator_of, pair_of
from quizgen.formulas.parsing import parse_comparison, parse_condition, parse_formula
from quizgen.formulas.trees import AuthorFormula, Comparison, Condition, Junction, WordTest, names_in
from quizgen.formulas.values import Decider, decider_of, evaluate, exact_value, holds, value_in

__all__ = [
    "AuthorFormula",
    "Bindings",
    "Comparison",
    "Condition",
    "Decider",
    "Junction",
    "Value",
    "ValueProblem",
    "WordTest",
    "decider_of",
    "evaluate",
    "evaluator_of",
    "exact_value",
    "holds",
    "names_in",
    "pair_of",
    "parse_comparison",
    "parse_condition",
    "parse_formula",
    "value_in",
]
