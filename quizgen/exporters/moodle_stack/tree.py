"""The potential response tree of one part: a node for the key and one for each answer that is known.

The items of a pool share one tree. It goes through the answers in an order that is each item's own order, so that the
first answer that fits decides for every item as it does here. Where an item lacks an answer that earns nothing, the
node waits for a number that nobody means, so that the question tests pass for every item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from quizgen.exporters.moodle_stack.castext import shared
from quizgen.exporters.moodle_stack.formulas import FEEDBACK_VARIABLES, PREDICATES, RELATION_VARIABLES
from quizgen.exporters.moodle_stack.known import Answer, Known, Name
from quizgen.exporters.moodle_stack.maxima import PREFIX, listed
from quizgen.exporters.moodle_stack.table import Table
from quizgen.exporters.moodle_stack.zones import Zone, whole_number_outside
from quizgen.exporters.moodle_xml.xml import element, html_element, text_element

NEVER = f"{PREFIX}never"
"""A name that nobody may type: nothing is equal to it."""

NOBODY = 987654321
LONGEST_NOTE = 120


class Node(msgspec.Struct):
    """A node before it is written. answers: of each item that has this answer, by the place of the item."""

    name: Name
    answers: dict[int, Answer]


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What a question test expects. given: the answer, in Maxima's syntax or as a variable of the question."""

    given: str
    credit: Fraction
    note: str


class Tree(msgspec.Struct, frozen=True):
    """A tree as XML, and what its tests expect: the right answer, known ones, one that is simply wrong.

    shown: the right answer as learners see it afterwards.
    """

    name: str
    xml: str
    shown: str
    outcomes: tuple[Outcome, ...]


def nodes_of(knowns: Sequence[Known]) -> list[Node]:
    """The answers of all items in an order that decides as the order of each of them does."""
    names = [[answer.name for answer in known.answers] for known in knowns]
    if names.count(names[0]) == len(names):  # nearly always
        columns = zip(*[known.answers for known in knowns], strict=True)
        return [Node(name, dict(enumerate(column))) for name, column in zip(names[0], columns, strict=True)]
    nodes: list[Node] = []
    for place, known in enumerate(knowns):
        at = 0
        for answer in known.answers:
            if at < len(nodes) and nodes[at].name == answer.name and place not in nodes[at].answers:
                found: int | None = at  # as it is where the items have the same answers
            else:
                found = _place(nodes, at, place, answer)
            if found is None:
                nodes.insert(at, Node(answer.name, {}))
                found = at
            nodes[found].answers[place] = answer
            at = max(at, found + 1)
    return nodes


def _place(nodes: Sequence[Node], at: int, item: int, answer: Answer) -> int | None:
    """A node of this name that the item has not used yet, behind its other answers or before such as are apart."""
    same = [k for k, node in enumerate(nodes) if node.name == answer.name and item not in node.answers]
    behind = [k for k in same if k >= at]
    if behind:
        return behind[0]
    for k in reversed(same):
        later = (node.answers[item] for node in nodes[k + 1 :] if item in node.answers)
        if all(answer.is_apart_from(other) for other in later):
            return k
    return None


def tree(number: int, weight: Fraction, knowns: Sequence[Known], table: Table) -> Tree:
    """The tree of the part of this number. knowns: one for each item."""
    nodes = nodes_of(knowns)
    writer = _Writer(number, table, knowns)
    shown = table.cell(f"{PREFIX}key{number}", [known.shown for known in knowns])
    answers = [writer.answers(place, node) for place, node in enumerate(nodes)]
    written = [
        writer.node(place, node.name, answers[place], place == len(nodes) - 1) for place, node in enumerate(nodes)
    ]
    wrong = Outcome(table.cell(f"{PREFIX}far{number}", [known.wrong for known in knowns]), Fraction(0), writer.other)
    outcomes = [writer.outcome(place, node.name, answers[place], shown) for place, node in enumerate(nodes)]
    tests = [outcome for outcome in outcomes if outcome]
    name = f"prt{number}"
    xml = (
        "<prt>\n"
        + element("name", name)
        + element("value", _score(weight))
        + element("autosimplify", "1")
        + element("feedbackstyle", "1")
        + text_element("feedbackvariables", writer.variables(nodes, shown))
        + "".join(written)
        + "</prt>\n"
    )
    return Tree(name, xml, shown, (*tests, wrong))


class _Writer(msgspec.Struct, frozen=True):
    """Writes the nodes of one tree."""

    number: int
    table: Table
    knowns: Sequence[Known]

    @property
    def given(self) -> str:
        return f"ans{self.number}"

    @property
    def other(self) -> str:
        """The answer note of an answer that is not known."""
        return f"prt{self.number}-other"

    def note(self, place: int, name: Name) -> str:
        """The answer note of a node that fits."""
        return f"prt{self.number}-{place}-T-{re.sub('[^A-Za-z0-9-]+', '-', name.label)}"[:LONGEST_NOTE]

    def variables(self, nodes: Sequence[Node], shown: str) -> str:
        """The feedback variables, if a relation to the key is accepted."""
        kinds = [node.name.test for node in nodes if node.name.test in RELATION_VARIABLES]
        if not kinds:
            return ""
        head = FEEDBACK_VARIABLES.format(given=self.given, key=shown)
        return head + "".join(RELATION_VARIABLES[kind] for kind in dict.fromkeys(kinds))

    def answers(self, place: int, node: Node) -> list[Answer]:
        """The answers of a node, one for each item; where an item lacks it, or a sample of it, what stands there."""
        found = [node.answers.get(item) for item in range(len(self.knowns))]
        return [
            answer
            if answer is not None and (answer.is_central or answer.own_sample)
            else self._nobody(place, node, item)
            for item, answer in enumerate(found)
        ]

    def _nobody(self, place: int, node: Node, item: int) -> Answer:
        """What stands in a node for an item that lacks its answer, or has only such as none of our samples is."""
        name, own = node.name, node.answers.get(item)
        if name.credit:
            return own or Answer(name, "", formula=NEVER)
        known = [zone for answer in self.knowns[item].answers for zone in answer.zones]
        number = whole_number_outside(NOBODY + 10 * place, known, 1)
        text = str(number)
        if name.test != "near":
            return Answer(name, "", text, text)
        reach = next(iter(node.answers.values())).zones[0].reach
        zone = Zone(number, 1, reach, text, float(number))
        if own is None:
            return Answer(name, "", zones=(zone,), is_central=True)
        return Answer(name, own.feedback, text, zones=(*own.zones, zone))

    def outcome(self, place: int, name: Name, answers: Sequence[Answer], shown: str) -> Outcome | None:
        """What a test of a node expects; None where some item has no answer that could test it."""
        note = self.note(place, name)
        if not place:
            return Outcome(shown, name.credit, note)
        if all(answer.is_central for answer in answers):
            values = [answer.zones[0].text for answer in answers]
        else:
            values = [answer.sample for answer in answers]
        return Outcome(self._cell("try", place, values), name.credit, note) if all(values) else None

    def node(self, place: int, name: Name, answers: Sequence[Answer], is_last: bool) -> str:
        """A ``<node>``: to the next one if its answer does not fit."""
        test, given, wanted, options = self._test(place, name, answers)
        feedback = shared([answer.feedback for answer in answers], self.table.hole)
        away = self.other if is_last else f"prt{self.number}-{place}-F"
        head = (("name", str(place)), ("description", name.label[:LONGEST_NOTE]), ("answertest", test))
        what = (("sans", given), ("tans", wanted), ("testoptions", options), ("quiet", "1"))
        return (
            "<node>\n"
            + "".join(element(tag, text) for tag, text in (*head, *what))
            + _branch("true", name.credit, "-1", self.note(place, name), feedback)
            + _branch("false", Fraction(0), "-1" if is_last else str(place + 1), away, "")
            + "</node>\n"
        )

    def _test(self, place: int, name: Name, answers: Sequence[Answer]) -> tuple[str, str, str, str]:
        """Answer test, what is given, what is wanted, options."""
        if name.test == "near":
            return self._near(place, [answer.zones for answer in answers])
        if name.test == "opposite-sign":
            return "AlgEquiv", "quizgiven", "-quizwanted", ""
        if name.test in PREDICATES:
            return "AlgEquiv", PREDICATES[name.test], "true", ""
        return "AlgEquiv", self.given, self._cell("is", place, [answer.formula for answer in answers]), ""

    def _near(self, place: int, zones: Sequence[tuple[Zone, ...]]) -> tuple[str, str, str, str]:
        if all(len(own) == 1 for own in zones):
            middle = self._cell("is", place, [zone.text for (zone,) in zones])
            radius = self._cell("within", place, [zone.reach.text for (zone,) in zones])
            return "NumAbsolute", self.given, middle, radius
        among = self._cell("among", place, [listed(listed((z.text, z.reach.text)) for z in own) for own in zones])
        fits = f"is(abs(float(ev({self.given},lg=logbasesimp))-first(quizzone))<=second(quizzone))"
        return "AlgEquiv", f"not(emptyp(sublist({among},lambda([quizzone],{fits}))))", "true", ""

    def _cell(self, name: str, place: int, values: Sequence[str]) -> str:
        return self.table.cell(f"{PREFIX}{name}{lettered(self.number)}{place}", values)


def lettered(number: int) -> str:
    """A number in letters: STACK knows no names with digits before letters, nor two numbers in one name.

    >>> lettered(1), lettered(27)
    ('a', 'za')
    """
    return "z" * ((number - 1) // 26) + chr(ord("a") + (number - 1) % 26)


def _branch(which: str, credit: Fraction, following: str, note: str, feedback: str) -> str:
    return (
        element(f"{which}scoremode", "=")
        + element(f"{which}score", _score(credit))
        + element(f"{which}penalty", "")
        + element(f"{which}nextnode", following)
        + element(f"{which}answernote", note)
        + html_element(f"{which}feedback", feedback)
    )


def _score(share: Fraction) -> str:
    return f"{float(share):.7f}"


def test(number: int, description: str, given: Sequence[Outcome | None], penalty: str) -> str:
    """A ``<qtest>``. given: for each part the answer and what is expected of it; None for a part left blank."""
    inputs = "".join(
        f"<testinput>\n{element('name', f'ans{part}')}{element('value', one.given if one else '')}</testinput>\n"
        for part, one in enumerate(given, 1)
    )
    expected = "".join(_expected(f"prt{part}", one, penalty) for part, one in enumerate(given, 1))
    head = element("testcase", str(number)) + element("description", description)
    return f"<qtest>\n{head}{inputs}{expected}</qtest>\n"


def _expected(name: str, outcome: Outcome | None, penalty: str) -> str:
    score = _score(outcome.credit) if outcome else ""
    lost = ("0.0000000" if outcome.credit == 1 else penalty) if outcome else ""
    return (
        f"<expected>\n{element('name', name)}{element('expectedscore', score)}{element('expectedpenalty', lost)}"
        f"{element('expectedanswernote', outcome.note if outcome else 'NULL')}</expected>\n"
    )


def tests(trees: Sequence[Tree], penalty: str) -> Iterator[str]:
    """The question tests: all right; each known answer and a wrong one of each part, the others right; all blank."""
    right = [tree.outcomes[0] for tree in trees]
    cases: list[tuple[str, list[Outcome | None]]] = [("right", [*right])]
    for part, tree in enumerate(trees):
        cases += [(one.note, [*right[:part], one, *right[part + 1 :]]) for one in tree.outcomes[1:]]
    cases.append(("blank", [None] * len(trees)))
    for number, (description, given) in enumerate(cases, 1):
        yield test(number, description, given, penalty)
