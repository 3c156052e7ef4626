"""What must hold of every text that is typed, whatever it is; a text of which it does not hold is a `Finding`.

What is said of values is checked in `tests.fuzzing.values`.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Mapping
from fractions import Fraction

from grading import NumericKey, SymbolicKey, Tolerance, compare, grade
from grading.echo import echo
from grading.equivalence import Comparison, Different, Equal
from grading.expressions import Expression
from grading.judge import judge
from grading.keys import RELATIONS, Assumption, Band, Digits, Relation, Requirement, Rival, Sentence, SymbolDeclaration
from grading.parsing import Language, Refused, parse_expression
from grading.text import to_text, to_unicode
from grading.verdicts import Grade, Verdict
from tests.fuzzing.values import Finding, values_agree, values_related

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
    "form": SymbolicKey("log(p_2*p_6)", sentence=_SENTENCE, forms=(Requirement("single-log"),), lang="de"),
    "expanded": SymbolicKey(
        "log p_2 + log p_6",
        sentence=_SENTENCE,
        log_base=10,
        forms=(Requirement("expanded", Fraction(0)), Requirement("written-out")),
    ),
    "relations": SymbolicKey(
        "(log p_2 + log p_6)/2",
        sentence=_SENTENCE,
        rivals=_RIVALS[2:5],
        accept=tuple(Relation(kind, Fraction(k, 4)) for k, kind in enumerate(RELATIONS, 1)),
    ),
    "digits": NumericKey(
        "40/3",
        Tolerance("relative", Fraction(1, 1000), "outside"),
        (Band(Fraction(1, 2), Fraction(1, 2)),),
        "%",
        (Rival("40/3*log(10)", ("base-ten",)), Rival("-40/3", ("flip-sign",), Fraction(1, 4))),
        digits=Digits("figures", 4, Fraction(1, 4), last_digit=Fraction(1, 8)),
    ),
    "number": NumericKey("-log(0.5) - log(0.4)", Tolerance("absolute", Fraction(1, 200)), unit="nats"),
    "exact number": NumericKey("8/5", Tolerance(), decimal_comma=True),
    "figures": NumericKey("sqrt(2)*log(10)", Tolerance("significant", Fraction(3))),
}
"""One of everything that a typed text may be judged by."""

NAMES = tuple(KEYS)


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


def examine_pair(first: str, second: str, assumption: Assumption) -> None:
    """Compare two texts whose names are declared nowhere, in both directions; nothing to say if one cannot be read."""
    language = Language(any_name=True)
    try:
        left, right = parse_expression(first, language), parse_expression(second, language)
    except Refused:
        return
    forth, back = compare(left, right, language, assumption), compare(right, left, language, assumption)
    if type(forth) is not type(back):
        raise Finding(f"pair not symmetric: {type(forth).__name__} and {type(back).__name__}, {assumption}: {second}")
    try:
        values_agree(left, right, language, forth, assumption)
    except Finding as found:
        raise Finding(f"pair, {assumption}: {found}: {second}") from None


def as_if_first(key_name: str, text: str, found: Grade) -> None:
    """Whether the text is graded alike where nothing was graded before. What follows is slower for a while."""
    forget()
    again = grade(KEYS[key_name], text)
    if again != found:
        raise Finding(f"not as if first: {again.verdict} {again.note} after {found.verdict} {found.note}")


def forget() -> None:
    """Forget all that the judge remembers."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "grading":
            for thing in list(vars(module).values()):
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()


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
    if found.verdict not in _possible(found.note, forth):
        raise Finding(f"verdict: {found.verdict} {found.note} for {type(forth).__name__}")
    started = time.process_time()
    outcome = judge(key, text).outcome
    _in_time("judge", started, seconds)
    if outcome not in ("unknown", type(forth).__name__.lower()):
        raise Finding(f"judge: {outcome} for {type(forth).__name__}")
    values_agree(right, tree, language, forth)
    if found.note.removeprefix("symbolic:") in RELATIONS:
        values_related(found.note.removeprefix("symbolic:"), right, tree, language)


def _possible(note: str, outcome: Comparison) -> tuple[Verdict, ...]:
    """The verdicts that there may be for a comparison."""
    match note.removeprefix("symbolic:"), outcome:
        case "equal-other-form", Equal():
            return Verdict.PARTIAL, Verdict.INCORRECT
        case _, Equal():
            return (Verdict.CORRECT,)
        case relation, Different() if relation in RELATIONS:
            return Verdict.CORRECT, Verdict.PARTIAL
        case _, Different():
            return Verdict.INCORRECT, Verdict.PARTIAL, Verdict.UNDECIDED
    return (Verdict.UNDECIDED,)


def _echoes(written: str, tree: Expression, language: Language) -> None:
    try:
        again = parse_expression(written, language)
    except Refused as refused:
        if refused.refusal.code in ("too-long", "too-deep"):
            return  # the echo of a sum over a set is longer than what was typed, and -(-(-p)) is deeper than ---p
        raise Finding(f"echo refused: {refused.refusal.code} in {written[:200]!r}") from None
    if again != tree:
        raise Finding(f"echo: {written[:200]!r} is read as another tree")
