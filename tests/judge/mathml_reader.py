"""Reads presentation MathML back to the tree, independently of the writer.

It reads what a person sees. With `flat` the grouping of ``<mrow>`` is forgotten, so that brackets, fractions and small
print alone must tell the tree; without it every ``<mrow>`` must be a part of the formula by itself.
"""

from __future__ import annotations

import unicodedata
from fractions import Fraction

from lxml import etree

from grading.expressions import (
    HALF,
    AbsoluteValue,
    Context,
    Event,
    Exponential,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Power,
    Probability,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from grading.labels import quote_token
from grading.parsing import Language
from grading.parsing.probabilities import resolve

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
ELEMENTS = {
    "mrow": None,
    "mi": 0,
    "mn": 0,
    "mo": 0,
    "mtext": 0,
    "mfrac": 2,
    "msup": 2,
    "msub": 2,
    "mover": 2,
    "msqrt": 1,
}
"""How many children each element has; None: any number, 0: text alone."""
FUNCTIONS = ("log", "ln", "exp", "min", "max", "abs")
GREEK = {letter: unicodedata.name(letter).rpartition(" ")[2].lower() for letter in "αβγδεζηθικμνξπρστυφχψω"} | {
    "λ": "lambda"
}


def read_mathml(mathml: str, language: Language, flat: bool) -> Expression:
    """The tree of a whole ``<math>`` element."""
    root = etree.fromstring(mathml.encode(), etree.XMLParser(resolve_entities=False))
    assert root.tag == NAMESPACE + "math"
    for element in root.iterdescendants():
        count = ELEMENTS[name_of(element)]
        assert count is None or len(element) == count
        assert (element.text is None) == (count != 0)
        assert element.tail is None
    return Reader(list(root), language, flat).whole()


def name_of(element) -> str:
    return element.tag.removeprefix(NAMESPACE)


class Reader:
    """One pass over a row of elements."""

    def __init__(self, elements: list, language: Language, flat: bool) -> None:
        self.language, self.flat = language, flat
        self.elements = list(self.flattened(elements)) if flat else elements
        self.index = 0
        while not flat and len(self.elements) == 1 and name_of(self.elements[0]) == "mrow":
            self.elements = list(self.elements[0])

    def flattened(self, elements):
        for element in elements:
            if name_of(element) == "mrow":
                yield from self.flattened(element)
            else:
                yield element

    def inner(self, elements: list) -> Expression:
        return Reader(elements, self.language, self.flat).whole()

    def whole(self) -> Expression:
        tree = self.sum()
        assert self.index == len(self.elements)
        return tree

    @property
    def element(self):
        return self.elements[self.index] if self.index < len(self.elements) else None

    def at(self, *signs: str) -> bool:
        element = self.element
        return element is not None and name_of(element) == "mo" and element.text in signs

    def take(self, *signs: str) -> str:
        assert self.at(*signs), (signs, self.element)
        self.index += 1
        return self.elements[self.index - 1].text

    def sum(self) -> Expression:
        terms = [self.term()]
        while self.at("+", "−"):
            sign = self.take("+", "−")
            terms.append(Negation(self.product()) if sign == "−" else self.product())
        return Sum(tuple(terms)) if len(terms) > 1 else terms[0]

    def term(self) -> Expression:
        if self.at("−"):
            assert self.element.get("form") == "prefix"
            self.index += 1
            return Negation(self.product())
        return self.product()

    def product(self) -> Expression:
        factors = [self.factor()]
        while self.at("⋅", "\u2062"):
            self.index += 1
            factors.append(self.factor())
        return Product(tuple(factors)) if len(factors) > 1 else factors[0]

    def factor(self) -> Expression:
        element = self.element
        if self.at("("):
            return self.grouped("(", ")")
        if self.at("|"):
            return AbsoluteValue(self.grouped("|", "|"))
        self.index += 1
        if self.at("\u2061"):
            return self.applied(element)
        match name_of(element):
            case "mrow":
                return self.inner([element])
            case "mn":
                return Number(Fraction(element.text.replace(",", ".")))
            case "mi" | "msub":
                return Exponential(Number(Fraction(1))) if element.text == "e" else Symbol(self.name(element))
            case "mfrac":
                return Quotient(self.inner([element[0]]), self.inner([element[1]]))
            case "msqrt":
                return Power(self.inner([element[0]]), HALF)
            case "msup":
                base = Reader([element[0]], self.language, self.flat)
                below = base.factor() if self.flat or name_of(element[0]) != "mrow" else self.inner([element[0]])
                assert not self.flat or base.index == len(base.elements)
                return Power(below, self.inner([element[1]]))
        raise AssertionError(name_of(element))

    def grouped(self, opening: str, closing: str) -> Expression:
        self.take(opening)
        tree = self.sum()
        self.take(closing)
        return tree

    def applied(self, head) -> Expression:
        self.take("\u2061")
        name = head.text if name_of(head) == "mi" else head[0].text
        if not self.flat and name_of(self.element) == "mrow":
            inside = Reader([self.element], self.language, self.flat)
            self.index += 1
        else:
            inside = self
        return inside.argument(name, head)

    def argument(self, name: str, head) -> Expression:
        if name == "Pr":
            return self.probability()
        assert name in FUNCTIONS
        arguments = [self.grouped("(", ")")] if self.at("(") and name not in ("min", "max") else None
        if arguments is None and name in ("min", "max"):
            arguments = self.arguments()
        elif arguments is None:
            assert name_of(self.element) in ("mi", "mn", "msub")  # a leaf, no further
            arguments = [self.factor()]
        match name:
            case "exp":
                return Exponential(arguments[0])
            case "abs":
                return AbsoluteValue(arguments[0])
            case "min" | "max":
                return Extremum(name, tuple(arguments))
        return Logarithm(arguments[0], self.inner([head[1]]) if name_of(head) == "msub" else None)

    def arguments(self) -> list[Expression]:
        self.take("(")
        inside = self
        if not self.flat:
            inside = Reader([self.element], self.language, self.flat)
            self.index += 1
        found = [inside.sum()]
        while inside.at(",", ";"):
            inside.index += 1
            found.append(inside.sum())
        self.take(")")
        return found

    def name(self, element) -> str:
        if name_of(element) == "mi":
            return GREEK.get(element.text, element.text)
        return f"{self.name(element[0])}_{element[1].text}"

    # --- probabilities

    def probability(self) -> Probability:
        """Read as a flat row: its inner rows hold no structure of a formula."""
        row = list(self.flattened(self.elements[self.index :]))
        texts = [element.text if name_of(element) == "mo" else "" for element in row]
        end = texts.index(")")
        self.index = len(self.elements) if not self.flat else self.index + end + 1
        assert texts[0] == "("
        sides: list[list] = [[]]
        for element, sign in zip(row[1:end], texts[1:end], strict=True):
            if sign == "∣":
                sides.append([])
            else:
                sides[-1].append(element)
        if len(sides) == 1:
            return Probability(self.events(sides[0]), None)
        reverse = name_of(sides[0][0]) != "mtext" and self.is_context(sides[0][0])
        events, given = sides[::-1] if reverse else sides
        return Probability(self.events(events), self.context(given), reverse)

    def is_context(self, element) -> bool:
        return "𝐱" in "".join(element.itertext())

    def pieces(self, row: list) -> list[list]:
        found: list[list] = [[]]
        for element in row:
            if name_of(element) == "mo" and element.text == ",":
                found.append([])
            else:
                found[-1].append(element)
        return found

    def events(self, row: list) -> tuple[Event, ...]:
        return tuple(map(self.event, self.pieces(row)))

    def event(self, piece: list) -> Event:
        if len(piece) == 1:
            return Event(-1, piece[0].text)
        place, sign, word = piece
        assert (place[0].text, sign.text, name_of(word)) == ("x", "=", "mtext")
        return Event(int(place[1].text), word.text)

    def context(self, row: list) -> Context:
        (head,), *rest = self.pieces(row)
        relation, where = None, None
        if name_of(head) == "msub":
            relation, where = head[1][0].text, int(head[1][1].text)
            head = head[0]
        base = "xbar" if name_of(head) == "mover" else "x"
        assert "".join(head.itertext()) == ("𝐱¯" if base == "xbar" else "𝐱")
        notation = base if where is None else f"{base}_{{{'<' if relation == '<' else chr(92)}{where}}}"
        filled: dict[int, str] = {}
        for piece in rest:
            if len(piece) == 1:
                position = int(piece[0][1].text)
                filled[position] = f"xhat_{position}"
                notation += f", xhat_{position}"
            else:
                event = self.event(piece)
                filled[event.position] = event.token
                notation += f", x_{event.position}={quote_token(event.token)}"
        sentence = self.language.sentence
        assert sentence is not None
        return Context(notation, resolve(sentence, base, relation, where, filled))
