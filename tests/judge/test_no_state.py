"""What was judged before changes nothing: neither verdicts nor how anything is written."""

from __future__ import annotations

import subprocess
import sys

import pytest

from grading import SymbolicKey, grade
from grading.judge import judge
from tests.judge.sentences import SENTENCE

KEY = SymbolicKey("log p_2 + log p_6", sentence=SENTENCE)
SAME_CONTEXT = (
    r"log Pr(early | x_{\2}) + log Pr(worm | xbar, x_2=early)",
    r"log Pr(early | x_{\2}) + log Pr(worm | x_{\6})",
    r"log Pr(early | x_{\2}) + log Pr(worm | x_{<6})",
)


@pytest.mark.parametrize("first", SAME_CONTEXT)
def test_each_learner_is_shown_their_own_notation(first: str) -> None:
    readings = {answer: grade(KEY, answer).reading for answer in (first, *SAME_CONTEXT)}
    assert len(set(readings.values())) == len(SAME_CONTEXT)


def test_a_witness_reads_the_same_whoever_came_first() -> None:
    program = (
        "import sys\n"
        "from grading.judge import judge\n"
        "from tests.judge.test_no_state import KEY, SAME_CONTEXT\n"
        "for answer in SAME_CONTEXT[:: int(sys.argv[1])]: judge(KEY, answer)\n"
        "print(judge(KEY, SAME_CONTEXT[0]).witness)\n"
    )
    shown = {subprocess.check_output([sys.executable, "-c", program, step]) for step in ("1", "-1")}
    assert len(shown) == 1
    assert judge(KEY, SAME_CONTEXT[0]).witness == shown.pop().decode().rstrip()
