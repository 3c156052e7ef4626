"""Whatever was judged before, in whatever order: an answer is judged as if it were the first."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from grading import SymbolicKey, compare, grade
from grading.equivalence import Different
from grading.parsing import Language, Refused, parse_expression
from grading.verdicts import Grade
from tests.fuzzing import oracle
from tests.fuzzing.mutations import SEEDS, equal_form, formula, mutate
from tests.fuzzing.texts import kept
from tests.fuzzing.values import values_agree

_FRESH = """
import json, os, sys
from tests.fuzzing import oracle
for line in sys.stdin:
    name, text = json.loads(line)
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    try:
        print(ascii(oracle.grade(oracle.KEYS[name], text)), flush=True)
    finally:
        print(flush=True)
        os._exit(0)
"""


@cache
def fresh() -> subprocess.Popen[str]:
    """A process that has graded nothing and never does: a copy of it grades each answer, and ends."""
    root = Path(__file__).resolve().parents[2]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", _FRESH], cwd=root, **pipes)


def judged_alone(name: str, text: str) -> str:
    """The grade as the first one of a process, shown in ASCII."""
    process = fresh()
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps([name, text]) + "\n")
    process.stdin.flush()
    found = process.stdout.readline().rstrip("\n")
    return found and (found, process.stdout.readline())[0]


names = st.sampled_from(oracle.NAMES)
draws = st.randoms(use_true_random=False)
known = [text for _, text in kept()] + list(SEEDS)


class AnyOrder(RuleBasedStateMachine):
    """A class of learners who type at once."""

    texts = Bundle("texts")

    def __init__(self) -> None:
        super().__init__()
        self.graded: dict[tuple[str, str], Grade] = {}

    @rule(target=texts, text=st.sampled_from(known))
    def known_text(self, text: str) -> str:
        return text

    @rule(target=texts, draw=draws)
    def new_text(self, draw: Any) -> str:
        return formula(draw, 3)

    @rule(target=texts, draw=draws, name=names)
    def equal_text(self, draw: Any, name: str) -> str:
        return equal_form(draw, oracle.KEYS[name].value)

    @rule(target=texts, draw=draws, text=texts, other=texts)
    def changed_text(self, draw: Any, text: str, other: str) -> str:
        return mutate(draw, text, other)

    @rule(target=texts, text=st.text(max_size=30))
    def any_text(self, text: str) -> str:
        return text

    @rule(name=names, text=texts)
    def judge(self, name: str, text: str) -> None:
        found = oracle.examine(name, text, thorough=False, seconds=30)
        assert self.graded.setdefault((name, text), found) == found

    @rule(name=names, text=texts)
    def judge_alone(self, name: str, text: str) -> None:
        assert judged_alone(name, text) == ascii(grade(oracle.KEYS[name], text))

    @rule(name=names, first=texts, second=texts)
    def compare_both_ways(self, name: str, first: str, second: str) -> None:
        key = oracle.KEYS[name]
        language = Language.of(key) if isinstance(key, SymbolicKey) else Language(any_name=True)
        try:
            left, right = parse_expression(first, language), parse_expression(second, language)
        except Refused:
            return
        forth, back = compare(left, right, language), compare(right, left, language)
        assert type(forth) is type(back)
        if isinstance(forth, Different) and isinstance(back, Different):
            assert {forth.undefined_at, back.undefined_at} in ({""}, {"left", "right"})
        values_agree(left, right, language, forth)

    @invariant()
    def the_key_is_still_right(self) -> None:
        """No answer changes how later ones are read."""
        for key in oracle.KEYS.values():
            assert grade(key, key.value).score == 1


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),  # a failure names its steps; to make them fewer takes minutes
)


@pytest.fixture(autouse=True, scope="module")
def no_process_is_left() -> Iterator[None]:
    yield
    process = fresh()
    assert process.stdin
    process.stdin.close()
    process.wait(timeout=30)


def test_the_copy_knows_nothing_of_what_was_judged_before() -> None:
    """An unusual answer first, then the same with an error of the reader in between."""
    for name, text in (("objective", "log(p2 p6)"), ("objective", "log("), ("objective", "log(p2 p6)")):
        assert judged_alone(name, text) == ascii(grade(oracle.KEYS[name], text))
