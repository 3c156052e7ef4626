"""Every variant, not a sample: it can be drawn, grades as it declares, and prints its numbers precisely enough."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from itertools import count

import msgspec

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    KeyUnusable,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
)
from grading.marking import canonical_responses, grade
from grading.verdicts import Verdict
from quizgen.checks import printed_precision
from quizgen.checks.check import Subject
from quizgen.checks.examples import response_of_rival, right_response
from quizgen.findings import Finding, FindingsError
from quizgen.generator import Generator
from quizgen.generator.trace import Trace
from quizgen.model import GeneratedItem
from quizgen.template import Numeric, Ordering, ShortAnswer, Symbolic

Credits = dict[str, set[Fraction]]
"""Misconception → what an answer that shows it may earn."""

MOST_FINDINGS = 5
"""Of one template in one language; what is wrong with one variant is often wrong with all."""


class Tally(msgspec.Struct, frozen=True):
    """How many variants of a template were drawn in a language, and how many of them read differently.

    counted: how many there are, an upper bound where it is not exact.
    """

    template: str
    language: str
    drawn: int
    distinct: int
    counted: int
    exact: bool


def examine(subject: Subject, variants: int) -> tuple[list[Finding], tuple[Tally, ...]]:
    """Draws so many variants in every language, or all if there are fewer, and grades answers to each.

    They are taken in turn from every choice of the radicals, each from its number 0 on. The key is right (that of an
    essay undecided), each known wrong answer earns exactly its credit and is diagnosed as itself, every canonical
    response earns what it has to, and the printed numbers are precise enough. What a key of the same values was found
    to be is not asked again. No item is kept.
    """
    met: set[object] = set()
    walks = [_Walk(subject, language, variants, met) for language in subject.languages]
    running = walks
    while running:  # one variant in all languages: what they have in common is worked out once
        running = [walk for walk in running if walk.step()]
    return [finding for walk in walks for finding in walk.findings], tuple(walk.tally() for walk in walks)


class _Walk:
    """The way through the variants of a template in one language."""

    def __init__(self, subject: Subject, language: str, variants: int, met: set[object]) -> None:
        self.findings: list[Finding] = []
        self._subject, self._language, self._variants = subject, language, variants
        self._met = met
        self._signatures: set[bytes] = set()
        self._drawn = 0
        self._numbers = self._in_turn()

    def step(self) -> bool:
        """Looks at the next variant; False if there is none, or enough was found."""
        place = next(self._numbers, None)
        if place is None or self._drawn >= self._variants or len(self.findings) >= MOST_FINDINGS:
            return False
        choice, number = place
        try:
            generated, trace = self._subject.traced(number, self._language, choice)
        except FindingsError as error:
            self.findings += error.findings
            return False
        self._drawn += 1
        generator = self._subject.generator(self._language, choice)
        self._signatures.add(Generator.signature(generated))
        radicals = ", ".join(f"{path}: {value}" for path, value in generator.radicals.items())
        where = f"in variant {number} ({self._language}{f'; {radicals}' if radicals else ''})"
        document = self._subject.template.document
        for text in self._wrong_with(generated):
            remedy = "mend the key, the wrong answer or its credit"
            self.findings.append(document.finding("Q449", f"{where} {text}", remedy, ("template",)))
        for text in self._printed(generator, generated, trace, place):
            self.findings.append(document.finding("Q450", f"{where} {text}", printed_precision.REMEDY, ("template",)))
        return True

    def _printed(
        self, generator: Generator, generated: GeneratedItem, trace: Trace, place: tuple[int, int]
    ) -> Iterator[str]:
        """What is printed too coarsely, if nobody has looked at these numbers yet."""
        choice, number = place
        if choice == 0 and (self._language, number) in self._subject.printed_well:
            return
        numbers = [(shown.place, number.value, number.places) for shown in trace.shown for number in shown.rounded]
        if numbers and not self._new((*numbers, *map(_without_words, generated.key.parts))):
            return
        yield from printed_precision.complaints(generator, generated, trace)

    def _new(self, what: object) -> bool:
        """Whether this was not looked at before, in whatever language."""
        before = len(self._met)
        self._met.add(what)
        return len(self._met) > before

    def _wrong_with(self, generated: GeneratedItem) -> Iterator[str]:
        """Every way in which an item does not grade as the template says."""
        for part in generated.key.parts:
            declared = self._declared.get(part.id, self._declared.get(part.id.rpartition("-")[0]))
            if declared is not None:
                yield from _declared_otherwise(part, declared)
            bare = _without_words(part)
            if self._new((self._language, bare)):
                yield from _wrong_with(part, self._new(bare))

    @cached_property
    def _declared(self) -> dict[str, Credits]:
        """Of each part with values that mistakes lead to: the credits of each mistake, in the author's words."""
        found: dict[str, Credits] = {}
        for part in self._subject.template.parts:
            if isinstance(part.answer, Numeric | Symbolic | Ordering | ShortAnswer):
                credits = found.setdefault(part.id, {})
                for wrong in part.answer.wrong:
                    credits.setdefault(wrong.id, set()).add(wrong.credit)
        return found

    def tally(self) -> Tally:
        """What was drawn, beside what there is."""
        counts = [self._subject.generator(self._language, choice).count() for choice in self._choices]
        number, exact = sum(count.number for count in counts), all(count.exact for count in counts)
        return Tally(self._subject.template.id, self._language, self._drawn, len(self._signatures), number, exact)

    @property
    def _choices(self) -> range:
        return range(len(self._subject.choices))

    def _in_turn(self) -> Iterator[tuple[int, int]]:
        """(choice of the radicals, number of the variant): number 0 of every choice, number 1 of every choice, …"""
        left = list(self._choices)
        for number in count():
            left = [way for way in left if not self._subject.generator(self._language, way).exhausted(number)]
            if not left:
                return
            yield from ((way, number) for way in left)


def _declared_otherwise(part: PartKey, declared: Credits) -> Iterator[str]:
    """Known wrong answers that the template does not declare, or not with this credit."""
    for rival in getattr(part.key, "rivals", ()):
        for id in rival.misconceptions:
            if id not in declared:
                yield f"the answer {rival.value!r} of '{part.id}' shows '{id}', which the template does not name"
            elif len(rival.misconceptions) == 1 and rival.credit not in declared[id]:
                wanted = " or ".join(map(str, sorted(declared[id])))
                yield f"the answer {rival.value!r} of '{part.id}' has the credit {rival.credit}, not {wanted}"


def _wrong_with(part: PartKey, first: bool) -> Iterator[str]:
    """Every way in which a part does not grade as it declares. first: whether its canonical responses are new."""
    try:
        yield from _options_missing(part)
        yield from _graded_otherwise(part)
        if first:
            yield from _responses_otherwise(part)
    except KeyUnusable as unusable:
        yield f"the key of '{part.id}' cannot grade: {unusable}"


def _options_missing(part: PartKey) -> Iterator[str]:
    """What a key names and no learner can choose."""
    known = {id for id, _ in part.options}
    match part.key:
        case ChoiceKey(correct):
            named = [correct]
        case MultipleAnswerKey(correct):
            named = [*correct]
        case MatchingKey(pairs):
            named = [side for pair in pairs for side in pair]
        case OrderingKey(order):
            named = [*order]
        case _:
            return
    yield from (f"the key of '{part.id}' names '{id}', which is no option" for id in named if id not in known)


def _graded_otherwise(part: PartKey) -> Iterator[str]:
    verdict = grade(part, right_response(part)).verdict
    if verdict is not (Verdict.UNDECIDED if isinstance(part.key, EssayKey) else Verdict.CORRECT):
        yield f"the key of '{part.id}' is {verdict.value}"
    arranged = isinstance(part.key, MatchingKey | OrderingKey | MultipleAnswerKey)  # a rival is one slip among others
    for rival in getattr(part.key, "rivals", ()):
        graded = grade(part, response_of_rival(part, rival))
        if graded.score is None or graded.score == 1 or (not arranged and graded.score != rival.credit):
            yield f"the answer {rival.value!r} of '{part.id}' earns {graded.score}, not {rival.credit}"
        said = [diagnosis.misconceptions for diagnosis in graded.diagnoses]
        declared = [rival.misconceptions] if rival.misconceptions or rival.feedback else []
        if rival.misconceptions not in said if arranged and declared else not arranged and said != declared:
            found = ", ".join("+".join(ids) or "words of its own" for ids in said) or "nothing"
            yield f"the answer {rival.value!r} of '{part.id}' is diagnosed as {found}"


def _without_words(part: PartKey) -> PartKey:
    """What the grades of a part depend on, but for the language in which it is answered."""
    rivals = getattr(part.key, "rivals", None)
    if rivals is None:
        return part
    bare = tuple(
        Rival(rival.value, rival.misconceptions, rival.credit, feedback="said" if rival.feedback else "")
        for rival in rivals
    )
    comma = {"decimal_comma": False} if isinstance(part.key, NumericKey) else {}
    return msgspec.structs.replace(part, key=msgspec.structs.replace(part.key, rivals=bare, **comma))


def _responses_otherwise(part: PartKey) -> Iterator[str]:
    """Canonical responses that are not graded as they were foretold."""
    for response in canonical_responses(part):
        graded = grade(part, response.response)
        if (graded.verdict, graded.score) != (response.verdict, response.score):
            what = f"{response.verdict.value} {response.score}"
            yield f"the response {response.response!r} to '{part.id}' earns {graded.score} and not {what}"
