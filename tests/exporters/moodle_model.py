"""A model of Moodle 4.5, written from what its importer and its graders were seen to do, not from our exporter.

`load` refuses what Moodle refuses; a `Question` gives the mark that Moodle gives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction as F
from html import unescape

from lxml import etree
from lxml import html as lxml_html

FRACTIONS = "0 5 10 11.11111 12.5 14.28571 16.66667 20 25 30 33.33333 40 50 60 66.66667 70 75 80 83.33333 90 100"
LIST = [F(text) for text in FRACTIONS.split(" ")]
TYPES = {"category", "truefalse", "multichoice", "numerical", "shortanswer", "matching", "ordering", "essay", "cloze"}
NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$")
EPSILON = F(1, 10**14)


class Refused(Exception):
    """What Moodle would not import, or would import otherwise than written."""


def share(text: str) -> F:
    """The fraction of an answer, if it is on the list within 1e-5."""
    value = F(text)
    nearest = min(LIST, key=lambda entry: abs(entry - abs(value)))
    if abs(nearest - abs(value)) > F(1, 10**5):
        raise Refused(f"grade {text} is not on the list; the whole file is refused")
    return value / 100


def text_of(html: str) -> str:
    """What a reader sees of a piece of HTML, white space folded."""
    if not html.strip():
        return ""
    return " ".join(lxml_html.fragment_fromstring(html, create_parent="div").text_content().split())


@dataclass
class Answer:
    text: str
    share: F
    feedback: str
    tolerance: F = F(0)


@dataclass
class Question:
    """A question after the import; `grade` takes the positions of options, texts, or lists of these, by type."""

    type: str
    name: str
    html: str
    general: str
    category: str
    points: F
    idnumber: str
    tags: list[str]
    answers: list[Answer]
    single: bool = True
    case: bool = False
    pairs: list[tuple[str, str]] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    gaps: list[tuple[int, Question]] = field(default_factory=list)
    grading: str = ""
    grader_info: str = ""
    unit: str = ""
    stored: dict[str, str] = field(default_factory=dict)

    def texts(self) -> list[str]:
        return [text_of(answer.text) for answer in self.answers]

    def grade(self, response: object) -> F | None:
        match self.type:
            case "truefalse" | "multichoice":
                return self.sum_of(response if isinstance(response, list) else [response])
            case "numerical":
                return self.number(str(response))
            case "shortanswer":
                return self.short(str(response))
            case "matching":
                return self.matched(response)  # type: ignore[arg-type]
            case "ordering":
                right = [text == given for text, given in zip(self.texts(), response, strict=True)]  # type: ignore[call-overload]
                return F(all(right)) if self.grading == "ALL_OR_NOTHING" else F(sum(right), len(right))
            case "cloze":
                total = sum(weight for weight, _ in self.gaps)
                marks = zip(self.gaps, response, strict=True)  # type: ignore[call-overload]
                return sum((F(weight, total) * (gap.grade(given) or F(0)) for (weight, gap), given in marks), F(0))
        return None

    def sum_of(self, chosen: list[object]) -> F:
        total = sum((self.answers[place].share for place in chosen), F(0))  # type: ignore[index]
        total = min(max(total, F(0)), F(1))
        return F(1) if total > 1 - F(1, 10**6) else total

    def number(self, text: str) -> F:
        return match.share if (match := self.matching_number(text)) else F(0)

    def matching_number(self, text: str) -> Answer | None:
        text = text.strip().removesuffix(self.unit)
        if not NUMBER.match(text.strip()):
            return None
        value = F(text.strip())
        for answer in self.answers:
            middle = F(answer.text)
            reach = answer.tolerance + EPSILON * max(answer.tolerance, abs(middle), EPSILON)
            if abs(value - middle) <= reach:
                return answer
        return None

    def short(self, text: str) -> F:
        for answer in self.answers:
            bits = re.split(r"(?<!\\)\*+", answer.text)
            pattern = ".*".join(re.escape(bit.replace(r"\*", "*")) for bit in bits)
            if re.fullmatch(pattern, text.strip(), 0 if self.case else re.IGNORECASE):
                return answer.share
        return F(0)

    def matched(self, given: dict[str, str]) -> F:
        asked = [(left, right) for left, right in self.pairs if left]
        return F(sum(given.get(text_of(left)) == right for left, right in asked), len(asked))


def load(data: bytes) -> list[Question]:
    """The questions of a file, or Refused."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError as error:
        raise Refused(str(error)) from error
    category, questions = "", []
    for element in root.iter("question"):
        type_ = element.get("type")
        if type_ not in TYPES:
            raise Refused(f"unknown type {type_}")
        if type_ == "category":
            category = element.findtext("category/text")
        else:
            questions.append(load_question(element, type_, category))
    return questions


def load_question(element: etree._Element, type_: str, category: str) -> Question:
    def html(tag: str) -> str:
        found = element.find(tag)
        if found is not None and found.get("format") not in (None, "html"):
            raise Refused(f"{tag} is not HTML")
        return (element.findtext(f"{tag}/text") or "") if found is not None else ""

    name = element.findtext("name/text") or ""
    if not name or len(name) > 251:
        raise Refused("the name is empty or would be cut")
    hints = [hint.findtext("text") or "" for hint in element.findall("hint")]
    question = Question(
        type_, name, html("questiontext"), html("generalfeedback"), category,
        F(element.findtext("defaultgrade") or "1"), element.findtext("idnumber") or "",
        [tag.text or "" for tag in element.findall("tags/tag/text")],
        [load_answer(answer) for answer in element.findall("answer")],
        hints=hints, grader_info=html("graderinfo"),
    )  # fmt: skip
    CHECKS[type_](element, question)
    return question


def load_answer(element: etree._Element) -> Answer:
    tolerance = element.findtext("tolerance") or "0"
    if not NUMBER.match(tolerance):
        raise Refused(f"tolerance {tolerance} is read otherwise")
    return Answer(element.findtext("text") or "", share(element.get("fraction") or ""),
                  element.findtext("feedback/text") or "", F(tolerance))  # fmt: skip


def needs_a_full_mark(question: Question) -> None:
    if not any(answer.share == 1 for answer in question.answers):
        raise Refused("no answer gets all points")


def check_true_false(element: etree._Element, question: Question) -> None:
    if sorted((answer.text, answer.share) for answer in question.answers) not in (
        [("false", F(0)), ("true", F(1))], [("false", F(1)), ("true", F(0))],
    ):  # fmt: skip
        raise Refused("true/false keeps neither partial credit nor other answers")


def check_choice(element: etree._Element, question: Question) -> None:
    if element.findtext("single") not in ("true", "false"):
        raise Refused("without <single> every question is a single choice")
    if len(question.answers) < 2:
        raise Refused("one option only")
    question.single = element.findtext("single") == "true"
    total = sum((max(answer.share, F(0)) for answer in question.answers), F(0))
    if question.single:
        needs_a_full_mark(question)
    elif abs(total - 1) > F(1, 100):
        raise Refused("the shares of right options do not add up to 100 %")


def check_numerical(element: etree._Element, question: Question) -> None:
    needs_a_full_mark(question)
    for answer in question.answers:
        if not NUMBER.match(answer.text):
            raise Refused(f"{answer.text} is not a number for Moodle")
    units = [(unit.findtext("unit_name") or "", unit.findtext("multiplier")) for unit in element.findall("units/unit")]
    if any(not 0 < len(name) <= 50 for name, _ in units) or len({name.lower() for name, _ in units}) < len(units):
        raise Refused("the database takes no such units")
    if any(factor != "1" for _, factor in units) or element.findtext("unitgradingtype") != "0":
        raise Refused("numbers are converted, or points are lost for a unit")
    if element.findtext("showunits") != ("0" if units else "3"):
        raise Refused("a unit is asked for that there is not, or may not be typed though there is one")
    question.unit = units[0][0] if units else ""


def check_short(element: etree._Element, question: Question) -> None:
    needs_a_full_mark(question)
    question.case = element.findtext("usecase") == "1"
    if any(not answer.text.strip() for answer in question.answers):
        raise Refused("an empty answer")


def menu(text: str) -> str:
    """A right side as it is shown: without whatever looks like a tag, read as HTML."""
    return unescape(re.sub(r"<(?=\S)[^>]*(>|$)", "", text))


def check_matching(element: etree._Element, question: Question) -> None:
    for sub in element.findall("subquestion"):
        stored = sub.findtext("answer/text") or ""
        question.pairs.append((sub.findtext("text") or "", menu(stored)))
        question.stored[menu(stored)] = stored
    if sum(bool(left) for left, _ in question.pairs) < 2 or not all(right for _, right in question.pairs):
        raise Refused("too few pairs, or one without a right side")


def check_ordering(element: etree._Element, question: Question) -> None:
    hints = element.findall("hint")
    if element.find("shownumcorrect") is None or len(hints) < 2:
        raise Refused("the import crashes")
    if any(hint.find("shownumcorrect") is None for hint in hints) or element.findtext("layouttype") != "VERTICAL":
        raise Refused("incomplete ordering")
    question.grading = element.findtext("gradingtype") or ""
    if question.grading not in ("ABSOLUTE_POSITION", "ALL_OR_NOTHING"):
        raise Refused("another grading")


def check_essay(element: etree._Element, question: Question) -> None:
    if element.findtext("responseformat") not in ("editor", "plain"):
        raise Refused("no response format")


GAP = re.compile(
    r"\{([0-9]*):(NUMERICAL|NM|MULTICHOICE_VS|MULTICHOICE_V|MULTICHOICE_S|MULTICHOICE|MULTIRESPONSE_S|MULTIRESPONSE|"
    r"SHORTANSWER_C|SHORTANSWER):(.*?(?<!\\))\}",
    re.DOTALL,
)


ALTERNATIVE = re.compile(
    r"~?((=|%(-?[0-9]+(?:[.,][0-9]*)?)%)?(.+?(?<!\\|&)(?<!&amp;)(?=[~#}]|$)(#.*?(?<!\\)(?=[~}]|$))?))"
)
"""An answer with its share and feedback; a sign behind ``&amp;`` does not end it."""


def split_alternatives(body: str) -> list[str]:
    return [found[1] for found in ALTERNATIVE.finditer(body)]


def decoded(text: str) -> str:
    """Entities first, then the only two backslashes that Moodle takes away."""
    return unescape(text).replace(r"\}", "}").replace(r"\#", "#")


def check_cloze(element: etree._Element, question: Question) -> None:
    for match in GAP.finditer(question.html):
        question.gaps.append((int(match[1] or 1), load_gap(match[2], match[3])))
    if not question.gaps:
        raise Refused("no gaps")


def load_gap(type_: str, body: str) -> Question:
    answers = []
    for alternative in split_alternatives(body):
        head = re.match(r"(=|%(-?[0-9]+(?:\.[0-9]*)?)%)?", alternative)
        assert head is not None
        rest = alternative[head.end() :]
        answer, _, feedback = re.match(r"((?:[^#]|(?<=[\\&])#|(?<=&amp;)#)*)(#?)(.*)", rest, re.DOTALL).groups()  # type: ignore[union-attr]
        percent = "100" if head[1] == "=" else head[2] or "0"
        tolerance = F(0)
        if type_ in ("NUMERICAL", "NM"):
            number, _, reach = answer.partition(":")
            if not NUMBER.match(number) or not NUMBER.match(reach or "0"):
                raise Refused(f"{answer} is not a number for Moodle")
            answer, tolerance = number, F(reach or "0")
        answers.append(Answer(decoded(answer), share(percent), decoded(feedback), tolerance))
    kind = "numerical" if type_ in ("NUMERICAL", "NM") else "shortanswer" if "SHORT" in type_ else "multichoice"
    gap = Question(kind, "gap", "", "", "", F(1), "", [], answers, "RESPONSE" not in type_, type_.endswith("_C"))
    if kind != "multichoice" or gap.single:
        needs_a_full_mark(gap)
    return gap


CHECKS = {
    "truefalse": check_true_false,
    "multichoice": check_choice,
    "numerical": check_numerical,
    "shortanswer": check_short,
    "matching": check_matching,
    "ordering": check_ordering,
    "essay": check_essay,
    "cloze": check_cloze,
}
