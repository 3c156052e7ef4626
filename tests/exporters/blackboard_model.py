"""Blackboard's upload file as its documentation describes it: a question a line, fields between tabs.

Written from the documentation, not from our exporter. `load` refuses what the documentation says fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction as F
from html import unescape

MOST = 100


class Refused(Exception):
    """What fails to upload."""


@dataclass
class Question:
    """html: of the question. answers: the fields after it, pairs for MC, MA and MAT."""

    type: str
    html: str
    single: list[str] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def texts(self) -> list[str]:
        """The options as they are read."""
        return [shown(text) for text, _ in self.pairs]

    def right(self) -> set[int]:
        """The places of the right options."""
        return {place for place, (_, flag) in enumerate(self.pairs) if flag == "correct"}

    def takes(self, answer: str) -> bool:
        """Whether a number or a wording is right."""
        if self.type == "NUM":
            value, reach = map(F, self.single)
            return bool(re.fullmatch(r"-?\d+(\.\d+)?", answer)) and abs(F(answer) - value) <= reach
        return answer.casefold() in {text.casefold() for text in self.single}


def shown(html: str) -> str:
    """HTML as it is read, on one line; a sign that is not escaped is a tag."""
    html = re.sub(r"</?(code|em|strong|small)>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def load(data: bytes) -> list[Question]:
    """The questions of a file, or Refused."""
    text = data.decode("utf-8")
    if not text.endswith("\n") or "\r" in text or text.startswith("\ufeff"):
        raise Refused("not lines of UTF-8")
    return [question(line.split("\t")) for line in text[:-1].split("\n")]


def question(fields: list[str]) -> Question:
    if len(fields) < 2 or any(not each.strip() for each in fields):
        raise Refused(f"an empty field or a blank line: {fields}")
    made, rest = Question(*fields[:2]), fields[2:]
    if made.html.startswith('"'):
        raise Refused("a quoted field")
    if made.type in ("MC", "MA", "MAT"):
        if len(rest) % 2 or not 4 <= len(rest) <= 2 * MOST:
            raise Refused(f"not pairs: {fields}")
        made.pairs = list(zip(rest[::2], rest[1::2], strict=True))
        if made.type != "MAT" and {flag for _, flag in made.pairs} - {"correct", "incorrect"}:
            raise Refused(f"neither correct nor incorrect: {fields}")
        if made.type == "MAT" and len({shown(right) for _, right in made.pairs}) < len(made.pairs):
            raise Refused("not one to one")
        if made.type == "MC" and len(made.right()) != 1:
            raise Refused("not one right option")
        if made.type == "MA" and not made.right():
            raise Refused("nothing is right")
        return made
    least, most = {"TF": (1, 1), "ESS": (0, 1), "SR": (1, 1), "NUM": (1, 2), "FIB": (1, MOST), "ORD": (2, MOST)}[
        made.type
    ]
    if not least <= len(rest) <= most:
        raise Refused(f"{len(rest)} answers: {fields}")
    if made.type == "TF" and rest[0] not in ("true", "false"):
        raise Refused(f"neither true nor false: {rest}")
    made.single = rest
    return made
