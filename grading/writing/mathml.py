"""Presentation MathML that browsers draw and screen readers read by themselves."""

from __future__ import annotations

import re
from functools import lru_cache

from grading.expressions import Event, Expression, Probability
from grading.letters import GREEK_LETTERS
from grading.parsing.language import normalise
from grading.text import to_unicode
from grading.writing.contexts import TargetBefore, visible
from grading.writing.typesetting import DEFAULT, Setting, Typesetter

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
APPLY = "<mo>\u2061</mo>"
APPLY_SPACED = '<mo rspace="0.1667em">\u2061</mo>'
"""The invisible sign between a function and its argument; a name before a bare argument needs room."""

_SPECIALS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """Text as content or attribute of XML; what XML cannot hold becomes U+FFFD.

    >>> escaped('AT&T "<"')
    'AT&amp;T &quot;&lt;&quot;'
    """
    return _NOT_XML.sub("\ufffd", text).translate(_SPECIALS)


def to_mathml(expression: Expression, setting: Setting = DEFAULT) -> str:
    """A whole ``<math>`` element, with the formula in Unicode as its alternative text.

    >>> from grading.expressions import Logarithm, Symbol
    >>> to_mathml(Logarithm(Symbol("p_2"))).partition(">")[0]
    '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="log p₂"'
    """
    text = escaped(to_unicode(expression, setting.log_base, setting.decimal_comma, setting.euler))
    return f'<math xmlns="{NAMESPACE}" alttext="{text}">{_typesetter(setting).write(expression)}</math>'


@lru_cache(maxsize=64)
def _typesetter(setting: Setting) -> MathML:
    return MathML(setting)


def _row(*pieces: str) -> str:
    return f"<mrow>{''.join(pieces)}</mrow>"


class MathML(Typesetter):
    """The looks of presentation MathML; every method returns one element or, for a sign, one ``<mo>``."""

    plus = "<mo>+</mo>"
    minus = "<mo>−</mo>"
    negative = '<mo form="prefix">−</mo>'
    times = "<mo>⋅</mo>"
    beside = "<mo>\u2062</mo>"

    def symbol(self, name: str) -> str:
        return symbol_mathml(name)

    def number(self, literal: str) -> str:
        return f"<mn>{literal}</mn>"

    def probability(self, atom: Probability) -> str:
        return _probability(atom.events, None if atom.given is None else atom.given.notation, atom.reverse)

    def row(self, pieces: list[str]) -> str:
        return _row(*pieces)

    def bracketed(self, inner: str) -> str:
        return _row("<mo>(</mo>", inner, "<mo>)</mo>")

    def barred(self, inner: str) -> str:
        return _row('<mo form="prefix" fence="true">|</mo>', inner, '<mo form="postfix" fence="true">|</mo>')

    def fraction(self, above: str, below: str) -> str:
        return f"<mfrac>{above}{below}</mfrac>"

    def power(self, base: str, exponent: str) -> str:
        return f"<msup>{base}{exponent}</msup>"

    def root(self, inner: str) -> str:
        return f"<msqrt>{inner}</msqrt>"

    def function(self, name: str, base: str = "") -> str:
        return f"<msub><mi>{name}</mi>{base}</msub>" if base else f"<mi>{name}</mi>"

    def applied(self, function: str, argument: str, brackets: bool) -> str:
        if brackets:
            return _row(function, APPLY, self.bracketed(argument))
        return _row(function, APPLY_SPACED, argument)

    def listed(self, parts: list[str]) -> str:
        comma = f'<mo separator="true">{";" if self.setting.decimal_comma else ","}</mo>'
        return _row(comma.join(parts))


@lru_cache(maxsize=4096)
def symbol_mathml(name: str) -> str:
    """The name of a symbol.

    >>> symbol_mathml("theta_1")
    '<msub><mi>θ</mi><mn>1</mn></msub>'
    """
    stem, _, index = normalise(name).partition("_")
    letter = f"<mi>{escaped(GREEK_LETTERS.get(stem, stem))}</mi>"
    if not index:
        return letter
    digits = index.isascii() and index.isdigit()
    return f"<msub>{letter}{f'<mn>{index}</mn>' if digits else f'<mi>{escaped(index)}</mi>'}</msub>"


_X = "<mi>𝐱</mi>"
_XBAR = f'<mover>{_X}<mo stretchy="false">¯</mo></mover>'
_CONTEXTS = {
    "xbar": _XBAR,
    "x": _X,
    "xc": f"<msup>{_X}<mi>c</mi></msup>",
    "hcls": "<msub><mi>𝐡</mi><mtext>cls</mtext></msub>",
}
_XHAT = '<mover><mi>x</mi><mo stretchy="false">^</mo></mover>'
_COMMA = '<mo separator="true">,</mo>'


def _event(event: Event) -> str:
    word = f"<mtext>{escaped(event.token)}</mtext>"
    if event.position < 0:
        return _row(f"<mi>{event.name}</mi>", "<mo>=</mo>", word) if event.name else word
    return _row(f"<msub><mi>{event.of}</mi><mn>{event.position}</mn></msub>", "<mo>=</mo>", word)


def _context(notation: str) -> str:
    parts = visible(notation)
    text = _CONTEXTS[parts.name]
    if parts.relation:
        text = _related(text, parts.relation, parts.position)
    elif parts.positions:
        numbers = _COMMA.join(f"<mn>{position}</mn>" for position in parts.positions)
        text = f"<msub>{text}<mrow>{numbers}</mrow></msub>"
    return _COMMA.join((text, *map(_beside, parts.beside)))


def _related(what: str, relation: str, position: int) -> str:
    return f'<msub>{what}<mrow><mo form="prefix">{escaped(relation)}</mo><mn>{position}</mn></mrow></msub>'


def _beside(part: Event | int | TargetBefore) -> str:
    if isinstance(part, Event):
        return _event(part)
    if isinstance(part, TargetBefore):
        return _related("<mi>𝐲</mi>", "<", part.position)
    return f"<msub>{_XHAT}<mn>{part}</mn></msub>"


@lru_cache(maxsize=8192)
def _probability(events: tuple[Event, ...], notation: str | None, reverse: bool) -> str:
    inside = _COMMA.join([_event(event) for event in events])
    if notation is not None:
        given = _context(notation)
        left, right = (given, inside) if reverse else (inside, given)
        inside = f"{left}<mo>∣</mo>{right}"
    return _row("<mi>Pr</mi>", APPLY, _row('<mo stretchy="false">(</mo>', inside, '<mo stretchy="false">)</mo>'))
