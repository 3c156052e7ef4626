"""Every variant, not a sample: it can be drawn, and it grades as it declares."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from grading.answersheet import PartKey
from grading.keys import EssayKey, MatchingKey, MultipleAnswerKey, OrderingKey
from grading.marking import canonical_responses, grade
from grading.verdicts import Verdict
from quizgen.checks.check import Subject
from quizgen.checks.examples import response_of_rival, right_response
from quizgen.findings import Finding, FindingsError
from quizgen.generator import Generator

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


def examine(subject: Subject, count: int) -> tuple[list[Finding], tuple[Tally, ...]]:
    """Draws the variants 0 to count − 1 in every language, or all if there are fewer, and grades answers to each.

    The key is right (that of an essay undecided), each known wrong answer earns exactly its credit and is diagnosed as
    itself, and every canonical response earns what it has to. Nothing is kept: the work is done in constant memory.
    """
    findings: list[Finding] = []
    tallies = []
    for language in subject.languages:
        generator = subject.generator(language)
        signatures: set[bytes] = set()
        drawn = 0
        complaints: list[str] = []
        for number in range(count):
            if generator.exhausted(number) or len(complaints) >= MOST_FINDINGS:
                break
            try:
                generated = generator.item(number)
            except FindingsError as error:
                findings += error.findings
                break
            drawn += 1
            signatures.add(Generator.signature(generated))
            where = f"in variant {number} ({language})"
            complaints += (f"{where} {text}" for part in generated.key.parts for text in _wrong_with(part))
        counted = generator.count()
        tallies.append(Tally(subject.template.id, language, drawn, len(signatures), counted.number, counted.exact))
        document = subject.template.document
        remedy = "mend the key, the wrong answer or its credit"
        findings += (document.finding("Q449", text, remedy, ("template",)) for text in complaints[:MOST_FINDINGS])
    return findings, tuple(tallies)


def _wrong_with(part: PartKey) -> Iterator[str]:
    """Every way in which a part does not grade as it declares."""
    verdict = grade(part, right_response(part)).verdict
    if verdict is not (Verdict.UNDECIDED if isinstance(part.key, EssayKey) else Verdict.CORRECT):
        yield f"the key of '{part.id}' is {verdict.value}"
    arranged = isinstance(part.key, MatchingKey | OrderingKey | MultipleAnswerKey)  # a rival is one slip among others
    for rival in getattr(part.key, "rivals", ()):
        graded = grade(part, response_of_rival(part, rival))
        said = [diagnosis.misconceptions for diagnosis in graded.diagnoses]
        known = rival.misconceptions in said if rival.misconceptions else said == ([()] if rival.feedback else [])
        if graded.score is None or graded.score == 1 or (not arranged and graded.score != rival.credit):
            yield f"the answer {rival.value!r} of '{part.id}' earns {graded.score}, not {rival.credit}"
        if not known and (rival.misconceptions or not arranged):
            found = ", ".join("+".join(ids) or "words of its own" for ids in said) or "nothing"
            yield f"the answer {rival.value!r} of '{part.id}' is diagnosed as {found}"
    for response in canonical_responses(part):
        graded = grade(part, response.response)
        if (graded.verdict, graded.score) != (response.verdict, response.score):
            what = f"{response.verdict.value} {response.score}"
            yield f"the response {response.response!r} to '{part.id}' earns {graded.score} and not {what}"
