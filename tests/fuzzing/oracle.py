"""What must hold of every text that is typed, whatever it is; a text of which it does not hold is a `Finding`.

Values are checked with the interval arithmetic of mpmath, which shares nothing with the judge.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import mpmath
from mpmath import iv

from grading import NumericKey, SymbolicKey, Tolerance, compare, grade
from grading.atoms import resolved
from grading.echo import echo
from grading.equivalence import Comparison, Different, Equal
from grading.expressions import (
    AbsoluteValue,
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
    atoms,
)
from grading.judge import judge
from grading.keys import Rival, Sentence, SymbolDeclaration
from grading.parsing import Language, Refused, parse_expression
from grading.text import to_text, to_unicode
from grading.verdicts import Grade, Verdict

SECONDS = 1.0
"""CPU time after which grading one text counts as hanging."""
MEGABYTES = 50
"""Memory by which grading one text may raise what the process ever needed."""

_BIRD = ("[CLS]", "the", "early", "bird", "catches", "the", "worm")
_SENTENCE = Sentence(_BIRD, tuple("[MASK]" if k in (2, 6) else word for k, word in enumerate(_BIRD)), (2, 6))
_RIVALS = (
    Rival("-log p_2 - log p_6", ("flip-sign",), Fraction(1, 2)),
    Rival("(log p_2 + log p_6)/2", ("mean-over-masks",)),
    Rival("log(p_2 + p_6)", ("log-of-sum",)),
    Rival("p_2 + p_6", ("sum-of-probs",)),
    Rival("log(p_2)*log(p_6)", ("product-of-logs",)),
    Rival("-(log p_2 + log p_6)/2", ("flip-sign", "mean-over-masks")),
)

KEYS: Mapping[str, SymbolicKey | NumericKey] = {
    "objective": SymbolicKey("log p_2 + log p_6", sentence=_SENTENCE, rivals=_RIVALS),
    "loss in bits": SymbolicKey("-log p_2 - log p_6", sentence=_SENTENCE, log_base=2, decimal_comma=True),
    "perplexity": SymbolicKey("exp(-(log p_2 + log p_6)/2)", sentence=_SENTENCE),
    "declared": SymbolicKey(
        "b*log(a) + c",
        (
            SymbolDeclaration("a", "positive"),
            SymbolDeclaration("b", "real", ("β",)),
            SymbolDeclaration("c", "real"),
            SymbolDeclaration("q", aliases=("prob",)),
        ),
    ),
    "rational": SymbolicKey("a*q/(1 - q)^2", (SymbolDeclaration("a", "positive"), SymbolDeclaration("q"))),
    "number": NumericKey("-log(0.5) - log(0.4)", Tolerance("absolute", Fraction(1, 200)), unit="nats"),
    "exact number": NumericKey("8/5", Tolerance(), decimal_comma=True),
    "figures": NumericKey("sqrt(2)*log(10)", Tolerance("significant", Fraction(3))),
}
"""One of everything that a typed text may be judged by."""

NAMES = tuple(KEYS)


class Finding(AssertionError):
    """Something that must hold does not. Its text begins with a short kind, by which findings are told apart."""


def examine(key_name: str, text: str, thorough: bool = True, seconds: float = SECONDS) -> Grade:
    """Grade a text and check all that must hold; raises Finding, or whatever the judge raises.

    thorough: compare values, echoes and the two directions as well. seconds: of CPU time that grading may take.
    """
    key = KEYS[key_name]
    started = time.process_time()
    found = grade(key, text)
    _in_time("grade", started, seconds)
    if time.process_time() - started > 0.005:
        _MEMORY.ask()
    _well_formed(found, text)
    if thorough and isinstance(key, SymbolicKey) and found.verdict is not Verdict.INVALID and text.strip():
        _consistent(key, text, found, seconds)
    return found


def as_if_first(key_name: str, text: str, found: Grade) -> None:
    """Whether the text is graded in the same way where nothing was graded before: all that is remembered is forgotten.

    What follows is slower for a while.
    """
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "grading":
            for thing in list(vars(module).values()):
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()
    again = grade(KEYS[key_name], text)
    if again != found:
        raise Finding(f"not as if first: {again.verdict} {again.note} after {found.verdict} {found.note}")


class _Memory:
    """The most memory that this process had. It takes long to ask, so that only texts are asked of that take long."""

    def __init__(self) -> None:
        self.most = 0

    def ask(self) -> None:
        before = self.most
        self.most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        if before and self.most - before > MEGABYTES:
            raise Finding(f"memory: {self.most - before} MB more than ever before")


_MEMORY = _Memory()


def _in_time(what: str, started: float, most: float) -> None:
    seconds = time.process_time() - started
    if seconds > most:
        raise Finding(f"slow {what}: {seconds:.1f} s of CPU time")


def _well_formed(found: Grade, text: str) -> None:
    unread = found.verdict is Verdict.INVALID
    if unread != (found.refusal is not None) and not (unread and not text.strip()):
        raise Finding(f"refusal: {found.verdict} with refusal {found.refusal}")
    if (found.score is None) != (found.verdict in (Verdict.INVALID, Verdict.UNDECIDED)):
        raise Finding(f"score: {found.verdict} with score {found.score}")
    if found.score is not None and not 0 <= found.score <= 1:
        raise Finding(f"score: {found.score}")
    if found.refusal is not None:
        refusal = found.refusal
        if not 0 <= refusal.offset <= len(text) or refusal.length < 1 or not refusal.message or not refusal.code:
            raise Finding(f"place of refusal: {refusal} in a text of {len(text)}")
        if refusal.caret(text).count("\n") != 1:
            raise Finding("caret: not two lines")
    found.reading.encode()  # no lone surrogate is echoed


def _consistent(key: SymbolicKey, text: str, found: Grade, seconds: float) -> None:
    language = Language.of(key)
    tree, right = parse_expression(text, language), parse_expression(key.value, language)
    shown = echo(tree, language, typed=text)
    shown.record()
    for written in (to_text(tree, key.log_base), to_unicode(tree, key.log_base), shown.text, shown.latex):
        _echoes(written, tree, language)
    forth, back = compare(right, tree, language), compare(tree, right, language)
    if type(forth) is not type(back):
        raise Finding(f"not symmetric: {type(forth).__name__} and {type(back).__name__}")
    expected = {Equal: (Verdict.CORRECT,), Different: (Verdict.INCORRECT, Verdict.PARTIAL, Verdict.UNDECIDED)}
    if found.verdict not in expected.get(type(forth), (Verdict.UNDECIDED,)):
        raise Finding(f"verdict: {found.verdict} for {type(forth).__name__}")
    started = time.process_time()
    outcome = judge(key, text).outcome
    _in_time("judge", started, seconds)
    if outcome not in ("unknown", type(forth).__name__.lower()):
        raise Finding(f"judge: {outcome} for {type(forth).__name__}")
    values_agree(right, tree, language, forth)


def _echoes(written: str, tree: Expression, language: Language) -> None:
    try:
        again = parse_expression(written, language)
    except Refused as refused:
        if refused.refusal.code in ("too-long", "too-deep"):
            return  # the echo of a sum over a set is longer than what was typed, and -(-(-p)) is deeper than ---p
        raise Finding(f"echo refused: {refused.refusal.code} in {written[:200]!r}") from None
    if again != tree:
        raise Finding(f"echo: {written[:200]!r} is read as another tree")


# --- values


class NoValue(ArithmeticError):
    """Interval arithmetic cannot say what the value is."""


_SHARES = (Fraction(3, 7), Fraction(5, 11), Fraction(2, 13), Fraction(12, 17), Fraction(8, 19), Fraction(1, 23))


def values_agree(left: Expression, right: Expression, language: Language, said: Comparison) -> None:
    """Whether interval arithmetic contradicts a comparison at two points, or at its witness."""
    first, second = resolved(left, language), resolved(right, language)
    if isinstance(said, Different):
        if said.undefined_at:
            return
        _apart(first, second, dict(said.witness.values))
    elif isinstance(said, Equal):
        leaves = tuple(dict.fromkeys(atoms(first) + atoms(second)))
        for turn in (0, 1):
            point = {leaf: _SHARES[(k + 2 * turn) % 6] / (1 + k // 6) for k, leaf in enumerate(leaves)}
            _together(first, second, point)


def _together(left: Expression, right: Expression, point: Mapping[Any, Fraction]) -> None:
    with mpmath.workprec(53):
        iv.prec = 300
        try:
            a, b = value(left, point), value(right, point)
        except NoValue:
            return
        if a.b < b.a or b.b < a.a:
            raise Finding(f"equal, but {mpmath.nstr(a.mid, 20)} against {mpmath.nstr(b.mid, 20)} at {_shown(point)}")


def _apart(left: Expression, right: Expression, point: Mapping[Any, Fraction]) -> None:
    try:
        for precision in (200, 800, 2_000):
            iv.prec = precision
            a, b = value(left, point), value(right, point)
            if a.b < b.a or b.b < a.a:
                return
    except NoValue:
        return
    raise Finding(f"different, but not at its witness {_shown(point)}")


def _shown(point: Mapping[Any, Fraction]) -> str:
    return ", ".join(f"{to_unicode(leaf)} = {value}" for leaf, value in point.items())


def value(tree: Expression, point: Mapping[Any, Fraction]) -> Any:
    """An interval that holds the value; raises NoValue where there is none or it cannot be told."""
    match tree:
        case Number(exact):
            return _exact(exact)
        case Symbol() | Probability():
            return _exact(point[tree])
        case Negation(operand):
            return -value(operand, point)
        case Sum(terms):
            total = iv.mpf(0)
            for term in terms:
                total += value(term, point)
            return total
        case Product(factors):
            total = iv.mpf(1)
            for factor in factors:
                total *= value(factor, point)
            return total
        case Quotient(above, below):
            divisor = value(below, point)
            if divisor.a <= 0 <= divisor.b:
                raise NoValue
            return value(above, point) / divisor
        case Power(base, exponent):
            return _power(base, exponent, point)
        case Logarithm(argument, None):
            return _log(value(argument, point))
        case Logarithm(argument, base) if base is not None:
            below = _log(value(base, point))
            if below.a <= 0 <= below.b:
                raise NoValue
            return _log(value(argument, point)) / below
        case Exponential(argument):
            return _exp(value(argument, point))
        case AbsoluteValue(argument):
            return abs(value(argument, point))
        case Extremum(which, arguments):
            found = [value(argument, point) for argument in arguments]
            pick = min if which == "min" else max
            return iv.mpf([pick(v.a for v in found), pick(v.b for v in found)])
    raise TypeError(tree)


def _exact(number: Fraction) -> Any:
    return iv.mpf(number.numerator) / iv.mpf(number.denominator)


def _log(argument: Any) -> Any:
    if argument.a <= 0:
        raise NoValue
    return iv.log(argument)


def _exp(argument: Any) -> Any:
    if abs(argument).b > 10_000:
        raise NoValue
    return iv.exp(argument)


def _power(base: Expression, exponent: Expression, point: Mapping[Any, Fraction]) -> Any:
    below, above = value(base, point), value(exponent, point)
    if below.a > 0:
        return _exp(above * iv.log(below))
    whole = exact_whole(exponent)
    if whole is None or not -64 <= whole <= 64 or (whole < 0 and below.a <= 0 <= below.b):
        raise NoValue
    result = iv.mpf(1)
    for _ in range(abs(whole)):
        result *= below
    return result if whole >= 0 else 1 / result


def exact_whole(tree: Expression) -> int | None:
    """The whole number that an exponent plainly is, else None."""
    if isinstance(tree, Negation):
        inner = exact_whole(tree.operand)
        return None if inner is None else -inner
    return tree.value.numerator if isinstance(tree, Number) and tree.value.denominator == 1 else None
