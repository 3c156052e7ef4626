"""The texts that fuzzing found to reach something, or to break something once: each is examined again."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tests.fuzzing import oracle, texts
from tests.fuzzing.running import Run, blind
from tests.fuzzing.texts import kept, packed, unpacked

CHUNKS = 20
PATIENCE = 30.0
"""Seconds of CPU time: no test fails because a machine is slow; what is slow everywhere the benchmark finds."""
TEXTS = kept()


def blind_run(folder: Path, count: int, thorough: int) -> Run:
    options = argparse.Namespace(
        runs=count, seconds=0, seed=3, thorough=thorough, patience=PATIENCE, findings=folder, blind=True
    )
    run = Run(options)
    blind(run)
    return run


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_what_must_hold_holds_of_the_corpus(chunk: int) -> None:
    for name, text in TEXTS[chunk::CHUNKS]:
        oracle.examine(name, text, seconds=PATIENCE)


def test_the_corpus_is_small_and_of_every_kind() -> None:
    assert sum(path.stat().st_size for path in texts.CORPUS.iterdir()) < 200_000
    assert {name for name, _ in TEXTS} == set(oracle.NAMES)


def test_a_text_comes_back_from_its_bytes() -> None:
    for name, text in [*TEXTS, ("number", "\ud800 р")]:
        assert unpacked(packed(name, text)) == (name, text)


def test_a_short_run_finds_nothing(tmp_path: Path) -> None:
    options = argparse.Namespace(
        runs=400, seconds=0, seed=3, thorough=5, patience=PATIENCE, findings=tmp_path, blind=True
    )
    run = Run(options)
    blind(run)
    assert run.count == 400
    assert not run.kinds


def test_what_does_not_hold_is_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oracle can fail: a judge that calls everything right is found out."""
    real = oracle.grade

    def kind(key: object, text: object) -> object:
        return real(key, key.value)  # type: ignore[attr-defined]

    monkeypatch.setattr(oracle, "grade", kind)
    options = argparse.Namespace(
        runs=100, seconds=0, seed=1, thorough=1, patience=PATIENCE, findings=tmp_path, blind=True
    )
    run = Run(options)
    blind(run)
    assert run.kinds
    assert len(list(tmp_path.glob("*.txt"))) == len(run.kinds)
    assert len((tmp_path / "all.jsonl").read_text("ascii").splitlines()) == run.verdicts["FOUND"]
