"""Packages for Canvas beside what other converters write of the same 1,000 questions.

They are no part of this project: ``QUIZGEN_CONVERTERS`` names a Python that has them, else one is made for the time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import benchmarks.peer_converters
from benchmarks.exports import RUNS, built, forget
from benchmarks.measure import Measurement
from quizgen.archive import Archive
from quizgen.exporters import Options, format_of
from quizgen.exporters.rendering.text import block_text, inline_text
from quizgen.model import ChoiceInteraction, Item, WorkedKey

PEERS = {"text2qti": "text2qti==0.8.0", "qti_package_maker": "qti_package_maker==26.7.14"}
VARIABLE = "QUIZGEN_CONVERTERS"
FORMATS = ("canvas", "qti21")


def measure() -> Iterator[Measurement]:
    """Choices a second of CPU time; ours with every formula, feedback and solution, theirs with the bare texts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = _python(folder / "venv")
        archive = built(folder / "choices", choice_templates())
        path = folder / "questions.json"
        path.write_text(json.dumps(list(map(_plain, archive.items(), archive.keys()))), "utf-8")
        theirs = {peer: max(_rate_of(peer, python, path, folder) for _ in range(RUNS)) for peer in PEERS}
        for format_ in FORMATS:
            ours = max(_rate(archive, format_) for _ in range(RUNS))
            for peer, rate in theirs.items():
                yield Measurement(
                    f"{len(archive):,} choices as {format_}", ours * len(archive), "/s", peer, rate * len(archive)
                )


def choice_templates() -> tuple[str, ...]:
    """Templates of single choices that have enough variants."""
    from quizgen.bank import load_bank

    return tuple(template.id for template in load_bank(None).templates if template.kind == "single-choice")


def _python(folder: Path) -> str:
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    python = str(folder / "bin" / "python")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    try:
        bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        subprocess.run([python, "-m", "pip", "install", "-q", *PEERS.values()], check=True, env=bare)
    except subprocess.CalledProcessError as error:
        asked = f"name a Python that has them: {VARIABLE}=…"
        raise SystemExit(f"pip cannot install {' '.join(PEERS.values())}; {asked}") from error
    return python


def _plain(item: Item, key: WorkedKey) -> tuple[str, list[str], int]:
    interaction = item.parts[0].interaction
    assert isinstance(interaction, ChoiceInteraction)
    right = key.parts[0].key.correct  # type: ignore[union-attr]
    options = [_line(inline_text(option.content)) for option in interaction.options]
    question = _line(f"{item.code} {block_text((*item.stem, *item.parts[0].prompt))}")
    return question, options, [option.id for option in interaction.options].index(right)


def _line(text: str) -> str:
    """A text in which the other programs find no markup."""
    return " ".join(text.translate(dict.fromkeys(map(ord, "$\\`*_[]<>&"), " ")).split())


def _rate_of(peer: str, python: str, path: Path, folder: Path) -> float:
    script = benchmarks.peer_converters.__file__
    said = subprocess.run([python, script, peer, str(path), str(folder)], check=True, capture_output=True, text=True)
    return 1 / float(said.stdout)


def _rate(archive: Archive, name: str) -> float:
    forget()
    started = time.process_time()
    for _ in format_of(name).write(archive, Options()):
        pass
    return 1 / (time.process_time() - started)
