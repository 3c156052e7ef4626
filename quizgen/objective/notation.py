"""How atoms are written: probabilities, symbols and numbers in LaTeX, MathML and speech.

Unicode and plain text are the judge's (`grading.text`), because there is one grammar.

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

from grading.expressions import CLS, MASK, Context, Event, Number, Probability, Symbol
from grading.labels import probability_text
from grading.letters import GREEK
from grading.text import number_text, to_text, to_unicode
from grading.writing.contexts import TargetBefore, visible


class Setting(msgspec.Struct, frozen=True, cache_hash=True):
    """How formulas are set.

    language: of the spoken form; ``en`` and ``de`` are spoken, any other as English.
    natural: how the natural logarithm is written.
    decimal_comma: write 0,05 (never in plain text, which is of one grammar).
    """

    language: str = "en"
    natural: Literal["log", "ln"] = "log"
    decimal_comma: bool = False

    @property
    def speech(self) -> str:
        """The language in which formulas are spoken: that of the setting without its region, else English.

        >>> Setting("de-AT").speech, Setting("fi").speech
        ('de', 'en')
        """
        if self.language in SPEECH:
            return self.language
        code = self.language.partition("-")[0]
        return code if code in SPEECH else "en"


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
    event: str  # what, token
    together: str
    xbar: str
    original: str
    before: str  # context, position
    without: str  # context, position
    guess: str  # position
    up_to: str  # context, position
    some: str  # context, positions
    replaced: str
    cls_vector: str
    tokens: Mapping[str, str]


SPEECH: Mapping[str, Speech] = MappingProxyType(
    {
        "en": Speech(
            probability="probability that {}",
            given="probability that {}, given {}",
            reverse="probability of {}, given that {}",
            event="{} is {}",
            together=" and ",
            xbar="x bar",
            original="x",
            before="{} before position {}",
            without="{} without position {}",
            guess="x hat {}",
            up_to="{} up to position {}",
            some="{} at positions {}",
            replaced="x with replacements",
            cls_vector="h c l s",
            tokens={MASK: "the mask token", CLS: "the C L S token"},
        ),
        "de": Speech(
            probability="Wahrscheinlichkeit, dass {}",
            given="Wahrscheinlichkeit, dass {}, gegeben {}",
            reverse="Wahrscheinlichkeit von {}, gegeben, dass {}",
            event="{} gleich {} ist",
            together=" und ",
            xbar="x quer",
            original="x",
            before="{} vor Position {}",
            without="{} ohne Position {}",
            guess="x Dach {}",
            up_to="{} bis einschließlich Position {}",
            some="{} an den Positionen {}",
            replaced="x mit Ersetzungen",
            cls_vector="h c l s",
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


class Shown(NamedTuple):
    """A piece of an atom in the notations that are written here."""

    latex: str
    mathml: str
    spoken: str


_XBAR = ("\\bar{\\mathbf{x}}", '<mover accent="true"><mi mathvariant="bold">x</mi><mo stretchy="false">¯</mo></mover>')
_X = ("\\mathbf{x}", '<mi mathvariant="bold">x</mi>')
_XHAT = '<mover accent="true"><mi>x</mi><mo stretchy="false">^</mo></mover>'


@lru_cache(maxsize=8192)
def _token(token: str, language: str) -> Shown:
    return Shown(
        rf"\text{{{token.translate(_LATEX_SPECIALS)}}}",
        f"<mtext>{token.translate(_XML_SPECIALS)}</mtext>",
        SPEECH[language].tokens.get(token, token),
    )


@lru_cache(maxsize=8192)
def _event(event: Event, language: str) -> Shown:
    """``x_2 = early``; a word that was written without its position, and stands nowhere, is the word alone."""
    word = _token(event.token, language)
    if not event.name:
        return word
    speech = SPEECH[language]
    if event.position < 0:
        spoken = speech.event.format(event.of, word.spoken)
        return Shown(f"{event.of}={word.latex}", f"<mi>{event.of}</mi><mo>=</mo>{word.mathml}", spoken)
    return Shown(
        f"{event.of}_{{{event.position}}}={word.latex}",
        f"<msub><mi>{event.of}</mi><mn>{event.position}</mn></msub><mo>=</mo>{word.mathml}",
        speech.event.format(f"{event.of} {spoken_number(event.position, language)}", word.spoken),
    )


@lru_cache(maxsize=8192)
def _context(notation: str, language: str) -> Shown:
    """A context by its notation, one of the spellings of `grading.expressions.CONTEXT_NOTATIONS`."""
    parts, speech = visible(notation), SPEECH[language]
    whole = _whole(parts.name, speech)
    if parts.relation:
        whole = _related(whole, parts.relation, parts.position, language)
    elif parts.positions:
        numbers = "<mo>,</mo>".join(f"<mn>{position}</mn>" for position in parts.positions)
        spoken = ", ".join(spoken_number(position, language) for position in parts.positions)
        whole = Shown(
            f"{whole.latex}_{{{','.join(map(str, parts.positions))}}}",
            f"<msub>{whole.mathml}<mrow>{numbers}</mrow></msub>",
            speech.some.format(whole.spoken, spoken),
        )
    return _listed([whole, *(_beside(part, language) for part in parts.beside)], language)


def _whole(name: str, speech: Speech) -> Shown:
    match name:
        case "xbar":
            return Shown(*_XBAR, speech.xbar)
        case "xc":
            return Shown(r"\mathbf{x}^{c}", f"<msup>{_X[1]}<mi>c</mi></msup>", speech.replaced)
        case "hcls":
            bold = '<mi mathvariant="bold">h</mi>'
            return Shown(r"\mathbf{h}_{\text{cls}}", f"<msub>{bold}<mtext>cls</mtext></msub>", speech.cls_vector)
    return Shown(*_X, speech.original)


_RELATIONS = {"<": ("<", "&lt;"), "≤": (r"\le ", "≤"), "∖": (r"\setminus ", "∖")}


def _related(whole: Shown, relation: str, position: int, language: str) -> Shown:
    latex, mathml = _RELATIONS[relation]
    speech = SPEECH[language]
    pattern = {"<": speech.before, "≤": speech.up_to, "∖": speech.without}[relation]
    return Shown(
        f"{whole.latex}_{{{latex}{position}}}",
        f'<msub>{whole.mathml}<mrow><mo form="prefix">{mathml}</mo><mn>{position}</mn></mrow></msub>',
        pattern.format(whole.spoken, spoken_number(position, language)),
    )


def _beside(part: Event | int | TargetBefore, language: str) -> Shown:
    if isinstance(part, Event):
        return _event(part, language)
    if isinstance(part, TargetBefore):
        target = Shown(r"\mathbf{y}", '<mi mathvariant="bold">y</mi>', "y")
        return _related(target, "<", part.position, language)
    spoken = SPEECH[language].guess.format(spoken_number(part, language))
    return Shown(rf"\hat{{x}}_{{{part}}}", f"<msub>{_XHAT}<mn>{part}</mn></msub>", spoken)


def _listed(parts: list[Shown], language: str) -> Shown:
    if len(parts) == 1:
        return parts[0]
    return Shown(
        r",\,".join(part.latex for part in parts),
        "<mo>,</mo>".join(part.mathml for part in parts),
        SPEECH[language].together.join(part.spoken for part in parts),
    )


@lru_cache(maxsize=8192)
def _probability(events: tuple[Event, ...], notation: str | None, reverse: bool, language: str) -> Written:
    speech = SPEECH[language]
    if not events:
        raise ValueError("a probability needs an event")
    event = _listed([_event(event, language) for event in events], language)
    if notation is None:
        inside, spoken = event, speech.probability.format(event.spoken)
    else:
        context = _context(notation, language)
        left, right = (context, event) if reverse else (event, context)
        space = "" if right.latex.startswith(r"\bar") else " "
        inside = Shown(rf"{left.latex}\mid{space}{right.latex}", f"{left.mathml}<mo>∣</mo>{right.mathml}", "")
        spoken = (speech.reverse if reverse else speech.given).format(left.spoken, right.spoken)
    same = Probability(
        events,
        None if notation is None else Context(notation, ()),
        reverse,
    )
    return Written(
        rf"\Pr({inside.latex})",
        f'<mrow><mi>Pr</mi><mo stretchy="false">(</mo>{inside.mathml}<mo stretchy="false">)</mo></mrow>',
        probability_text(same, unicode=True),
        probability_text(same),
        spoken,
    )


def probability(atom: Probability, setting: Setting) -> Written:
    """``Pr(x_2 = early | x̄)`` in every notation.

    >>> from grading.expressions import Context, Event
    >>> atom = Probability((Event(2, "quick"),), Context("xbar", ("[CLS]", "the", "[MASK]")))
    >>> probability(atom, DEFAULT).latex, probability(atom, DEFAULT).spoken
    ('\\\\Pr(x_{2}=\\\\text{quick}\\\\mid\\\\bar{\\\\mathbf{x}})', 'probability that x two is quick, given x bar')
    """
    notation = None if atom.given is None else atom.given.notation
    return _probability(atom.events, notation, atom.reverse, setting.speech)


_SYMBOL = re.compile(r"([^\W\d_]+)(?:_(\w+))?")
_GREEK = {name: letter for letter, name in GREEK.items() if name not in ("omicron",)}


@lru_cache(maxsize=1024)
def _symbol(name: str, language: str) -> Written:
    found = _SYMBOL.fullmatch(name)
    if found is None:
        raise ValueError(f"a symbol cannot be written {name!r}; use letters, then perhaps _ and an index")
    letters, index = found[1], found[2]
    latex = letters if len(letters) == 1 else f"\\{letters}" if letters in _GREEK else rf"\mathrm{{{letters}}}"
    mathml, spoken = f"<mi>{_GREEK.get(letters, letters)}</mi>", letters
    if index is not None:
        is_number = index.isascii() and index.isdigit()
        latex += f"_{{{index}}}" if is_number or len(index) == 1 else rf"_{{\mathrm{{{index}}}}}"
        mathml = f"<msub>{mathml}{f'<mn>{index}</mn>' if is_number else f'<mi>{index}</mi>'}</msub>"
        spoken += f" {spoken_number(int(index), language) if is_number else index}"
    symbol = Symbol(name)
    return Written(latex, mathml, to_unicode(symbol), to_text(symbol), spoken)


def number(value: Fraction, setting: Setting) -> Written:
    """A decimal literal; whole numbers below one hundred are spoken in words."""
    return _number(*value.as_integer_ratio(), setting)


@lru_cache(maxsize=4096)
def _number(above: int, below: int, setting: Setting) -> Written:
    text = number_text(Fraction(above, below))
    shown = text.replace(".", ",") if setting.decimal_comma else text
    spoken = spoken_number(above, setting.speech) if below == 1 else shown
    latex = re.sub(r"e(.+)", r"\\mathrm{e}{\1}", shown.replace(",", "{,}"))
    return Written(latex, f"<mn>{shown}</mn>", shown, text, spoken)


def atom(node: Probability | Symbol | Number, setting: Setting) -> Written:
    """Any leaf of a tree in every notation."""
    if type(node) is Probability:
        return probability(node, setting)
    if type(node) is Symbol:
        return _symbol(node.name, setting.speech)
    assert isinstance(node, Number)
    return number(node.value, setting)
