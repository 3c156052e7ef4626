"""What a class's graded answers say of the learners and of the questions.

Scores are whole numbers over one denominator, sums and squares of them are exact, and only the last step divides.
Every statistic names its source where it is computed. Nothing is told of fewer than five learners.
"""

from grading.statistics.answers import Answers, Place, answers_of, score_matrix
from grading.statistics.beliefs import Held, beliefs
from grading.statistics.distribution import Distribution, distribution
from grading.statistics.items import ItemStatistics, item_statistics
from grading.statistics.options import SlotPull, option_pull
from grading.statistics.reliability import Reliability, reliability
from grading.statistics.scores import Scores, scores_of
from grading.statistics.variants import Sensitivity, SlotComparison, compare_variants

__all__ = [
    "Answers",
    "Distribution",
    "Held",
    "ItemStatistics",
    "Place",
    "Reliability",
    "Scores",
    "Sensitivity",
    "SlotComparison",
    "SlotPull",
    "answers_of",
    "beliefs",
    "compare_variants",
    "distribution",
    "item_statistics",
    "option_pull",
    "reliability",
    "score_matrix",
    "scores_of",
]
