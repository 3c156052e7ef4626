"""Counting what a text reaches changes nothing in how it is judged, and ends where there is no more news."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

_PROGRAM = """
import json, sys
import grading
from tests.fuzzing import coverage, oracle
from tests.fuzzing.texts import kept

coverage.KNOWN, coverage.FIRST = 3, 40
texts = kept()[:300:10] * 4
before = [ascii(oracle.grade(oracle.KEYS[name], text)) for name, text in texts]
counted = coverage.Coverage(grading)
after, new = [], []
for name, text in texts:
    oracle.forget()
    counted.begin()
    after.append(ascii(oracle.grade(oracle.KEYS[name], text)))
    new.append(counted.end())
counted._instrument()
plain = [each for each in counted._functions if each.blocks == set() and each.function.__code__ is each.written]
telling = set().union(*(each.blocks for each in counted._functions))
known = {block for block, times in counted.times.items() if times >= coverage.KNOWN}
print(json.dumps([before == after, new, len(counted.times), len(plain), len(telling & known), len(known)]))
"""

if find_spec("atheris") is not None:  # there is no wheel for every machine

    def test_blocks_are_counted_until_they_are_known() -> None:
        root = Path(__file__).resolve().parents[2]
        process = subprocess.run([sys.executable, "-c", _PROGRAM], cwd=root, capture_output=True, text=True, check=True)
        same, new, reached, plain, telling, known = json.loads(process.stdout)
        assert same
        assert new[0]
        assert not any(new[-30:])  # the same texts again reach nothing new
        assert reached > 1_000
        assert plain > 30  # functions are as they were written
        assert known > 1_000
        assert telling == 0
