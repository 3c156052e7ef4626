"""How atoms are written: probabilities, symbols and numbers in LaTeX, MathML, Unicode, plain text and speech.

Everything here that comes from a sentence is text and is escaped for its notation; the printers of whole
formulas never see it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

from grading.expressions import CLS, MASK, Number, Probability, Symbol


class Setting(msgspec.Struct, frozen=True):
    """How formulas are set.

    language: of the spoken form, ``en`` or ``de``. natural: how the natural logarithm is written.
    decimal_comma: write 0,05 (never in plain text, which is of one grammar).
    """

    language: str = "en"
    natural: Literal["log", "ln"] = "log"
    decimal_comma: bool = False


DEFAULT = Setting()


class Written(NamedTuple):
    """One thing in the five notations; MathML without the surrounding ``<math>``."""

    latex: str
    mathml: str
    unicode: str
    plain: str
    spoken: str


class Speech(NamedTuple):
    """The words of one language for atoms; whole formulas are spoken by the printers."""

    probability: str  # events
    given: str  # events, context
    reverse: str  # context, event
    event: str  # position, token
    together: str
    xbar: str
    original: str
    before: str  # position
    without: str  # position
    guess: str  # position
    tokens: Mapping[str, str]


SPEECH: Mapping[str, Speech] = MappingProxyType(
    {
        "en": Speech(
            probability="probability that {}",
            given="probability that {}, given {}",
            reverse="probability of {}, given that {}",
            event="x {} is {}",
            together=" and ",
            xbar="x bar",
            original="x",
            before="x bar before position {}",
            without="x without position {}",
            guess="x hat {}",
            tokens={MASK: "the mask token", CLS: "the C L S token"},
        ),
        "de": Speech(
            probability="Wahrscheinlichkeit, dass {}",
            given="Wahrscheinlichkeit, dass {}, gegeben {}",
            reverse="Wahrscheinlichkeit von {}, gegeben, dass {}",
            event="x {} gleich {} ist",
            together=" und ",
            xbar="x quer",
            original="x",
            before="x quer vor Position {}",
            without="x ohne Position {}",
            guess="x Dach {}",
            tokens={MASK: "dem Maskensymbol", CLS: "dem C-L-S-Symbol"},
        ),
    }
)

_ONES = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
}


def spoken_number(value: int, language: str) -> str:
    """A whole number in words below one hundred, in digits from there on.

    >>> spoken_number(21, "en"), spoken_number(21, "de"), spoken_number(100, "en")
    ('twenty-one', 'einundzwanzig', '100')
    """
    if not 0 <= value < 100:
        return str(value)
    ones = _ONES[language].split()
    if value < 20:
        return ones[value]
    tens, one = _TENS[language].split()[value // 10 - 2], value % 10
    if not one:
        return tens
    return f"{tens}-{ones[one]}" if language == "en" else f"{'ein' if one == 1 else ones[one]}und{tens}"


_LATEX_SPECIALS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        **{character: f"\\{character}" for character in "{}$&%#_"},
    }
)
_XML_SPECIALS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_BARE_WORD = re.compile(r"[^\W_][\w'’.-]*|\[[A-Z]+\]|##\w+")
_XBAR = Written(
    r"\bar{\mathbf{x}}",
    '<mover accent="true"><mi mathvariant="bold">x</mi><mo stretchy="false">¯</mo></mover>',
    "x̄",
    "xbar",
    "",
)
_X = Written(r"\mathbf{x}", '<mi mathvariant="bold">x</mi>', "x", "x", "")
_GUESS = Written(
    r"\hat{{x}}_{{{}}}",
    '<msub><mover accent="true"><mi>x</mi><mo stretchy="false">^</mo></mover><mn>{}</mn></msub>',
    "x̂{}",
    "xhat_{}",
    "",
)


@lru_cache(maxsize=8192)
def _token(token: str, language: str) -> Written:
    """A token of a sentence; one that the grammar would not read as a word is quoted in linear text."""
    quoted = token if _BARE_WORD.fullmatch(token) else '"' + token.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return Written(
        rf"\text{{{token.translate(_LATEX_SPECIALS)}}}",
        f"<mtext>{token.translate(_XML_SPECIALS)}</mtext>",
        quoted,
        quoted,
        SPEECH[language].tokens.get(token, token),
    )


@lru_cache(maxsize=8192)
def _event(position: int, token: str, language: str) -> Written:
    word = _token(token, language)
    return Written(
        f"x_{{{position}}}={word.latex}",
        f"<msub><mi>x</mi><mn>{position}</mn></msub><mo>=</mo>{word.mathml}",
        f"x{str(position).translate(_SUBSCRIPTS)} = {word.unicode}",
        f"x_{position}={word.plain}",
        SPEECH[language].event.format(spoken_number(position, language), word.spoken),
    )


_LEFT = re.compile(r"xbar_\{<(\d+)\}")
_WITHOUT = re.compile(r"x_\{\\(\d+)\}")
_FILLED = re.compile(r"x_(\d+)=(.*)", re.DOTALL)
_HAT = re.compile(r"xhat_(\d+)")
_NEXT = re.compile(r", (?=x_\d+=|xhat_\d+)")


@lru_cache(maxsize=8192)
def _context(notation: str, language: str) -> Written:
    """A context by its notation, one of the spellings of `grading.expressions.CONTEXT_NOTATIONS`."""
    speech = SPEECH[language]
    if notation == "xbar":
        return _XBAR._replace(spoken=speech.xbar)
    if notation == "x":
        return _X._replace(spoken=speech.original)
    if found := _LEFT.fullmatch(notation):
        k = int(found[1])
        return Written(
            rf"\bar{{\mathbf{{x}}}}_{{<{k}}}",
            f"<msub>{_XBAR.mathml}<mrow><mo>&lt;</mo><mn>{k}</mn></mrow></msub>",
            f"x̄_{{<{k}}}",
            notation,
            speech.before.format(spoken_number(k, language)),
        )
    if found := _WITHOUT.fullmatch(notation):
        k = int(found[1])
        return Written(
            rf"\mathbf{{x}}_{{\setminus {k}}}",
            f'<msub>{_X.mathml}<mrow><mo form="prefix">∖</mo><mn>{k}</mn></mrow></msub>',
            f"x_{{\\{k}}}",
            notation,
            speech.without.format(spoken_number(k, language)),
        )
    head, *rest = _NEXT.split(notation)
    if head != "xbar" or not rest:
        raise ValueError(f"a context cannot be written {notation!r}; use a spelling of CONTEXT_NOTATIONS")
    parts = [_context("xbar", language), *(_addition(part, language) for part in rest)]
    return Written(
        r",\,".join(part.latex for part in parts),
        "<mo>,</mo>".join(part.mathml for part in parts),
        ", ".join(part.unicode for part in parts),
        ", ".join(part.plain for part in parts),
        speech.together.join(part.spoken for part in parts),
    )


def _addition(part: str, language: str) -> Written:
    """What a context says beside x̄: a true word or the model's own guess at a position."""
    if found := _FILLED.fullmatch(part):
        return _event(int(found[1]), found[2], language)
    found = _HAT.fullmatch(part)
    if found is None:
        raise ValueError(f"a context cannot say {part!r} beside xbar")
    k = int(found[1])
    return Written(
        _GUESS.latex.format(k),
        _GUESS.mathml.format(k),
        _GUESS.unicode.format(str(k).translate(_SUBSCRIPTS)),
        _GUESS.plain.format(k),
        SPEECH[language].guess.format(spoken_number(k, language)),
    )


@lru_cache(maxsize=8192)
def _one_event(position: int, token: str, notation: str | None, reverse: bool, language: str) -> Written:
    context = None if notation is None else _context(notation, language)
    return _bracketed(_event(position, token, language), context, reverse, language)


def _bracketed(event: Written, context: Written | None, reverse: bool, language: str) -> Written:
    speech = SPEECH[language]
    if context is None:
        inside, spoken = event, speech.probability.format(event.spoken)
    else:
        left, right = (context, event) if reverse else (event, context)
        inside = Written(
            rf"{left.latex}\mid{right.latex}" if right.latex.startswith("\\") else rf"{left.latex}\mid {right.latex}",
            f"{left.mathml}<mo>∣</mo>{right.mathml}",
            f"{left.unicode} | {right.unicode}",
            f"{left.plain} | {right.plain}",
            "",
        )
        spoken = (speech.reverse if reverse else speech.given).format(left.spoken, right.spoken)
    return Written(
        rf"\Pr({inside.latex})",
        f'<mrow><mi>Pr</mi><mo stretchy="false">(</mo>{inside.mathml}<mo stretchy="false">)</mo></mrow>',
        f"Pr({inside.unicode})",
        f"Pr({inside.plain})",
        spoken,
    )


def probability(atom: Probability, setting: Setting) -> Written:
    """``Pr(x_2 = early | x̄)`` in every notation.

    >>> from grading.expressions import Context, Event
    >>> atom = Probability((Event(2, "quick"),), Context("xbar", ("[CLS]", "the", "[MASK]")))
    >>> probability(atom, DEFAULT).latex, probability(atom, DEFAULT).spoken
    ('\\\\Pr(x_{2}=\\\\text{quick}\\\\mid\\\\bar{\\\\mathbf{x}})', 'probability that x two is quick, given x bar')
    """
    events, given, language = atom.events, atom.given, setting.language
    notation = None if given is None else given.notation
    if len(events) == 1:
        event = events[0]
        return _one_event(event.position, event.token, notation, atom.reverse, language)
    if not events:
        raise ValueError("a probability needs an event")
    written = [_event(event.position, event.token, language) for event in events]
    joint = Written(
        r",\,".join(event.latex for event in written),
        "<mo>,</mo>".join(event.mathml for event in written),
        ", ".join(event.unicode for event in written),
        ", ".join(event.plain for event in written),
        SPEECH[language].together.join(event.spoken for event in written),
    )
    return _bracketed(joint, None if notation is None else _context(notation, language), atom.reverse, language)


_SYMBOL = re.compile(r"([^\W\d_]+)(?:_\{?(\w+)\}?)?")


@lru_cache(maxsize=1024)
def _symbol(name: str, language: str) -> Written:
    found = _SYMBOL.fullmatch(name)
    if found is None:
        raise ValueError(f"a symbol cannot be written {name!r}; use letters, then perhaps _ and an index")
    letters, index = found[1], found[2]
    latex = letters if len(letters) == 1 else rf"\mathrm{{{letters}}}"
    mathml = f"<mi>{letters}</mi>"
    if index is None:
        return Written(latex, mathml, name, name, letters)
    is_number = index.isascii() and index.isdigit()
    return Written(
        f"{latex}_{{{index}}}",
        f"<msub>{mathml}{f'<mn>{index}</mn>' if is_number else f'<mi>{index}</mi>'}</msub>",
        letters + index.translate(_SUBSCRIPTS) if is_number else name,
        name,
        f"{letters} {spoken_number(int(index), language) if is_number else index}",
    )


def decimal_text(value: Fraction) -> str:
    """The exact decimal text of a literal.

    >>> decimal_text(Fraction(1, 20)), decimal_text(Fraction(12))
    ('0.05', '12')

    Raises ValueError for a fraction that has none, such as 1/3, and for a negative number.
    """
    twos, fives, rest = 0, 0, value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1 or value < 0:
        raise ValueError(f"{value} is not a decimal literal; write it as a quotient or a negation")
    places = max(twos, fives)
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


@lru_cache(maxsize=4096)
def number(value: Fraction, setting: Setting) -> Written:
    """A decimal literal; whole numbers below one hundred are spoken in words."""
    text = decimal_text(value)
    shown = text.replace(".", ",") if setting.decimal_comma else text
    spoken = spoken_number(value.numerator, setting.language) if value.denominator == 1 else shown
    return Written(shown.replace(",", "{,}"), f"<mn>{shown}</mn>", shown, text, spoken)


def atom(node: Probability | Symbol | Number, setting: Setting) -> Written:
    """Any leaf of a tree in every notation."""
    if type(node) is Probability:
        return probability(node, setting)
    if type(node) is Symbol:
        return _symbol(node.name, setting.language)
    assert isinstance(node, Number)
    return number(node.value, setting)
