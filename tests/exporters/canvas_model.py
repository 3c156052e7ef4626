"""What Canvas makes of a package, written from observations of both of its importers and not from our exporter.

Classic reads the metadata, the options and the conditions with a score; numbers by the upper bound of a range, New
Quizzes by the lower one; a text that is no number counts as 0. A file that is not well-formed, a member that the
manifest names and that is not there, a question without a type, an answer without a score: all refused here.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
CANVAS = "{http://canvas.instructure.com/xsd/cccv1p0}"
PACKAGE = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"

TYPES = {
    "multiple_choice_question", "true_false_question", "multiple_answers_question", "numerical_question",
    "short_answer_question", "matching_question", "essay_question", "fill_in_multiple_blanks_question",
    "multiple_dropdowns_question",
}  # fmt: skip


class Refused(Exception):
    """What Canvas would not import, or would import as something else."""


@dataclass
class Field:
    """A place to answer. heading: of a pair or gap. options: ident → text as it is shown."""

    name: str
    heading: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Question:
    ident: str
    title: str
    type: str
    points: float
    html: str
    fields: list[Field]
    conditions: list[tuple[ElementTree.Element, str, float]]
    feedback: dict[str, str]
    group: str = ""

    def grade(self, given: Any, new_quizzes: bool = False) -> float:
        """The share of the points that Canvas gives."""
        if self.type == "essay_question":
            raise Refused("an essay waits for its mark")
        if self.type == "multiple_answers_question":
            return self._several(set(given))
        if self.type == "numerical_question":
            return float(any(self._number(cond, str(given), new_quizzes) for cond, _, _ in self.conditions))
        total = 0.0
        for condition, action, share in self.conditions:
            if self._holds(condition, given):
                total = share if action == "Set" else total + share
                if action == "Set":
                    break
        return total / 100

    def _several(self, chosen: set[str]) -> float:
        """Classic: each right option adds its part, each wrong one takes one away."""
        ((condition, _, _),) = self.conditions
        (both,) = condition
        right = {node.text for node in both if node.tag == f"{QTI}varequal"}
        wrong = {node[0].text for node in both if node.tag == f"{QTI}not"}
        if right | wrong != set(self.fields[0].options):
            raise Refused("an option is neither right nor wrong")
        return max(0.0, (len(chosen & right) - len(chosen & wrong)) / len(right))

    def _holds(self, condition: ElementTree.Element, given: Any) -> bool:
        for node in condition.iter(f"{QTI}varequal"):
            name, wanted = node.get("respident"), node.text or ""
            said = given.get(name) if isinstance(given, dict) else given
            if self.type == "short_answer_question":
                said, wanted = str(said or "").strip().casefold(), wanted.strip().casefold()
            if self.type == "fill_in_multiple_blanks_question":
                wanted = next(f for f in self.fields if f.name == name).options[wanted].casefold()
                said = str(said or "").strip().casefold()
            if said == wanted:
                return True
        return False

    @staticmethod
    def _number(condition: ElementTree.Element, text: str, new_quizzes: bool) -> bool:
        (either,) = condition
        if either.tag != f"{QTI}or":
            raise Refused("a number without a range")
        key = float(either.findtext(f"{QTI}varequal") or "")
        low, high = (float(either.findtext(f"{QTI}and/{QTI}{tag}") or "") for tag in ("vargte", "varlte"))
        margin = key - low if new_quizzes else high - key
        leading = re.match(r"\s*[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?)", text)
        return abs((float(leading[0]) if leading else 0.0) - key) <= margin + 1e-12


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.pieces.append(f"[{dict(attrs)['data-equation-content']}]")


def text_of(html: str) -> str:
    """What is read, equations as their LaTeX in brackets."""
    reader = _Text()
    reader.feed(html)
    return "".join(reader.pieces)


def load(package: bytes) -> tuple[dict[str, str], list[Question]]:
    """(settings of the quiz, its questions). Raises Refused."""
    archive = zipfile.ZipFile(io.BytesIO(package))
    try:
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
        resources = {r.get("identifier"): r for r in manifest.iter(f"{PACKAGE}resource")}
        (quiz,) = (r for r in resources.values() if r.get("type") == "imsqti_xmlv1p2")
        settings_name = quiz.find(f"{PACKAGE}dependency").get("identifierref")  # type: ignore[union-attr]
        settings = ElementTree.fromstring(archive.read(resources[settings_name].get("href") or ""))
        root = ElementTree.fromstring(archive.read(quiz.find(f"{PACKAGE}file").get("href") or ""))  # type: ignore[union-attr]
    except (KeyError, ValueError, ElementTree.ParseError) as error:
        raise Refused(str(error)) from error
    found = {node.tag.removeprefix(CANVAS): node.text or "" for node in settings}
    (everything,) = (s for s in root.iter(f"{QTI}section") if s.get("ident") == "root_section")
    questions = []
    for group in everything.findall(f"{QTI}section"):
        if group.findtext(f".//{QTI}selection_number") != "1":
            raise Refused("a group that draws nothing")
        points = group.findtext(f".//{QTI}points_per_item")
        for item in group.findall(f"{QTI}item"):
            read = _question(item)
            if float(points or "nan") != read.points:
                raise Refused("a group with other points than its questions")
            read.group = group.get("title") or ""
            questions.append(read)
    if len({question.ident for question in questions}) < len(questions):
        raise Refused("two questions of one name")
    return found, questions


def _question(item: ElementTree.Element) -> Question:
    metadata = {
        node.findtext(f"{QTI}fieldlabel"): node.findtext(f"{QTI}fieldentry") or ""
        for node in item.iter(f"{QTI}qtimetadatafield")
    }
    if metadata.get("question_type") not in TYPES:
        raise Refused(f"{metadata.get('question_type')} would be imported as an essay")
    presentation = item.find(f"{QTI}presentation")
    assert presentation is not None
    fields = []
    for node in presentation:
        if node.tag in (f"{QTI}response_lid", f"{QTI}response_str"):
            options = {
                label.get("ident") or "": text_of(label.findtext(f".//{QTI}mattext") or "")
                if label.find(f".//{QTI}mattext[@texttype='text/html']") is not None
                else label.findtext(f".//{QTI}mattext") or ""
                for label in node.iter(f"{QTI}response_label")
            }
            fields.append(Field(node.get("ident") or "", node.findtext(f"{QTI}material/{QTI}mattext") or "", options))
    conditions = [
        (node.find(f"{QTI}conditionvar"), scored.get("action") or "", float(scored.text or ""))
        for node in item.iter(f"{QTI}respcondition")
        if (scored := node.find(f"{QTI}setvar")) is not None
    ]
    if not conditions and metadata["question_type"] != "essay_question":
        raise Refused("a question without a right answer")
    feedback = {
        node.get("ident") or "": node.findtext(f".//{QTI}mattext") or "" for node in item.iter(f"{QTI}itemfeedback")
    }
    shown = {node.get("linkrefid") for node in item.iter(f"{QTI}displayfeedback")}
    if shown != set(feedback):
        raise Refused("feedback that is never shown, or that is not there")
    html = presentation.findtext(f"{QTI}material/{QTI}mattext") or ""
    return Question(
        item.get("ident") or "", item.get("title") or "", metadata["question_type"], float(metadata["points_possible"]),
        html, fields, conditions, feedback,
    )  # type: ignore[arg-type]  # fmt: skip
