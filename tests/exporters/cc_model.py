"""A Common Cartridge 1.1 as its specification describes it: checked rule by rule, and scored by its own conditions.

Written from the rules of the specification's QTI profile, not from our exporter. `load` refuses what breaks one of
them: elements, their order and attributes; metadata; what each profile asks of a question; feedback that nothing shows.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from html import unescape
from xml.etree import ElementTree

Element = ElementTree.Element

QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
PACKAGE = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
LOM = "{http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
TEST, BANK = "imsqti_xmlv1p2/imscc_xmlv1p1/assessment", "imsqti_xmlv1p2/imscc_xmlv1p1/question-bank"

MATERIAL = "(material |flow_mat )+"
CHILDREN = {
    "questestinterop": "(assessment |objectbank )",
    "assessment": "(qtimetadata )?(rubric )?(presentation_material )?section ",
    "objectbank": "(qtimetadata )?(item )+",
    "section": "(item )+",
    "item": "itemmetadata presentation (resprocessing )?(itemfeedback )*",
    "itemmetadata": "(qtimetadata )+",
    "qtimetadata": "(qtimetadatafield )+",
    "qtimetadatafield": "fieldlabel fieldentry ",
    "presentation": "(material |response_lid |response_str )+",
    "response_lid": "(material )?(render_choice |render_fib )(material )?",
    "response_str": "(material )?(render_choice |render_fib )(material )?",
    "render_choice": "(material |response_label )*",
    "render_fib": "(material |response_label )*",
    "response_label": f"({MATERIAL})?",
    "material": "(mattext |matbreak )+",
    "flow_mat": MATERIAL,
    "resprocessing": "outcomes (respcondition )+",
    "outcomes": "decvar ",
    "respcondition": "conditionvar (setvar )*(displayfeedback )*",
    "conditionvar": "(and |other |varequal |varsubstring )+",
    "and": "(not |varequal )+",
    "not": "(varequal )+",
    "itemfeedback": "(material |flow_mat |solution |hint )+",
    "solution": "(solutionmaterial )+",
    "hint": "(hintmaterial )+",
    "solutionmaterial": MATERIAL,
    "hintmaterial": MATERIAL,
}
TEXTS = {"fieldlabel", "fieldentry", "mattext", "setvar", "varequal", "varsubstring"}
EMPTY = {"other", "decvar", "displayfeedback", "matbreak"}
ATTRIBUTES = {
    "questestinterop": {SCHEMA},
    "assessment": {"ident", "title", LANGUAGE},
    "objectbank": {"ident"},
    "section": {"ident", "title", LANGUAGE},
    "item": {"ident", "title", LANGUAGE},
    "response_lid": {"ident", "rcardinality", "rtiming"},
    "response_str": {"ident", "rcardinality", "rtiming"},
    "render_choice": {"shuffle", "minnumber", "maxnumber"},
    "render_fib": {"rows", "columns", "maxchars", "prompt", "fibtype"},
    "response_label": {"ident", "rshuffle"},
    "mattext": {"texttype", LANGUAGE},
    "decvar": {"varname", "vartype", "minvalue", "maxvalue"},
    "respcondition": {"title", "continue"},
    "setvar": {"varname", "action"},
    "varequal": {"respident", "case"},
    "displayfeedback": {"feedbacktype", "linkrefid"},
    "itemfeedback": {"ident", "title"},
}
TEST_FIELDS = {
    "cc_profile": "cc\\.exam\\.v0p1", "qmd_assessmenttype": "Examination", "qmd_scoretype": "Percentage",
    "qmd_feedbackpermitted": "Yes|No", "qmd_hintspermitted": "Yes|No", "qmd_solutionspermitted": "Yes|No",
    "qmd_timelimit": "[1-9]\\d{0,5}", "cc_allow_late_submission": "Yes|No", "cc_maxattempts": "[1-5]|unlimited",
}  # fmt: skip
ITEM_FIELDS = {
    "cc_profile": "cc\\.(multiple_choice|multiple_response|true_false|fib|pattern_match|essay)\\.v0p1",
    "cc_question_category": ".+", "cc_weighting": "[1-9]\\d?", "qmd_scoringpermitted": "Yes",
    "qmd_computerscored": "Yes|No",
}  # fmt: skip


class Refused(Exception):
    """What breaks a rule of the specification."""


class Waits(Exception):
    """A text that a person marks."""


@dataclass
class Question:
    """labels: id → HTML of the options. html: what is read first. feedback: id → HTML."""

    ident: str
    title: str
    profile: str
    fields: dict[str, str]
    html: str
    labels: dict[str, str]
    conditions: list[Element]
    feedback: dict[str, str] = field(default_factory=dict)

    def options(self) -> list[str]:
        return [shown(html) for html in self.labels.values()]

    def process(self, given: set[str] | str) -> tuple[float, list[str]]:
        """(share of the points, ids of the feedback that is shown): one condition after the other."""
        score, told, met = 0.0, list[str](), False
        for condition in self.conditions:
            holds = all(self._holds(test, given, met) for test in child(condition, "conditionvar"))
            if not holds:
                continue
            met = True
            for then in condition:
                if name_of(then) == "setvar":
                    score = float(then.text or "")
                if name_of(then) == "displayfeedback":
                    told.append(then.get("linkrefid") or "")
            if condition.get("continue", "No") == "No":
                break
        return score / 100, told

    def right_texts(self) -> list[str]:
        """What earns the points, condition by condition, where an answer is typed."""
        scoring = [one for one in self.conditions if one.find(f"{QTI}setvar") is not None]
        return [test.text or "" for one in scoring for test in one.iter(f"{QTI}varequal")]

    def share(self, given: set[str] | str) -> float:
        if self.profile == "essay":
            raise Waits
        return self.process(given)[0]

    def _holds(self, test: Element, given: set[str] | str, met: bool) -> bool:
        match name_of(test):
            case "other":
                return not met
            case "and":
                return all(self._holds(inner, given, met) for inner in test)
            case "not":
                return not any(self._holds(inner, given, met) for inner in test)
            case "varequal":
                wanted = test.text or ""
                if isinstance(given, set):
                    return wanted in given
                if test.get("case", "No") == "No":
                    return given.strip().casefold() == wanted.strip().casefold()
                return given.strip() == wanted.strip()
        raise Refused(name_of(test))


def name_of(element: Element) -> str:
    if not element.tag.startswith(QTI):
        raise Refused(f"{element.tag} is of another namespace")
    return element.tag.removeprefix(QTI)


def child(element: Element, name: str) -> Element:
    (found,) = element.findall(f"{QTI}{name}")
    return found


def shown(html: str) -> str:
    """HTML as it is read, on one line."""
    html = re.sub(r"</?(em|strong|small|span|code|sub)>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def load(package: bytes) -> tuple[str, dict[str, str], list[Question]]:
    """(title of the cartridge, metadata of its test, its questions), or Refused."""
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    try:
        title, kind, path = manifest(ElementTree.fromstring(members.pop("imsmanifest.xml")))
        root = ElementTree.fromstring(members.pop(path))
    except (KeyError, ElementTree.ParseError, ValueError) as error:
        raise Refused(str(error)) from error
    if members:
        raise Refused(f"not in the manifest: {list(members)}")
    grammar(root)
    inner = root[0]
    if (name_of(inner) == "assessment") is not (kind == TEST):
        raise Refused("another content than the manifest says")
    found: dict[str, str] = {}
    if kind == TEST:
        found = fields(child(inner, "qtimetadata"), TEST_FIELDS)
        inner = child(inner, "section")
    questions = [question(item) for item in inner.findall(f"{QTI}item")]
    if len({one.ident for one in questions}) < len(questions):
        raise Refused("two items of one name")
    return title, found, questions


def manifest(root: Element) -> tuple[str, str, str]:
    """(title, type of the only resource, its file)."""
    if root.tag != f"{PACKAGE}manifest" or not root.get("identifier"):
        raise Refused("not a manifest")
    parts = [part.tag.removeprefix(PACKAGE) for part in root]
    if parts != ["metadata", "organizations", "resources"]:
        raise Refused(f"{parts}")
    metadata, organizations, resources = root
    about = [(part.tag.removeprefix(PACKAGE), (part.text or "").strip()) for part in metadata]
    if about[:2] != [("schema", "IMS Common Cartridge"), ("schemaversion", "1.1.0")]:
        raise Refused(f"{about}")
    title = metadata.findtext(f"{LOM}lom/{LOM}general/{LOM}title/{LOM}string") or ""
    (resource,) = resources
    kind, (file,) = resource.get("type") or "", resource
    if kind not in (TEST, BANK) or not title:
        raise Refused(f"{kind} {title}")
    organized = [entry.get("identifierref") for entry in organizations.iter(f"{PACKAGE}item")]
    if organized != ([None, resource.get("identifier")] if kind == TEST else []):
        raise Refused(f"organizations: {organized}")
    if any(entry.get("structure") != "rooted-hierarchy" for entry in organizations):
        raise Refused("not a rooted hierarchy")
    return title, kind, file.get("href") or ""


def grammar(element: Element) -> None:
    """Every element stands where it may, with attributes that it may have."""
    name = name_of(element)
    children = "".join(f"{name_of(inner)} " for inner in element)
    if name in TEXTS or name in EMPTY:
        if children or (name in EMPTY and element.text):
            raise Refused(f"{name} with {children}")
    elif not re.fullmatch(CHILDREN.get(name, "nothing"), children):
        raise Refused(f"{name} with {children}")
    elif (element.text or "").strip() or any((inner.tail or "").strip() for inner in element):
        raise Refused(f"text in {name}")
    if not set(element.attrib) <= ATTRIBUTES.get(name, set()):
        raise Refused(f"{name} with {element.attrib}")
    for inner in element:
        grammar(inner)


def fields(metadata: Element, known: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in metadata:
        label, value = (part.text or "" for part in entry)
        if label in found or not re.fullmatch(known.get(label, "nothing"), value):
            raise Refused(f"{label}={value}")
        found[label] = value
    return found


def question(item: Element) -> Question:
    meta = fields(child(child(item, "itemmetadata"), "qtimetadata"), ITEM_FIELDS)
    if "cc_profile" not in meta:
        raise Refused("an item without a profile")
    presentation, processing = child(item, "presentation"), child(item, "resprocessing")
    first, response = presentation
    made = Question(
        item.get("ident") or "", item.get("title") or "", meta["cc_profile"].split(".")[1], meta,
        child(first, "mattext").text or "", {}, processing.findall(f"{QTI}respcondition"),
    )  # fmt: skip
    for label in response.iter(f"{QTI}response_label"):
        made.labels[label.get("ident") or ""] = label.findtext(f".//{QTI}mattext") or ""
    check_profile(made, response)
    check_conditions(made, child(child(processing, "outcomes"), "decvar"), response.get("ident") or "")
    check_feedback(made, item)
    return made


def check_profile(made: Question, response: Element) -> None:
    options, cardinality = len(made.labels), response.get("rcardinality")
    choice = name_of(response) == "response_lid" and name_of(response[0]) == "render_choice"
    typed = name_of(response) == "response_str" and name_of(response[0]) == "render_fib" and cardinality == "Single"
    fits = {
        "true_false": choice and cardinality == "Single" and options == 2,
        "multiple_choice": choice and cardinality == "Single" and options > 2,
        "multiple_response": choice and cardinality == "Multiple" and options > 1,
        "fib": typed,
        "essay": typed and made.fields.get("qmd_computerscored") == "No",
    }[made.profile]
    if not fits:
        raise Refused(f"{made.profile} with {options} options of {cardinality}")


def check_conditions(made: Question, declared: Element, response: str) -> None:
    if dict(declared.attrib) != {"varname": "SCORE", "vartype": "Decimal", "minvalue": "0", "maxvalue": "100"}:
        raise Refused(f"{declared.attrib}")
    scored = 0
    for condition in made.conditions:
        for test in condition.iter(f"{QTI}varequal"):
            if test.get("respident") != response or made.profile == "essay":
                raise Refused(f"{made.ident}: a test of what is not there")
            if made.labels and test.text not in made.labels:
                raise Refused(f"{made.ident}: {test.text} is no option")
            if not (test.text or "").strip():
                raise Refused(f"{made.ident}: an empty answer")
        for points in condition.findall(f"{QTI}setvar"):
            if (dict(points.attrib), points.text) != ({"varname": "SCORE", "action": "Set"}, "100"):
                raise Refused(f"{points.attrib} {points.text}")
            scored += 1
            if (
                made.profile == "multiple_response"
                and condition.find(f"{QTI}conditionvar/{QTI}and/{QTI}varequal") is None
            ):
                raise Refused(f"{made.ident}: nothing has to be chosen")
    if bool(scored) is (made.profile == "essay"):
        raise Refused(f"{made.ident}: {scored} conditions give points")


def check_feedback(made: Question, item: Element) -> None:
    displayed = {
        (one.get("linkrefid"), one.get("feedbacktype")) for one in item.iter(f"{QTI}displayfeedback")
    }  # fmt: skip
    there = set()
    for one in item.findall(f"{QTI}itemfeedback"):
        ident, (content,) = one.get("ident") or "", one
        kind = {"hint": "Hint", "solution": "Solution"}.get(name_of(content), "Response")
        if (ident in ("hint", "solution")) is not (kind != "Response") or (
            kind != "Response" and ident != kind.lower()
        ):
            raise Refused(f"{ident} holds {kind}")
        there.add((ident, kind))
        made.feedback[ident] = "\n".join(text.text or "" for text in content.iter(f"{QTI}mattext"))
    if displayed != there:
        raise Refused(f"{made.ident}: shown {displayed}, there {there}")
