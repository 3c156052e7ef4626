"""H5P as its content types read and score: a package in, questions that give points out.

Written from the published semantics and behaviour of the content types, not from our exporter. `load` refuses what a
Question Set would drop, what a server would refuse, and what cannot be answered.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from typing import Any

ALLOWED = {
    "H5P.MultiChoice 1.16", "H5P.DragQuestion 1.14", "H5P.Blanks 1.14", "H5P.MarkTheWords 1.11", "H5P.DragText 1.10",
    "H5P.TrueFalse 1.8", "H5P.Essay 1.5", "H5P.MultiMediaChoice 0.3",
}  # fmt: skip
SUB_CONTENT_ID = re.compile(r"[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}")
LONGEST_FEEDBACK = 2048


class Refused(Exception):
    """What H5P would not take, would drop, or cannot be answered."""


@dataclass
class Blank:
    """answers: as they are compared. tip: HTML."""

    answers: list[str]
    tip: str


@dataclass
class Question:
    type: str
    params: dict[str, Any]
    title: str
    comments: str
    blanks: list[Blank] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)

    @property
    def html(self) -> str:
        """Everything that is read before an answer is given, but for options."""
        names = ("question", "text", "taskDescription", "textField")
        return "\n".join([self.params.get(name, "") for name in names] + self.params.get("questions", []))

    def options(self) -> list[str]:
        """The options of a choice as they are read."""
        return [shown(answer["text"]) for answer in self.params["answers"]]

    def score(self, given: Any) -> tuple[int, int]:
        """(points, most points)."""
        return getattr(self, f"_{self.type.casefold()}")(given)  # type: ignore[no-any-return]

    def share(self, given: Any) -> float:
        points, most = self.score(given)
        return points / most

    def _multichoice(self, chosen: list[int]) -> tuple[int, int]:
        right = {place for place, answer in enumerate(self.params["answers"]) if answer["correct"]}
        behaviour = self.params["behaviour"]
        if behaviour["type"] == "single":
            if len(right) != 1 or len(chosen) > 1:
                raise Refused("radio buttons need one right option and take one answer")
            return int(chosen == list(right)), 1
        if not right:
            points, most = int(not chosen), 1
        else:
            points, most = max(0, len(right & set(chosen)) - len(set(chosen) - right)), len(right)
        if behaviour["singlePoint"]:
            return int(100 * points / most >= behaviour["passPercentage"]), 1
        return points, most

    def _truefalse(self, given: str) -> tuple[int, int]:
        return int(given == self.params["correct"]), 1

    def _blanks(self, typed: list[str]) -> tuple[int, int]:
        def same(text: str) -> str:
            return text if self.params["behaviour"]["caseSensitive"] else text.lower()

        if self.params["behaviour"]["acceptSpellingErrors"]:
            raise Refused("takes misspelled answers")
        pairs = zip(typed, self.blanks, strict=True)
        points = sum(same(text.strip()) in {same(answer) for answer in blank.answers} for text, blank in pairs)
        return points, len(self.blanks)

    def _dragtext(self, dropped: list[str | None]) -> tuple[int, int]:
        """dropped: for each place the text that was dropped on it; every text is there only so often."""
        if Counter(text for text in dropped if text is not None) - Counter(self.zones + self.spare):
            raise Refused("dropped more than there is")
        return sum(one == zone for one, zone in zip(dropped, self.zones, strict=True)), len(self.zones)

    def _essay(self, given: str) -> tuple[int, int]:
        """Where scoring is ignored, the points of the host are for whoever answers: one, and never none."""
        if not self.params["behaviour"]["ignoreScoring"]:
            raise Refused("counts keywords")
        most = self.params["behaviour"].get("pointsHost", 1) or 1
        return most, most


def shown(html: str) -> str:
    """HTML as it is read, on one line."""
    return " ".join(unescape(re.sub(r"<br ?/?>|</?p>", " ", re.sub(r"</?(em|strong|span)>", "", html))).split())


def blanks_in(line: str) -> list[Blank]:
    """The blanks of a line: between two asterisks, answers with slashes between them, a tip behind a colon."""
    found, start = [], line.find("*")
    while start >= 0:
        end = line.find("*", start + 1)
        if end < 0:
            raise Refused(f"an asterisk that begins no blank: {line}")
        answers, _, tip = line[start + 1 : end].partition(":")
        found.append(Blank([unescape(answer.strip()) for answer in answers.split("/")], tip))
        start = line.find("*", end + 1)
    if any(not answer for blank in found for answer in blank.answers):
        raise Refused(f"an empty answer: {line}")
    return found


def dragged_in(text: str) -> list[str]:
    """What is between asterisks on a line, without tip and feedback."""
    found = [part[1:-1] for part in re.split(r"(\*[^*\n]*\*)", text) if part.startswith("*")]
    if text.count("*") != 2 * len(found):
        raise Refused(f"an asterisk that begins nothing: {text}")
    for part in found:
        if re.search(r":|\\[+-]", part) or not part.strip():
            raise Refused(f"a part of {part!r} would be taken for a tip or for feedback")
    return found


def load(package: bytes) -> tuple[dict[str, Any], dict[str, Any], list[Question]]:
    """(h5p.json, the settings of the Question Set, its questions), or Refused."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        if opened.namelist() != ["content/content.json", "h5p.json"]:
            raise Refused(f"{opened.namelist()}")
        manifest, content = (json.loads(opened.read(name)) for name in ("h5p.json", "content/content.json"))
    needed = {
        f"{one['machineName']} {one['majorVersion']}.{one['minorVersion']}" for one in manifest["preloadedDependencies"]
    }
    if manifest["mainLibrary"] != "H5P.QuestionSet" or "H5P.QuestionSet 1.20" not in needed:
        raise Refused("not a Question Set")
    entries = content.pop("questions")
    used = {entry["library"] for entry in entries}
    if not used <= ALLOWED:
        raise Refused(f"a Question Set drops {used - ALLOWED}")
    if used | {"H5P.QuestionSet 1.20", "H5P.MathDisplay 1.0"} != needed | {"H5P.MathDisplay 1.0"}:
        raise Refused(f"needed {needed}, used {used}")
    ids = [entry["subContentId"] for entry in entries]
    if len(set(ids)) < len(ids) or not all(SUB_CONTENT_ID.fullmatch(id_) for id_ in ids):
        raise Refused("ids")
    if content.get("poolSize", 1) > len(entries):
        raise Refused("a pool that is too small")
    return manifest, content, [question(entry) for entry in entries]


def question(entry: dict[str, Any]) -> Question:
    params, metadata = entry["params"], entry["metadata"]
    name = entry["library"].partition(" ")[0].removeprefix("H5P.")
    made = Question(name, params, metadata["title"], metadata["authorComments"])
    if name == "Blanks":
        made.blanks = [blank for line in params["questions"] for blank in blanks_in(line)]
        if not made.blanks:
            raise Refused("nothing to fill in")
    if name == "DragText":
        made.zones, made.spare = dragged_in(params["textField"]), dragged_in(params["distractors"])
        if not made.zones:
            raise Refused("nowhere to drop")
    if name == "TrueFalse":
        said = (params["behaviour"][f"feedbackOn{which}"] for which in ("Correct", "Wrong"))
        if any(len(text) > LONGEST_FEEDBACK for text in said):
            raise Refused("feedback would be cut")
    if name == "MultiChoice" and not params["answers"]:
        raise Refused("no options")
    return made
