"""Takes the gain in probability for the gain in loss.

Choose options where the largest absolute gain is not the largest ratio.
"""

from __future__ import annotations

from grading.expressions import Expression, Negation, Sum
from quizgen.objective.values import ValueQuantity, Values, exact

from .operators import Refused, ValueMisconception


def formula(quantity: ValueQuantity, values: Values) -> Expression | Refused:
    if quantity != "improvement" or values.before is None or values.after is None:
        return Refused("not-applicable")
    return Sum((exact(values.after), Negation(exact(values.before))))


MISCONCEPTION = ValueMisconception(
    id="linear-improvement", kind="belief", group="log-base", concept="c-cross-entropy", formula=formula
)
