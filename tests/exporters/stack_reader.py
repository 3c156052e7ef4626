"""Reads questions of Moodle's STACK, and refuses what STACK's import or its own checks would refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml import html as lxml_html

TESTS = {"AlgEquiv": False, "NumAbsolute": True}
"""The answer tests that are used, and whether they need an option."""

TEXTS = ("questiontext", "generalfeedback", "questionnote", "specificfeedback")
LONGEST = 255
HOLE = re.compile(r"\{@(.*?)@\}", re.DOTALL)
BLOCK = re.compile(r"\[\[.*?\]\]", re.DOTALL)
PLACE = re.compile(r"\[\[(input|validation|feedback):([A-Za-z]+[0-9]*)\]\]")


class Refused(Exception):
    """What STACK would not import, or what would fail when the question is shown."""


@dataclass
class Input:
    name: str
    type: str
    answer: str
    hint: str
    allowed: set[str]
    options: str
    takes_decimals: bool


@dataclass
class Node:
    test: str
    given: str
    wanted: str
    option: str
    score: dict[bool, float]
    following: dict[bool, int]
    note: dict[bool, str]
    feedback: dict[bool, str]


@dataclass
class Tree:
    name: str
    value: float
    variables: str
    nodes: list[Node]


@dataclass
class Case:
    """A question test: what is typed, and (score, penalty, note) of each tree."""

    inputs: dict[str, str]
    expected: dict[str, tuple[str, str, str]]


@dataclass
class Question:
    name: str
    category: str
    idnumber: str
    points: float
    penalty: float
    texts: dict[str, str]
    options: dict[str, str]
    variables: str
    inputs: dict[str, Input]
    trees: list[Tree]
    seeds: list[int]
    cases: list[Case]
    hints: list[str]
    tags: list[str]


def text_of(html: str) -> str:
    """What a reader sees of a piece of HTML, white space folded."""
    return " ".join(lxml_html.fragment_fromstring(html, create_parent="div").text_content().split())


def load(data: bytes) -> list[Question]:
    """The questions of a file, or Refused."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError as error:
        raise Refused(str(error)) from error
    category, questions = "", []
    for element in root.iter("question"):
        if element.get("type") == "category":
            category = element.findtext("category/text") or ""
        elif element.get("type") == "stack":
            questions.append(load_question(element, category))
        else:
            raise Refused(f"unknown type {element.get('type')}")
    return questions


def html_of(element: etree._Element, tag: str) -> str:
    found = element.find(tag)
    if found is None or found.get("format") != "html":
        raise Refused(f"{tag} is missing or is not HTML")
    return found.findtext("text") or ""


def load_question(element: etree._Element, category: str) -> Question:
    name = element.findtext("name/text") or ""
    if not name or len(name) > LONGEST:
        raise Refused("the name is empty or would be cut")
    question = Question(
        name, category, element.findtext("idnumber") or "", float(element.findtext("defaultgrade") or "nan"),
        float(element.findtext("penalty") or "nan"), {tag: html_of(element, tag) for tag in TEXTS},
        {tag: element.findtext(tag) or "" for tag in ("questionsimplify", "assumepositive", "decimals")},
        element.findtext("questionvariables/text") or "",
        {found.name: found for found in map(load_input, element.findall("input"))},
        list(map(load_tree, element.findall("prt"))),
        [int(seed.text or "") for seed in element.findall("deployedseed")],
        list(map(load_case, element.findall("qtest"))),
        [hint.findtext("text") or "" for hint in element.findall("hint")],
        [tag.text or "" for tag in element.findall("tags/tag/text")],
    )  # fmt: skip
    check_question(question, [html_of(element, f"prt{part}") for part in ("correct", "partiallycorrect", "incorrect")])
    return question


def load_input(element: etree._Element) -> Input:
    values = {child.tag: child.text or "" for child in element}
    wanted = {
        "name", "type", "tans", "boxsize", "strictsyntax", "insertstars", "syntaxhint", "syntaxattribute",
        "forbidwords", "allowwords", "forbidfloat", "requirelowestterms", "checkanswertype", "mustverify",
        "showvalidation", "options",
    }  # fmt: skip
    if set(values) != wanted or values["type"] not in ("algebraic", "numerical"):
        raise Refused(f"an input has {sorted(set(values) ^ wanted)} too many or too few, or no type")
    if not re.fullmatch("[A-Za-z]+[0-9]*", values["name"]) or len(values["name"]) > 18 or not values["tans"]:
        raise Refused(f"an input is called {values['name']}, or has no answer")
    if len(values["tans"]) > LONGEST or len(values["syntaxhint"]) > LONGEST:
        raise Refused("an answer or a hint is too long")
    allowed = set(filter(None, values["allowwords"].split(",")))
    takes_decimals = values["forbidfloat"] == "0"
    return Input(
        values["name"], values["type"], values["tans"], values["syntaxhint"], allowed, values["options"], takes_decimals
    )


def load_tree(element: etree._Element) -> Tree:
    name = element.findtext("name") or ""
    nodes = element.findall("node")
    if not name or len(name) > 18 or [node.findtext("name") for node in nodes] != list(map(str, range(len(nodes)))):
        raise Refused(f"the tree {name} or its nodes are not named as they should be")
    tree = Tree(
        name, float(element.findtext("value") or "nan"), element.findtext("feedbackvariables/text") or "",
        list(map(load_node, nodes)),
    )  # fmt: skip
    notes = [note for node in tree.nodes for note in node.note.values()]
    if len(set(notes)) < len(notes) or any(re.search("[|;:]", note) or not note for note in notes):
        raise Refused(f"the answer notes of {name} are not unique, empty or hold signs that they may not")
    reached = {0}
    for place, node in enumerate(tree.nodes):
        for following in node.following.values():
            if following != -1 and not place < following < len(nodes):
                raise Refused(f"node {place} of {name} leads to {following}")
            reached.add(following)
    if reached - {-1} != set(range(len(nodes))) or tree.value <= 0:
        raise Refused(f"{name} has nodes that are never reached, or is worth nothing")
    return tree


def load_node(element: etree._Element) -> Node:
    test, option = element.findtext("answertest") or "", element.findtext("testoptions") or ""
    fields = (element.findtext("sans") or "", element.findtext("tans") or "", option)
    if test not in TESTS or bool(option) != TESTS[test]:
        raise Refused(f"the answer test {test} with the option {option!r}")
    if not fields[0] or not fields[1] or any(len(text) > LONGEST for text in fields):
        raise Refused("a node compares nothing, or more than STACK keeps")
    score, following, note, feedback = {}, {}, {}, {}
    for branch, name in ((True, "true"), (False, "false")):
        if element.findtext(f"{name}scoremode") != "=":
            raise Refused("a node adds to the score")
        score[branch] = float(element.findtext(f"{name}score") or "nan")
        following[branch] = int(element.findtext(f"{name}nextnode") or "nan")
        note[branch] = (element.findtext(f"{name}answernote") or "").strip()
        feedback[branch] = html_of(element, f"{name}feedback")
        if not 0 <= score[branch] <= 1:
            raise Refused("a score is not between 0 and 1")
    return Node(test, *fields, score, following, note, feedback)


def load_case(element: etree._Element) -> Case:
    inputs = {one.findtext("name") or "": one.findtext("value") or "" for one in element.findall("testinput")}
    expected = {
        one.findtext("name") or "": (
            one.findtext("expectedscore") or "",
            one.findtext("expectedpenalty") or "",
            one.findtext("expectedanswernote") or "",
        )
        for one in element.findall("expected")
    }
    if len(element.findtext("description") or "") > LONGEST:
        raise Refused("a description of a test is too long")
    return Case(inputs, expected)


def check_question(question: Question, said: Sequence[str]) -> None:
    """What STACK checks when a question is saved."""
    text, feedback = question.texts["questiontext"], question.texts["specificfeedback"]
    for html in (*question.texts.values(), *said, *question.hints, *feedbacks(question)):
        check_castext(html)
    found = [match.groups() for match in PLACE.finditer(text)]
    for name in question.inputs:
        if found.count(("input", name)) != 1 or found.count(("validation", name)) != 1:
            raise Refused(f"the input {name} has not exactly one place")
    if len(found) != 2 * len(question.inputs):
        raise Refused("a place in the text belongs to no input")
    if [name for _, name in (match.groups() for match in PLACE.finditer(feedback))] != [t.name for t in question.trees]:
        raise Refused("the trees and their places differ")
    for html in (question.texts["generalfeedback"], question.texts["questionnote"], *feedbacks(question)):
        if PLACE.search(html):
            raise Refused("an input or a tree where none may be")
    for case in question.cases:
        if set(case.inputs) != set(question.inputs) or set(case.expected) != {tree.name for tree in question.trees}:
            raise Refused("a question test forgets an input or a tree")
    for code in (question.variables, *(tree.variables for tree in question.trees)):
        check_names(code)
    varies = "stack_seed" in question.variables
    if varies != bool(question.seeds) or len(set(question.seeds)) < len(question.seeds):
        raise Refused("seeds are deployed twice, or without anything that varies")
    if not question.variables.isascii() or list(statements(question.variables))[-1:] not in ([], [""]):
        raise Refused("the question variables are not plain, or end in the middle of a statement")


def check_names(code: str) -> None:
    """Names that are assigned have no digits before letters."""
    for statement in statements(code):
        name, colon, _ = statement.partition(":")
        if statement and (not colon or not re.fullmatch("[a-z]+[0-9]*", name.strip())):
            raise Refused(f"{statement[:60]} assigns to no name that STACK knows")


def feedbacks(question: Question) -> Iterator[str]:
    return (html for tree in question.trees for node in tree.nodes for html in node.feedback.values())


def check_castext(html: str) -> None:
    """Holes are closed and hold names only, blocks are places; no dollar sign and no other delimiter is left."""
    for expression in HOLE.findall(html):
        if not re.fullmatch("quiz[a-z]+[0-9]*", expression):
            raise Refused(f"a hole holds {expression}")
    for block in BLOCK.findall(html):
        if not PLACE.fullmatch(block):
            raise Refused(f"the block {block} is unknown")
    rest = PLACE.sub("", HOLE.sub("", html))
    if found := re.search(r"\{@|@\}|\{#|#\}|\[\[|\]\]|\$|@", rest):
        raise Refused(f"{found[0]} means something in CASText")


def statements(code: str) -> Iterator[str]:
    """The statements of Maxima code; strings and comments are seen as what they are."""
    pattern = re.compile(r'"(?:[^"\\]|\\.)*"|/\*.*?\*/|;|[^;"/]+|/', re.DOTALL)
    at, statement = 0, ""
    while at < len(code):
        match = pattern.match(code, at)
        if match is None:
            raise Refused(f"Maxima cannot read {code[at : at + 40]!r}")
        at = match.end()
        if match[0] == ";":
            yield statement.strip()
            statement = ""
        elif not match[0].startswith("/*"):
            statement += match[0]
    yield statement.strip()
