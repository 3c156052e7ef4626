"""Builds the answers that differences speak of: from a key and differences to trees, by the plain meaning of each kind.

It shares no code with what finds the differences, so that the two check each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product

from grading.expressions import (
    MASK,
    Context,
    Event,
    Exponential,
    Expression,
    Logarithm,
    Negation,
    Number,
    Power,
    Probability,
    Product,
    Quotient,
    Sum,
    add,
    multiply,
    rational,
)
from grading.keys import Sentence
from grading.parsing import Language, parse_expression
from grading.structure import Difference

TOKENS = ("[CLS]", "the", "early", "bird", "catches", "The", "Wurm", "in", "May")


def sentence(*selected: int) -> Sentence:
    return Sentence(TOKENS, tuple(MASK if k in selected else t for k, t in enumerate(TOKENS)), selected)


@dataclass(frozen=True)
class Term:
    """front · log_base Pr(x_position = word | given), or without the logarithm, or weighted."""

    position: int
    word: str
    given: Context | None
    front: Expression
    base: int | None = None
    reverse: bool = False
    flaw: str = ""

    @property
    def atom(self) -> Probability:
        return Probability((Event(self.position, self.word),), self.given, self.reverse)

    def logarithm(self) -> Expression:
        return Logarithm(self.atom, None if self.base is None else Number(Fraction(self.base)))

    def tree(self) -> Expression:
        inner: Expression = self.logarithm()
        if self.flaw == "probability-instead-of-log":
            inner = self.atom
        elif self.flaw == "weighted-by-probability":
            inner = multiply(self.atom, inner)
        elif self.flaw == "extra-log":
            inner = Logarithm(self.atom)
        return multiply(self.front, inner)


@dataclass(frozen=True)
class Key:
    """shape: ``log-sum``, ``sum`` (of probabilities) or ``product`` (of powers); factor: of every term, or exponent."""

    sentence: Sentence
    factor: Fraction = Fraction(1)
    base: int | None = None
    shape: str = "log-sum"
    xbar: Context = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "xbar", Context("xbar", self.sentence.corrupted))

    @property
    def language(self) -> Language:
        return Language(sentence=self.sentence)

    def term(self, position: int, word: str | None = None) -> Term:
        flaw = "" if self.shape == "log-sum" else "probability-instead-of-log"
        shown = TOKENS[position] if word is None else word
        return Term(position, shown, self.xbar, rational(self.factor), self.base, flaw=flaw)

    def terms(self) -> list[Term]:
        return [self.term(k) for k in self.sentence.selected]

    def tree(self) -> Expression:
        if self.shape == "product":
            return multiply(*(Power(term.atom, term.front) for term in self.terms()))
        return add(*(term.tree() for term in self.terms()))


def context(kind: str, position: int, key: Key) -> Context | None:
    corrupted = key.sentence.corrupted
    others = [k for k in key.sentence.selected if k != position]
    filled = "".join(f", x_{k}={TOKENS[k]}" for k in others)
    guessed = "".join(f", xhat_{k}" for k in others)
    return {
        "unconditional": None,
        "conditioned-on-original": Context("x", TOKENS),
        "conditioned-on-left-context": Context(f"xbar_{{<{position}}}", corrupted[:position]),
        "conditioned-on-left-original": Context(f"x_{{<{position}}}", TOKENS[:position]),
        "conditioned-on-single-mask": Context(
            f"x_{{\\{position}}}", tuple(MASK if k == position else t for k, t in enumerate(TOKENS))
        ),
        "conditioned-on-true-words": Context(
            "xbar" + filled, tuple(TOKENS[k] if k in others else t for k, t in enumerate(corrupted))
        ),
        "conditioned-on-own-predictions": Context(
            "xbar" + guessed, tuple(f"xhat_{k}" if k in others else t for k, t in enumerate(corrupted))
        ),
    }[kind]


def value_of(text: str) -> Expression:
    return parse_expression(text.replace("−", "-"), Language(any_name=True))


def _terms_after(difference: Difference, terms: list[Term], key: Key) -> list[Term]:
    """The terms with one difference made; one that is about the whole leaves them."""
    kind, places = difference.kind, difference.places
    at = [term.position in places for term in terms]
    match kind:
        case "missing-term":
            return [term for term in terms if term.position not in places]
        case "unmasked-position" | "special-token" | "extra-term":
            return [*terms, *(key.term(place) for place in places)]
        case "word-not-in-sentence":
            return [*terms, key.term(-1, difference.word)]
        case "swapped-targets":
            words = dict(zip(places, reversed([TOKENS[k] for k in places]), strict=True))
            return [replace(t, word=words.get(t.position, t.word)) for t in terms]
        case "wrong-target-word":
            return [replace(t, word=difference.word) if here else t for t, here in zip(terms, at, strict=True)]
        case "wrong-position":
            moved = [t.word.casefold() == difference.word.casefold() for t in terms]
            return [replace(t, position=places[0]) if m else t for t, m in zip(terms, moved, strict=True)]
        case "shifted-positions":
            step = int(difference.value)
            return [replace(t, position=t.position + step, word=TOKENS[t.position + step]) for t in terms]
    changed = [_changed(difference, term, key) if here else term for term, here in zip(terms, at, strict=True)]
    whole = not places and kind in ("probability-instead-of-log", "weighted-by-probability", "extra-log", "missing-log")
    if whole and (kind != "missing-log" or len(terms) == 1) and key.shape != "product":
        changed = [replace(term, flaw="" if kind == "missing-log" else kind) for term in terms]
        if kind == "missing-log":
            changed = [replace(term, flaw="probability-instead-of-log") for term in terms]
    return changed


def _changed(difference: Difference, term: Term, key: Key) -> Term:
    kind = difference.kind
    if kind in ("probability-instead-of-log", "weighted-by-probability", "extra-log"):
        return replace(term, flaw=kind)
    if kind == "repeated-term":
        return replace(term, front=multiply(value_of(difference.value), term.front))
    if kind == "wrong-sign-of-term":
        return replace(term, front=Negation(term.front))
    if kind == "wrong-coefficient":
        base = None if "ln" in difference.value else term.base
        return replace(term, front=value_of(difference.value), base=base)
    if kind == "other-base":
        return replace(term, base=None if difference.value == "e" else int(difference.value))
    if kind == "reversed":
        return replace(term, reverse=True)
    if kind == "conditioned-otherwise":
        return replace(term, given=Context(difference.given, _tokens(difference.given, key)))
    if kind == "unconditional" or kind.startswith("conditioned-"):
        return replace(term, given=context(kind, term.position, key))
    return term


def _tokens(notation: str, key: Key) -> tuple[str, ...]:
    tree = parse_expression(f"Pr(x_1=the | {notation})", key.language)
    assert isinstance(tree, Probability)
    assert tree.given is not None
    return tree.given.tokens


def _groups(found: tuple[Difference, ...], terms: list[Term], key: Key) -> Iterator[Expression]:
    """Everything put together, with what is said about how; several ways where the words leave room."""
    groups = {
        "log-of-sum": lambda ts: [multiply(ts[0].front, _log(ts, add(*(t.atom for t in ts))))],
        "log-of-mean": lambda ts: [
            multiply(ts[0].front, _log(ts, Quotient(add(*(t.atom for t in ts)), rational(len(ts)))))
        ],
        "missing-log": lambda ts: [
            multiply(*(Power(t.atom, t.front) for t in ts)),
            multiply(ts[0].front, *(t.atom for t in ts)),
        ],
        "multiplied-instead-of-added": lambda ts: [
            multiply(*(t.tree() for t in ts)),
            multiply(ts[0].front, *(replace(t, front=rational(1)).tree() for t in ts)),
        ],
    }
    parts: list[list[Expression]] = []
    rest = list(terms)
    for difference in found:
        if difference.kind not in groups or (difference.kind == "missing-log" and len(terms) == 1):
            continue
        inside = [t for t in rest if not difference.places or t.position in difference.places]
        rest = [t for t in rest if t not in inside]
        if inside:
            parts.append(groups[difference.kind](inside))
    for choice in product(*parts):
        yield add(*choice, *(term.tree() for term in rest))


def _log(terms: list[Term], argument: Expression) -> Expression:
    base = terms[0].base
    return Logarithm(argument, None if base is None else Number(Fraction(base)))


def _in_front(found: tuple[Difference, ...], tree: Expression) -> Expression:
    for difference in found:
        if difference.kind == "flipped-sign":
            tree = Negation(tree)
        elif difference.kind == "extra-factor":
            tree = Product((value_of(difference.value), tree))
        elif difference.kind == "missing-factor":
            tree = Quotient(tree, value_of(difference.value))
        elif difference.kind == "inverted":
            tree = Quotient(rational(1), tree)
        elif difference.kind == "wrong-power":
            tree = Power(tree, value_of(difference.value))
        elif difference.kind == "extra-constant":
            tree = Sum((tree, value_of(difference.value)))
    return tree


def rebuilt(key: Key, found: tuple[Difference, ...]) -> Iterator[Expression]:
    """The answers that differ from the key in just this way."""
    terms = key.terms()
    for difference in found:
        if difference.kind == "other-base" and not difference.places:
            base = None if difference.value == "e" else int(difference.value)
            terms = [replace(term, base=base) for term in terms]
        elif difference.kind == "wrong-factor":
            sign = 1 if key.factor > 0 else -1
            base = None if "ln" in difference.value else key.base
            front = multiply(rational(sign), value_of(difference.value))
            terms = [replace(term, front=front, base=base) for term in terms]
    last = ("missing-log", "probability-instead-of-log", "weighted-by-probability", "extra-log")
    first = ("wrong-position", "shifted-positions")  # the other differences speak of the places that the answer has
    order = sorted(found, key=lambda d: (d.kind not in first, d.kind in last))
    for difference in order:
        terms = _terms_after(difference, terms, key)
    if key.shape == "product":
        yield from _products(key, found, terms)
        return
    for tree in _groups(found, terms, key):
        yield _in_front(found, tree)


def _products(key: Key, found: tuple[Difference, ...], terms: list[Term]) -> Iterator[Expression]:
    powers = [Power(term.atom, term.front) for term in terms]
    kinds = {difference.kind for difference in found}
    if "added-instead-of-multiplied" in kinds:
        yield _in_front(found, add(*powers))
    elif "extra-log" in kinds:
        yield _in_front(found, _log(terms, multiply(*powers)))
        yield _in_front(found, add(*(_log(terms, power) for power in powers)))
    else:
        yield _in_front(found, multiply(*powers))
        yield _in_front(found, Exponential(add(*(multiply(t.front, Logarithm(t.atom)) for t in terms))))
