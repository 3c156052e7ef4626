"""The repository speaks of itself alone, and what lists things agrees with what there is."""

from __future__ import annotations

import importlib
import importlib.util
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Put together here so that this file does not find itself.
FOREIGN = tuple(
    "".join(parts) for parts in (("/wo", "rk/"), ("/tm", "p/"), ("sha", "red/"), ("/ro", "ot/"), ("/ho", "me/"))
)
UNFINISHED = tuple("".join(parts) for parts in (("TO", "DO"), ("FIX", "ME"), ("XX", "X ")))


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_mentions_a_path_of_some_machine():
    wrong = [
        f"{path.relative_to(ROOT)}: {word}"
        for path, text in texts()
        for word in FOREIGN
        if re.search(rf"(?<![\w.]){re.escape(word)}", text)
    ]
    assert wrong == []


def test_nothing_is_left_unfinished():
    wrong = [f"{path.relative_to(ROOT)}: {word}" for path, text in texts() for word in UNFINISHED if word in text]
    assert wrong == []


def test_every_exemption_has_a_reason():
    wrong = []
    for path, text in texts():
        if path.suffix != ".py":
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"#\s*type:\s*ignore\s*($|#)", line) or re.search(r"#\s*noqa\s*(:\s*[A-Z0-9, ]+)?\s*$", line):
                wrong.append(f"{path.relative_to(ROOT)}:{number}")
    assert wrong == []


def generate():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["cli.md", "formats.md", "findings.md", "cases.md", "refusals.md"])
def test_generated_pages_are_up_to_date(name):
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == generate().PAGES[name](), "run: make docs"


def modules_of(package: str) -> set[str]:
    folder = ROOT / Path(*package.split("."))
    return {
        f"{package}.{path.stem}"
        for path in folder.iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").is_file()) and not path.stem.startswith("_")
    }


def test_every_misconception_module_is_in_the_catalogue():
    from quizgen.misconceptions.catalogue import OPERATORS

    support = {"quizgen.misconceptions." + name for name in ("beliefs", "catalogue", "operators", "words")}
    ids = {entry.id.replace("-", "_") for entry in OPERATORS}
    assert modules_of("quizgen.misconceptions") - support == {f"quizgen.misconceptions.{name}" for name in ids}


def test_every_reader_of_responses_is_in_the_tuple():
    from grading.responses import READERS

    found = {name for name in modules_of("grading.responses") if hasattr(importlib.import_module(name), "name")}
    assert found == {reader.__name__ for reader in READERS}
    assert len({reader.name for reader in READERS}) == len(READERS)


def test_every_grader_is_in_the_tuple():
    from grading.marking import GRADERS, grader_of

    assert modules_of("grading.graders") == {grader_of(kind).__name__ for kind, _ in GRADERS}


def test_every_code_of_a_finding_is_explained():
    from quizgen.findings import CODES

    used = {
        code
        for path, text in texts()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "quizgen")
        for code in re.findall(r'"(Q\d{3})"', text)
    }
    assert len(used) > 30
    assert used - set(CODES) == set()


def test_every_check_is_in_the_tuple():
    from quizgen.checks import BANK_CHECKS, CHECKS

    modules = {name.rpartition(".")[2] for name in modules_of("quizgen.checks")} - {
        "check", "choices", "every_variant", "printed_inputs",
    }  # fmt: skip
    assert modules == {check.run.__module__.rpartition(".")[2] for check in (*CHECKS, *BANK_CHECKS)}


def test_every_exporter_is_in_the_tuple():
    from quizgen.exporters.catalogue import FORMATS

    support = {
        "accepted_numbers", "accepted_texts", "catalogue", "contract", "delivery", "formula_choice", "listed_numbers",
        "packaged_page", "packaging", "paper", "planning", "pool_files", "preview", "qti", "rendering",
        "slot_by_slot", "stand_in", "told_answers", "workbook",
    }  # fmt: skip
    modules = {name.rpartition(".")[2] for name in modules_of("quizgen.exporters")} - support
    assert modules == {format_.write.__module__.removeprefix("quizgen.exporters.").split(".")[0] for format_ in FORMATS}
