"""What we export as a package of QTI and import again is the same question, for the kinds that the reader knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from quizgen.archive import write_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.exporters import qti3, qti21
from quizgen.exporters.contract import Format, Level, Options
from quizgen.generator import generate
from quizgen.importing import Made, read_questions, write_templates
from quizgen.model import GeneratedItem, Quiz
from quizgen.sampling.draws import Source
from tests.exporters import example_items as examples
from tests.importing.test_round_trip import as_exported, compare

FORMATS = [qti3.FORMAT, qti21.FORMAT]
EXAMPLES = [*map(as_exported, examples.everything())]
READ = [g for g in EXAMPLES if len(g.item.parts) == 1 and g.item.kind != "symbolic"]
NOT_READ = [g for g in EXAMPLES if g not in READ]


def imported(
    folder: Path, items: tuple[GeneratedItem, ...], quiz: Quiz, format_: Format
) -> tuple[dict[str, GeneratedItem], Made, Any]:
    """The items again, by the code of the one that they come from."""
    archive = write_archive(folder / "quiz", quiz, items)
    chunks = list(format_.write(archive, Options()))
    path = folder / chunks[0][0]
    path.write_bytes(b"".join(chunk for _, chunk in chunks))
    read = read_questions(path)
    made = write_templates(folder / "bank", read.questions)
    bank = load_bank(folder / "bank")
    again = {
        written.question.name.split()[0]: generate(written.template, bank=bank, source=Source(seed=5))
        for written in made.written
    }
    return again, made, read


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.id)
@pytest.mark.parametrize("generated", READ, ids=lambda g: g.item.id)
def test_an_example_comes_back(tmp_path: Path, generated: GeneratedItem, format_: Format) -> None:
    again, made, read = imported(tmp_path, (generated,), examples.quiz_of((generated,)), format_)
    assert not made.lost
    assert not [loss for loss in read.lost if loss.whole]
    assert compare(generated, again[generated.item.code], tuple(loss.reason for loss in read.lost)) >= 1


@pytest.mark.parametrize("generated", NOT_READ, ids=lambda g: g.item.id)
def test_what_the_reader_does_not_know_is_named(tmp_path: Path, generated: GeneratedItem) -> None:
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((generated,)), (generated,))
    path = tmp_path / "quiz.zip"
    path.write_bytes(b"".join(chunk for _, chunk in qti3.FORMAT.write(archive, Options())))
    read = read_questions(path)
    assert read.questions == ()
    assert [loss.question.split()[0] for loss in read.lost] == [generated.item.code]


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.id)
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_bank_comes_back(tmp_path: Path, language: str, format_: Format) -> None:
    bank = load_bank()
    assembly = assemble(bank, [*bank.documents], variants=1, source=Source(seed=11), language=language)
    items = tuple(assembly.items())
    again, made, read = imported(tmp_path, items, assembly.quiz, format_)
    assert made.lost == ()
    one_part = {g.item.code for g in items if len(g.item.parts) == 1 and g.item.kind != "symbolic"}
    assert {loss.question.split()[0] for loss in read.lost if loss.whole} == {g.item.code for g in items} - one_part
    named = {loss.question.split()[0] for loss in read.lost}
    compared = {}
    for old in items:
        if old.item.code in one_part - named and format_.fidelity(old.item, old.key).level is Level.EXACT:
            compared[old.item.id] = compare(old, again[old.item.code])
    assert len(compared) > len(one_part) / 2
    assert sum(compared.values()) > 4 * len(compared)
