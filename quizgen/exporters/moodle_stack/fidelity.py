"""What becomes of an item in Moodle's STACK: exact, with which losses, or nothing."""

from __future__ import annotations

from collections.abc import Iterator

from grading.keys import NumericKey, SymbolicKey
from grading.parsing import Language
from quizgen.exporters.contract import Caveat, Fidelity, Level
from quizgen.exporters.moodle_stack.formulas import refuses_decimals, unwritable_rivals
from quizgen.exporters.moodle_stack.maxima import Unwritable, formula_names, maxima_formula
from quizgen.exporters.rendering.decimals import value_of
from quizgen.model import KINDS, Item, WorkedKey

CARRIED = ("numeric", "symbolic", "cloze", "parts")
"""Kinds of which every part may be a number or a formula."""

KIND_LEVELS = {kind: Level.EXACT if kind in CARRIED else Level.NONE for kind in KINDS}

OTHER_KIND = Caveat(
    "kind:not-carried",
    "this format asks for numbers and formulas only; moodle-xml takes the other questions",
    Level.NONE,
)
NUMBER_READING = Caveat(
    "numeric:reading",
    "STACK reads numbers as Maxima does: decimals, fractions and formulas such as -log(0.2); what we read besides (a "
    "unit, %, a thousands mark, LaTeX) it refuses, without a loss of marks",
    Level.EXACT,
)
NUMBER_BOUNDARY = Caveat(
    "numeric:boundary",
    "STACK compares binary floats: at the boundary of a tolerance, numbers within a ten-billionth of it may be judged "
    "otherwise",
    Level.EXACT,
)
LARGE = Caveat("numeric:large", "Maxima has no number of this size", Level.NONE)
LARGEST = 10**300
MOST_PLAIN, _SIGNS_OF_LARGE = 300, frozenset("^eE")
DIGITS = Caveat(
    "numeric:digits",
    "STACK is asked to compare values and does not see how many digits were written: 1.6 counts as 1.60",
)
FORMULA_READING = Caveat(
    "symbolic:reading",
    "STACK reads formulas as Maxima does: log(p2) with brackets and always natural, lg(p2, 2) to base 2, * for "
    "products, sums written out; what we read besides (log p_2, Pr(…), LaTeX, Σ, n and m) it refuses or takes for "
    "other names",
    Level.EXACT,
)
FORMULA_PROOF = Caveat(
    "symbolic:proof",
    "STACK knows names as positive, not as probabilities, and counts as different what Maxima cannot simplify to 0",
    Level.EXACT,
)
LOG_BASE = Caveat(
    "symbolic:log-base", "in this question log has another base; in STACK it is natural, and lg(x, 2) has base 2"
)
DECIMALS = Caveat(
    "symbolic:decimals",
    "in this question STACK refuses decimals, which costs nothing: Maxima would compute log(0.5) roughly, and it would "
    "not be log(1/2)",
)
FORM = Caveat("symbolic:form", "STACK is not asked in which form a formula is written: every equal one is right")
SAME_OPTIMUM = Caveat(
    "symbolic:same-optimum",
    "that a formula has the same optimum is computed from its slopes, its direction at three points only",
    Level.EXACT,
)
UNTYPED_RIVAL = Caveat(
    "symbolic:untyped-rival",
    "a known wrong formula holds a probability without a name, which nobody can type in STACK: it has no node",
    Level.EXACT,
)


def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """The caveats of an item, each once."""
    if key is None:
        return Fidelity((Caveat("keys:missing", "STACK needs the key of every question", Level.NONE),))
    if not all(isinstance(part_key.key, NumericKey | SymbolicKey) for part_key in key.parts):
        return Fidelity((OTHER_KIND,))
    found = [caveat for part_key in key.parts for caveat in _of_part(part_key.key)]
    return Fidelity(tuple(dict.fromkeys(found)))


def _of_part(key: object) -> Iterator[Caveat]:
    if isinstance(key, NumericKey):
        distances = (key.tolerance.amount, *(band.within for band in key.bands))
        if max(distances) > LARGEST or any(map(_is_large, (key.value, *(rival.value for rival in key.rivals)))):
            yield LARGE
        yield NUMBER_READING
        if key.tolerance.kind in ("absolute", "relative"):
            yield NUMBER_BOUNDARY
        if key.digits:
            yield DIGITS
    if isinstance(key, SymbolicKey):
        yield from _of_formula(key)


def _is_large(value: str) -> bool:
    """Whether a number is too large; no sum of plain numbers and logarithms is."""
    return (len(value) > MOST_PLAIN or not _SIGNS_OF_LARGE.isdisjoint(value)) and abs(value_of(value)) > LARGEST


def _of_formula(key: SymbolicKey) -> Iterator[Caveat]:
    try:
        maxima_formula(key.value, Language.of(key))
        formula_names(key)
    except Unwritable as problem:
        yield Caveat("symbolic:not-writable", f"the key cannot be typed in STACK: {problem}", Level.NONE)
        return
    yield FORMULA_READING
    yield FORMULA_PROOF
    if key.log_base:
        yield LOG_BASE
    if any(asked.form != "written-out" for asked in key.forms):
        yield FORM
    if any(relation.kind == "same-optimum" for relation in key.accept):
        yield SAME_OPTIMUM
    if refuses_decimals(key):
        yield DECIMALS
    if unwritable_rivals(key):
        yield UNTYPED_RIVAL
