"""Every file of the contracts obeys its published JSON Schema, which refuses others, and comes back as it was."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grading.answersheet import Amendment, ItemKey, decoder_of, to_json
from grading.keys import Rival, Tolerance
from grading.marking import canonical_responses
from grading.responses import read_responses
from quizgen import assemble, load_bank
from quizgen.archive import write_archive
from quizgen.roster import Learner
from quizgen.sampling.draws import Source
from quizgen.schemas import PUBLISHED, PageAnswer, PageAnswers, ResponseLine, published_schemas
from tests.class_report.classes import report_of_a_class
from tests.exporters.example_items import everything, quiz_of

ITEMS = everything()
SCHEMAS = published_schemas()
AMENDMENTS = (
    Amendment("i1", "accept", "also right", "2026-11-02", part="j1", responses=("a", ["a", "b"], {"l": "r"})),
    Amendment("i1", "void", "two right options", "2026-11-02"),
    Amendment("*", "full-marks", "a wrong table", "2026-11-02", slot="s01"),
    Amendment("i1", "tolerance", "two decimals", "2026-11-02", tolerance=Tolerance("absolute", Fraction(1, 100))),
)
RESPONSES = [claim.response for generated in ITEMS for claim in canonical_responses(generated.key)]
LINES = tuple(ResponseLine("ana", "i1", response, 2, "2026-11-02T10:00:00Z") for response in RESPONSES)
PAGE = PageAnswers("quizgen-answers", 1, "q", "ana", "2026-11-02T10:00:00Z", (PageAnswer("i1", "Q-7K3F", ["a"]),))
RECORDS: dict[str, tuple[Any, ...]] = {
    "quiz": (quiz_of(ITEMS),),
    "item": tuple(generated.item for generated in ITEMS),
    "worked-key": tuple(generated.key for generated in ITEMS),
    "item-key": tuple(ItemKey("i", "r", "Q-7K3F", generated.key.parts, "s01") for generated in ITEMS),
    "amendment": AMENDMENTS,
    "response-row": LINES,
    "page-answers": (PAGE,),
    "class-report": (report_of_a_class(),),
}


def test_every_contract_is_published() -> None:
    assert set(SCHEMAS) == set(PUBLISHED) == set(RECORDS)
    for name, schema in SCHEMAS.items():
        assert schema["$schema"].endswith("2020-12/schema"), name
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_records_obey_their_schema_and_come_back(name: str) -> None:
    validator, decoder = jsonschema.Draft202012Validator(SCHEMAS[name]), decoder_of(PUBLISHED[name])
    for record in RECORDS[name]:
        written = json.loads(to_json(record))
        validator.validate(written)
        assert decoder.decode(to_json(record)) == record
        for field in SCHEMAS[name]["$defs"][PUBLISHED[name].__name__]["required"]:
            assert not validator.is_valid({key: value for key, value in written.items() if key != field}), field


def test_a_rival_keeps_credit_hint_and_feedback() -> None:
    rival = Rival("o2", ("flip-sign", "sum-of-probs"), Fraction(1, 3), "Signs", "Which sign?", "It is *negative*.")
    assert decoder_of(Rival).decode(to_json(rival)) == rival
    assert b'"credit":"1/3"' in to_json(rival)


def test_the_files_of_an_archive_obey_the_schemas(tmp_path: Path) -> None:
    """As `build` writes them: with forms of a roster, and with the seal."""
    roster = (Learner("ana"), Learner("ben"))
    assembly = assemble(
        load_bank(), ["loss-numeric-nats", "match-notation"], variants=3, source=Source(seed=1), roster=roster
    )
    archive = write_archive(tmp_path / "quiz", assembly.quiz, assembly.items())
    quiz = json.loads((archive.folder / "quiz.json").read_bytes())
    assert [learner for learner, _ in quiz["forms"]] == ["ana", "ben"]
    assert quiz["settings"]["seal"]["items"] == 6
    jsonschema.validate(quiz, SCHEMAS["quiz"])
    for file, names in (("items.jsonl", ["item"]), ("keys.jsonl", ["worked-key", "item-key"])):
        for line in (archive.folder / file).read_bytes().splitlines():
            for name in names:
                jsonschema.validate(json.loads(line), SCHEMAS[name])


def test_response_rows_are_read_as_they_were_meant(tmp_path: Path) -> None:
    path = tmp_path / "responses.jsonl"
    path.write_bytes(b"".join(to_json(line) + b"\n" for line in LINES))
    problems: list[Any] = []
    rows = list(read_responses(path, problems.append))
    assert problems == []
    assert [(row.learner, row.item, row.response, row.attempt, row.submitted_at) for row in rows] == [
        (line.learner, line.item, line.response, line.attempt, line.submitted_at) for line in LINES
    ]
