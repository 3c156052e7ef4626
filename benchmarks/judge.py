"""How many typed formulas are judged in a second on one core: read, decided and diagnosed.

    python -m benchmarks.judge [COUNT]

All answers are different texts, in the notations that learners use; what must come out is known from how they were
made, and every verdict is checked. Peers are measured in the same run on some of the same answers, translated to what
each of them reads best; nobody else reads the notations as they are.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.common_world import WORLDS
from benchmarks.measure import Measurement
from benchmarks.peer_notations import for_latex, for_sympy
from benchmarks.rational_answers import rational_functions
from benchmarks.twenty_forms import plain_answers
from benchmarks.typed_answers import Typed, answers
from grading import SymbolicKey, Verdict, grade, parse_expression
from grading.parsing import Language

COMMON_TARGET, RATIONAL_TARGET, FIRST_TARGET = 15_000.0, 1_000.0, 0.2
REPEATED_TARGET = 500_000.0
SIMPLIFY_TARGET, EXPAND_TARGET, VERIFY_TARGET = 80.0, 4.0, 500.0
FOR_PEERS = 150


def measure(count: int = 6_000) -> Iterator[Measurement]:
    """Rates, the first answer of a process, and the ratios to peers.

    count: of the answers that look for trouble. Plain ones are as many as are to be judged in two seconds.
    """
    plain = plain_answers(int(2 * COMMON_TARGET))
    common, decimals = answers(count, seed=1), answers(count, seed=2, decimals=True)
    judged(plain_answers(count // 10, seed=3))
    judged(answers(count // 10, seed=3))
    unit, ours = "/s", "our promise"
    rate = judged(plain)
    yield Measurement(f"{len(plain):,} different sums and products of logs", rate, unit, ours, COMMON_TARGET)
    beyond = "promised for plain ones"
    yield Measurement("with something odd around every term", judged(common), unit, beyond, COMMON_TARGET)
    yield Measurement("each with its own decimals", judged(decimals), unit, beyond, COMMON_TARGET)
    yield Measurement("the same answers once more", repeated(common), unit, ours, REPEATED_TARGET)
    yield Measurement("rational functions of logs, roots", rational_rate(count // 5), unit, ours, RATIONAL_TARGET)
    cpu, wall = first_answer()
    yield Measurement("first answer of a process", cpu, "s CPU", ours, FIRST_TARGET, more_is_better=False)
    yield Measurement("first answer of a process", wall, "s", ours, FIRST_TARGET, more_is_better=False)
    yield from beside_peers()


def judged(typed: Sequence[Typed]) -> float:
    """Answers a second of CPU time; every verdict, score and diagnosis is what it must be."""
    keys, texts = [t.key for t in typed], [t.text for t in typed]
    gc.collect()
    started = time.process_time()
    grades = [grade(key, text) for key, text in zip(keys, texts, strict=True)]
    seconds = time.process_time() - started
    for found, t in zip(grades, typed, strict=True):
        said = [diagnosis.misconceptions for diagnosis in found.diagnoses]
        right = (found.verdict, found.score) == (t.verdict, t.credit) and (
            not t.misconceptions or t.misconceptions in said
        )
        assert right, f"{t.text!r} for {t.key.value!r}: {found.note} {said} where {t.kind} {t.misconceptions} is due"
    return len(typed) / seconds


def repeated(typed: Sequence[Typed], most: int = 1_000) -> float:
    """Answers a second that have been judged before."""
    some = typed[-most:]
    for t in some:
        grade(t.key, t.text)
    started = time.process_time()
    for t in some:
        grade(t.key, t.text)
    return len(some) / (time.process_time() - started)


def rational_rate(count: int) -> float:
    """Answers a second outside the sums of logarithms."""
    sample = rational_functions(count)
    for key, text, _ in rational_functions(20, seed=3):
        grade(key, text)
    gc.collect()
    started = time.process_time()
    verdicts = [grade(key, text).verdict for key, text, _ in sample]
    seconds = time.process_time() - started
    for verdict, (key, text, right) in zip(verdicts, sample, strict=True):
        assert verdict is (Verdict.CORRECT if right else Verdict.INCORRECT), (key.value, text, verdict)
    return len(sample) / seconds


_FRESH = """
import sys, time
from fractions import Fraction
from grading import Rival, Sentence, SymbolicKey, grade
key = KEY
assert grade(key, sys.argv[1]).verdict.value == "correct"
assert "sympy" not in sys.modules, "sympy was loaded"
print(time.process_time())
"""


def first_answer(repetitions: int = 7) -> tuple[float, float]:
    """(CPU, wall) seconds of a new interpreter until its first answer is graded, sympy not loaded: the best of some.

    Modules are compiled once, as those of an installed package are, also where the environment forbids to keep that.
    """
    program = _FRESH.replace("KEY", repr(WORLDS[1].key))  # a record shows itself as the call that makes it
    answer = r"\ln(p_2 p_6) + \log \Pr(x_4=\text{catches}\mid\bar{\mathbf{x}})"
    found = []
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(repetitions):
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", program, answer], check=True, capture_output=True, text=True, env=kept
        )
        found.append((float(done.stdout), time.perf_counter() - started))
    return min(cpu for cpu, _ in found), min(wall for _, wall in found)


# --- beside others

Peer = Callable[[Typed], bool]


def beside_peers() -> Iterator[Measurement]:
    """Ours and theirs on the same answers, one after the other, all warm."""
    sample = [t for t in answers(FOR_PEERS * 2, seed=5) if t.tree is not None][:FOR_PEERS]
    ours = judged(sample)
    for name, peer, target in peers():
        peer(sample[0])
        gc.collect()
        started = time.process_time()
        said = [peer(t) for t in sample]
        theirs = len(sample) / (time.process_time() - started)
        agreed = sum(verdict == (t.kind == "right") for verdict, t in zip(said, sample, strict=True))
        job = f"typed formulas; it is right on {agreed} of {len(sample)}"
        yield Measurement(job, ours, "/s", f"{name} (at least {target:.0f} times)", theirs)


def peers() -> Iterator[tuple[str, Peer, float]]:
    """(name, whether it says that the answer is the key, how many times faster we promise to be)."""
    import sympy
    from sympy.parsing.sympy_parser import parse_expr

    names: dict[str, Any] = {f"p_{k}": sympy.Symbol(f"p_{k}", positive=True) for k in range(10)}
    keys = {world.key: parse_expr(for_sympy(_tree(world.key)), names) for world in WORLDS}

    def by_simplify(t: Typed) -> bool:
        assert t.tree is not None
        return bool(sympy.simplify(parse_expr(for_sympy(t.tree), names) - keys[t.key]) == 0)

    def by_expand_log(t: Typed) -> bool:
        assert t.tree is not None
        return bool(sympy.expand_log(parse_expr(for_sympy(t.tree), names) - keys[t.key], force=True) == 0)

    yield "sympy parse_expr + simplify", by_simplify, SIMPLIFY_TARGET
    yield "sympy parse_expr + expand_log", by_expand_log, EXPAND_TARGET
    yield "math-verify", verifier(), VERIFY_TARGET


def verifier() -> Peer:
    """math-verify with its own defaults, the key read once."""
    from math_verify import parse, verify

    keys = {world.key: parse(f"${for_latex(_tree(world.key))}$") for world in WORLDS}

    def by_math_verify(t: Typed) -> bool:
        assert t.tree is not None
        return bool(verify(keys[t.key], parse(f"${for_latex(t.tree)}$")))

    return by_math_verify


def _tree(key: SymbolicKey) -> Any:
    return parse_expression(key.value, Language.of(key))


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 6_000):
        shown = f"{line.value:,.3f}" if line.value < 10 else f"{line.value:,.0f}"
        print(
            f"{line.job:<58}{shown:>10} {line.unit:<6}{line.ratio:>10.2f} times {line.against} ({line.reference:,.3g})"
        )
