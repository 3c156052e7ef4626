"""The real problems of Open edX, in an environment of their own, and our responses as a learner gives them there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, MatchingKey, MultipleAnswerKey, OrderingKey, SymbolicKey
from grading.parsing import Refused
from quizgen.exporters.olx.formulas import Unwritable, as_typed
from quizgen.exporters.olx.problems import Written, entries, fields_of, problem_xml
from quizgen.exporters.rendering.wording import wording
from quizgen.model import GeneratedItem, Part

FOLDER = Path(__file__).parents[1] / "consumers" / "openedx"
PYTHON = FOLDER / ".venv" / "bin" / "python"

Run = Callable[[dict[str, Any]], Any]
Fields = dict[str, str | list[str]]


class Consumer:
    """The program of the consumer, started once: what it says about one job after the other."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [PYTHON, FOLDER / "capa.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, job: dict[str, Any]) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the program of the consumer ended; what it complained about stands above"
        return json.loads(line)

    def close(self) -> None:
        """Ends the program."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(60)


def xml_of(generated: GeneratedItem, feedback: bool = True) -> str:
    item = generated.item
    return problem_xml(Written(item, generated.key, Fraction(2), wording(item.language), feedback))


def given(generated: GeneratedItem, response: Any) -> Fields | None:
    """A canonical response as the fields of the problem; None where a learner cannot give it there."""
    item, keys = generated.item, generated.key.parts
    several = len(item.parts) > 1
    if several and not isinstance(response, dict):
        return None
    fields: Fields = {}
    number = 2
    for part, part_key in zip(item.parts, keys, strict=True):
        answer = response.get(part.id) if several else response
        values = as_values(part, part_key, answer)
        if values is None:
            return None
        fields |= {f"{number + place}_1": value for place, value in enumerate(values) if value is not None}
        number += fields_of(part, part_key)
    return fields


def as_values(part: Part, part_key: PartKey, response: Any) -> Sequence[str | list[str] | None] | None:
    """What is chosen or typed in each field of a part; None for a field that is left alone."""
    interaction: Any = part.interaction
    key = part_key.key
    places = [option.id for option in getattr(interaction, "options", ())]
    blank = response in (None, "", [], {})
    match key:
        case ChoiceKey():
            return [None] if blank else [f"choice_{places.index(response)}"] if response in places else None
        case MultipleAnswerKey():
            known = blank or set(response) <= set(places)
            return [[f"choice_{places.index(id_)}" for id_ in response] if not blank else None] if known else None
        case MatchingKey():
            offered = entries(interaction.right)[0]
            if not isinstance(response, dict | None) or not set((response or {}).values()) <= set(offered):
                return None
            chosen = {left: offered[right] for left, right in (response or {}).items()}
            return [chosen.get(left.id) for left in interaction.left]
        case OrderingKey(order):
            if not blank and not (isinstance(response, list) and sorted(response) == sorted(order)):
                return None
            return [None if blank else str(response.index(entry.id) + 1) for entry in interaction.entries]
        case SymbolicKey() if not blank:
            try:
                return [as_typed(response, key)]
            except (Refused, Unwritable, TypeError, AttributeError):
                return None
    return [response or ""] if isinstance(response, str | None) else None


class Mark(msgspec.Struct, frozen=True):
    """What Open edX makes of a response: a share of the points, or None if it asks for another try; what it says."""

    score: float | None
    said: str
    page: str


def marks(capa: Run, asked: Sequence[tuple[GeneratedItem, Sequence[Fields]]], pages: bool = False) -> list[list[Mark]]:
    """The marks of the answers to each item. pages: and what the learner sees then."""
    problems = [{"xml": xml_of(generated), "answers": answers, "pages": pages} for generated, answers in asked]
    found = capa({"problems": problems})
    return [
        [
            Mark(None, result["refused"], "")
            if "refused" in result
            else Mark(result["score"] / result["total"], result["said"], result["page"])
            for result in problem["results"]
        ]
        for problem in found
    ]
