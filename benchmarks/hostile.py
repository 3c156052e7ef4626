"""What hostile answers cost: each in a process of its own with a limit on its memory; the worst ten are printed.

    python -m benchmarks.hostile [--all] [PART OF A NAME]

The time is that of grading in a warm process (the modules are loaded, a normal answer has been graded), all rivals and
the diagnosis included; the memory is what the process grew by. Afterwards the process must grade a normal answer as
before. Where an answer asks the process that factors, that one is warm too: it is started once, not for an answer.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.hostile_inputs import HOSTILE, KEYS, Hostile
from benchmarks.measure import Measurement

TARGET_SECONDS, TARGET_MEGABYTES = 0.050, 50.0
_MEMORY = 1_500_000_000  # bytes of address space that a child may use
_PATIENCE = 60.0  # seconds until a child counts as hanging


class Cost(NamedTuple):
    """seconds: CPU time of grading. judged: of ``quizgen judge``, which says at which point the two differ as well.

    megabytes: what the process grew by. outcome: verdict and note, or how it died.
    asked: whether the process that factors was asked. sound: a normal answer is graded afterwards as before.
    """

    hostile: Hostile
    seconds: float
    judged: float
    megabytes: float
    outcome: str
    asked: bool
    sound: bool


def child(index: int, warm: bool) -> None:
    """Grade one hostile answer and print what it cost, as JSON."""
    from benchmarks.common_world import WORLDS
    from grading import NumericKey, grade
    from grading.judge import judge
    from grading.worker import WORKER

    hostile = HOSTILE[index]
    common = WORLDS[3].key
    key = KEYS[hostile.key]
    normal = "1.6" if hostile.key == "number" else key.value
    if warm:
        WORKER.ask((((0, 0), 1), ((1, 1), 1), ((3, 0), 1), ((0, 4), 1)))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    before_words = _words(grade(key, normal)), _words(grade(common, "log(p_2 + p_3) + p_4/2"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, outcome = _timed(lambda: _words(grade(key, hostile.text)))
    judged = 0.0
    if not isinstance(key, NumericKey):
        judge(key, normal)
        judged, _ = _timed(lambda: judge(key, hostile.text).note)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    after_words = _words(grade(key, normal)), _words(grade(common, "log(p_2 + p_3) + p_4/2"))
    found = {
        "seconds": seconds,
        "judged": judged,
        "megabytes": grown,
        "outcome": outcome,
        "asked": WORKER.pid is not None,
    }
    print(json.dumps(found | {"sound": before_words == after_words}))


def _timed(job: Callable[[], str]) -> tuple[float, str]:
    started = time.process_time()
    found = job()
    return time.process_time() - started, found


def _words(grade: object) -> str:
    return f"{grade.verdict.value} {grade.note}"  # type: ignore[attr-defined]


def cost(index: int) -> Cost:
    """What one answer costs; once more with the process that factors warm if it asks that."""
    found = _run(index, warm=False)
    return _run(index, warm=True) if found.asked else found


def _run(index: int, warm: bool) -> Cost:
    command = [sys.executable, "-m", "benchmarks.hostile", "--child", str(index), *(["--warm"] if warm else [])]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return Cost(HOSTILE[index], _PATIENCE, 0, 0, "hangs", False, False)
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines() or [f"exit {done.returncode}"]
        return Cost(HOSTILE[index], 0, 0, 0, f"died: {last[-1][:100]}", False, False)
    return Cost(HOSTILE[index], **json.loads(done.stdout))


def costs(part: str = "") -> list[Cost]:
    """The costs of all answers whose name holds this text, the dearest first."""
    found = [cost(k) for k, hostile in enumerate(HOSTILE) if part in f"{hostile.key}: {hostile.name}"]
    return sorted(
        found,
        key=lambda c: (c.outcome.startswith("died"), max(c.seconds / TARGET_SECONDS, c.megabytes / TARGET_MEGABYTES)),
        reverse=True,
    )


def shown(found: list[Cost]) -> str:
    """A table of costs."""
    lines = [f"{'ms CPU':>9} {'judged':>9} {'MB':>7}  {'answer':<58} outcome"]
    for c in found:
        late = " (factored elsewhere)" if c.asked else ""
        sound = "" if c.sound else "  AND AFTERWARDS A NORMAL ANSWER IS GRADED OTHERWISE"
        name = f"{c.hostile.key}: {c.hostile.name}"
        lines.append(
            f"{c.seconds * 1000:>9.1f} {c.judged * 1000:>9.1f} {c.megabytes:>7.1f}  {name:<58} {c.outcome}{late}{sound}"
        )
    return "\n".join(lines)


def measure() -> Iterator[Measurement]:
    """The dearest of all hostile answers, and the worst ten on standard output."""
    found = costs()
    print(shown(found[:10]))
    broken = [c for c in found if not c.sound]
    assert not broken, shown(broken)
    worst = max(c.seconds for c in found)
    explained = max(c.judged for c in found)
    largest = max(c.megabytes for c in found)
    count = f"{len(found)} hostile answers"
    yield Measurement(f"the slowest of {count}", worst * 1000, "ms", "our promise", TARGET_SECONDS * 1000, False)
    yield Measurement(
        "the same with witness and change", explained * 1000, "ms", "our promise", TARGET_SECONDS * 2000, False
    )
    yield Measurement(f"the largest of {count}", max(largest, 0.1), "MB", "our promise", TARGET_MEGABYTES, False)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--child"]:
        child(int(arguments[1]), "--warm" in arguments)
    else:
        everything = "--all" in arguments
        words = [word for word in arguments if word != "--all"]
        listed = costs(*words)
        over = [c for c in listed if c.seconds > TARGET_SECONDS or c.megabytes > TARGET_MEGABYTES or not c.sound]
        print(shown(listed if everything else listed[:10]))
        print(f"{len(listed)} answers, {len(over)} over {TARGET_SECONDS * 1000:.0f} ms or {TARGET_MEGABYTES:.0f} MB")
