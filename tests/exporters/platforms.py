"""Packages of the page on any platform: a learner in the page, a reader of what was reported, a comparison of marks.

The reader knows no more than docs/exporting/scorm.md says of names and responses.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from grading.answersheet import PartKey
from grading.keys import NumericTupleKey
from grading.marking import canonical_responses, grade_item, grade_part
from quizgen.archive import Archive, write_archive
from quizgen.exporters import Options, format_of
from quizgen.model import GeneratedItem, Item, Purpose
from tests.exporters import example_items as examples
from tests.exporters.qti_players import can_be_given

ENTER = r"""
([kind, element, response]) => {
  const root = document.getElementById(element), all = (what) => [...root.querySelectorAll(what)];
  const type = (field, value) => {
    field.value = value ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const boxes = (ids) => { for (const box of all("input")) if (box.checked !== ids.includes(box.value)) box.click(); };
  if (kind === "ordering") {
    for (const [place, id] of response.entries())
      while (all("li[data-id]").findIndex((row) => row.dataset.id === id) > place)
        root.querySelector(`li[data-id="${id}"] [data-way="-1"]`).click();
    const [first] = all("li[data-id]");
    for (const way of ["1", "-1"]) first.querySelector(`[data-way="${way}"]`).click();
  } else if (kind === "matching") for (const select of all("select")) type(select, response?.[select.dataset.left]);
  else if (kind === "numeric-tuple") for (const field of all("input")) type(field, response?.[field.dataset.name]);
  else if (root.tagName !== "FIELDSET") type(root, response);
  else if (kind === "multiple-answer") boxes(response ?? []);
  else boxes([response]);
}
"""


def package(
    folder: Path, name: str, items: tuple[GeneratedItem, ...], purpose: Purpose = "practice"
) -> dict[str, bytes]:
    """The members of the package of a quiz of these items."""
    return packed(write_archive(folder / "quiz", examples.quiz_of(items, purpose), items), name)


def packed(archive: Archive, name: str, options: Options | None = None) -> dict[str, bytes]:
    """The members of the package of an archive."""
    chunks = list(format_of(name).write(archive, options or Options()))
    assert {path for path, _ in chunks} == {"quiz.zip"}
    with zipfile.ZipFile(io.BytesIO(b"".join(chunk for _, chunk in chunks))) as opened:
        assert opened.testzip() is None
        return {entry: opened.read(entry) for entry in opened.namelist()}


class Interaction(NamedTuple):
    """What a platform has of one answer: the name, by its field; the response as text; the result."""

    item: str
    revision: str
    part: str
    type: str
    response: str
    result: str
    latency: str
    patterns: tuple[str, ...]
    description: str = ""


class Visit:
    """A learner's visit to a page on a platform; of each kind of platform what it was told."""

    quiz: Any
    old: bool = False

    def enter(self, *answers: tuple[int, GeneratedItem, Any]) -> None:
        """Answers questions, each by its number on the page."""
        fields = []
        for number, generated, response in answers:
            several = len(generated.item.parts) > 1
            for place, part in enumerate(generated.item.parts, 1):
                given = (response or {}).get(part.id) if several else response
                fields.append([part.interaction.__struct_config__.tag, f"q{number}-{place}", given])
        self.quiz.evaluate(f"(fields) => fields.forEach({ENTER})", fields)

    def hand_in(self) -> str:
        """Presses the button, once more if it asks for that, and returns what the page says."""
        for _ in range(2):
            self.quiz.locator("#hand-in").dispatch_event("click")
            if "once more" not in self.said():
                break
        return self.said()

    def said(self) -> str:
        return str(self.quiz.locator("#platform").inner_text())

    def interactions(self) -> list[Interaction]:
        """All that came, in their order; an answer in several pieces is one."""
        raise NotImplementedError

    def score(self) -> float:
        """Between 0 and 1."""
        raise NotImplementedError


def unslug(name: str) -> str:
    """What a name stands for."""
    return re.sub(rb"_([0-9a-f]{2})", lambda found: bytes([int(found[1], 16)]), name.encode()).decode()


def response_of(kind: str, text: str, old: bool) -> Any:
    """The canonical response of a part."""
    comma, dot = (",", ".") if old else ("[,]", "[.]")
    if not text:
        return None
    match kind:
        case "single-choice" | "true-false":
            return unslug(text)
        case "multiple-answer" | "ordering":
            return [unslug(id_) for id_ in text.split(comma)]
        case "matching":
            return dict(map(unslug, pair.split(dot)) for pair in text.split(comma))
        case "numeric-tuple":
            return json.loads(text)
    return json.loads(text) if text.startswith('"') else text


def credit_of(result: str) -> float | None:
    """The share that a result stands for; None where the platform is told none."""
    named = {"correct": 1.0, "wrong": 0.0, "incorrect": 0.0, "neutral": None, "unanticipated": None}
    return named[result] if result in named else float(result)


def givable(item: Item, keys: tuple[PartKey, ...], response: Any) -> bool:
    """Whether a learner can give a canonical response on the page."""
    if len(item.parts) > 1 and not isinstance(response, dict):
        return False
    for part, part_key in zip(item.parts, keys, strict=True):
        given = response if len(item.parts) == 1 else response.get(part.id)
        if isinstance(part_key.key, NumericTupleKey):
            texts = given.values() if isinstance(given, dict) and set(given) <= set(part_key.key.names) else [None]
            if not all(isinstance(text, str) for text in texts):
                return False
        elif given in (None, "", [], {}):
            if part.interaction.__struct_config__.tag in ("single-choice", "true-false", "ordering"):
                return False
        elif not can_be_given(part, part_key, given):
            return False
    return True


def data_of(page: bytes) -> dict[str, Any]:
    """What the script of a page is given."""
    found = re.search(r'<script type="application/json" id="quiz-data">(.*?)</script>', page.decode(), re.DOTALL)
    assert found is not None
    data: dict[str, Any] = msgspec.json.decode(found[1])
    return data


# ---- every canonical response, and our marks of it

ITEMS = examples.everything()
NUMBERED = tuple(enumerate(ITEMS, 1))
BY_ID = {generated.item.id: generated for generated in ITEMS}
POINTS = 2


def latest(platform: Visit) -> dict[str, dict[str, Interaction]]:
    """By item and part the last interaction that came."""
    found: dict[str, dict[str, Interaction]] = {}
    for entry in platform.interactions():
        assert entry.revision == BY_ID[entry.item].item.revision
        found.setdefault(entry.item, {})[entry.part] = entry
    return found


def marks(generated: GeneratedItem, came: dict[str, Interaction], response: Any, old: bool) -> float:
    """Compares what came of one answer with our marks of it; the points that the platform was told."""
    item, told = generated.item, 0.0
    for part, part_key in zip(item.parts, generated.key.parts, strict=True):
        given = response if len(item.parts) == 1 else (response or {}).get(part.id)
        kind = part.interaction.__struct_config__.tag
        if part.id not in came:
            assert not given
            assert kind in ("symbolic", "essay")
            continue
        entry = came[part.id]
        read = response_of(str(kind), entry.response, old)
        assert read == (given or None), f"{item.id} {part.id}: {given!r} is told otherwise, as {read!r}"
        credit = credit_of(entry.result)
        if credit is not None:
            ours = grade_part(part_key, given).score
            assert abs(credit - float(ours or 0)) < 1e-6, f"{item.id} {part.id}: {given!r} is told otherwise"
            told += credit * float(part.weight) * POINTS
        elif entry.result == "neutral":
            assert kind in ("symbolic", "essay")
        else:
            assert kind in ("numeric", "numeric-tuple")
    return told


def rounds() -> Iterator[list[tuple[int, GeneratedItem, Any]]]:
    """Every canonical response that a learner can give, one of each item at a time."""
    columns = [
        [
            (number, generated, expected.response)
            for expected in canonical_responses(generated.key)
            if givable(generated.item, generated.key.parts, expected.response)
        ]
        for number, generated in NUMBERED
    ]
    for row in zip_longest(*columns):
        yield [cell for cell in row if cell is not None]


MOST = sum(
    float(part.weight) * POINTS
    for generated in ITEMS
    for part in generated.item.parts
    if part.interaction.__struct_config__.tag not in ("symbolic", "essay")
)


def disagreements(platform: Visit) -> tuple[int, int]:
    """Enters everything; how many answers there were, and how many got no mark there. Raises AssertionError."""
    answered: dict[str, Any] = {}
    platform.hand_in()
    assert platform.score() == 0, "the score is told otherwise"
    count = 0
    for row in rounds():
        platform.enter(*row)
        answered.update({generated.item.id: response for _, generated, response in row})
        count += len(row)
        platform.hand_in()
        came = latest(platform)
        points = [marks(g, came.get(g.item.id, {}), answered.get(g.item.id), platform.old) for g in ITEMS]
        assert abs(platform.score() - sum(points) / MOST) < 1e-6, "the score is told otherwise"
    return count, sum(entry.result == "unanticipated" for entry in platform.interactions())


def expected_share(answers: dict[str, Any]) -> float:
    """Our marks of these answers as a share of what a page can check."""
    told = 0.0
    for id_, response in answers.items():
        score = grade_item(BY_ID[id_].key, response).score
        told += float(score or 0) * POINTS * (BY_ID[id_].item.kind not in ("symbolic", "essay"))
    return told / MOST


ANSWERS = {
    "objective-expression-0001": "flip-sign",
    "contributing-plus-minus-0001": ["position-2", "position-4"],
    "total-loss-0001": "8/5",
    "write-objective-0001": "log(p_2)",
    "notation-0001": {"x": "input", "j": "loss"},
    "training-step-per-position-0001": ["mask", "loss", "update"],
    "write-tokens-0001": "[CLS] the [MASK] bird",
    "explain-0001": "One line.\n\n{Two} “lines” [,] \U0001f600 \u05d0\u05d1 ~=#{} $",
    "fill-in-0001": {"position": "1", "sees": "mask", "word": "Early"},
    "counterexample-0001": {"b_1": "0.65", "b_2": "0.6"},
}


def answer(platform: Visit, answers: dict[str, Any]) -> None:
    platform.enter(*((number, g, answers[g.item.id]) for number, g in NUMBERED if g.item.id in answers))


def read_back(platform: Visit) -> dict[str, Any]:
    """The canonical responses that the interactions stand for."""
    found: dict[str, Any] = {}
    for id_, parts in latest(platform).items():
        kinds = {part.id: str(part.interaction.__struct_config__.tag) for part in BY_ID[id_].item.parts}
        read = {name: response_of(kinds[name], entry.response, platform.old) for name, entry in parts.items()}
        given = {name: response for name, response in read.items() if response is not None}
        if given:
            found[id_] = given if len(kinds) > 1 else given["answer"]
    return found
