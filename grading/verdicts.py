"""What a grader says: a verdict, an exact score, a stable note, and for people a reading and a diagnosis."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import Any

import msgspec


class Verdict(Enum):
    """The outcome of grading one response.

    INVALID (could not be read) and UNDECIDED (needs a person) carry no score; they are never "wrong".
    PARTIALLY_GRADED is an item of several parts of which at least one waits for a person.
    """

    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    INVALID = "invalid"
    UNDECIDED = "undecided"
    PARTIALLY_GRADED = "partially-graded"


class Refusal(msgspec.Struct, frozen=True):
    """Why a response could not be read: shown to the learner under their own text, without a penalty.

    code: stable machine-readable word, such as ``unknown-name``.
    message: one kind sentence. offset: where in the text, in characters from 0. length: how many characters.
    suggestion: what to type instead, or "". field: of an answer in several fields the one that is meant, else "".
    sentence: which one the message is, the code and where it has several what decides, such as ``unknown-name:known``;
    its words in every language stand in `grading.wording`, as ``refusal:…``. values: what stands in it, by name.
    """

    code: str
    message: str
    offset: int = 0
    length: int = 1
    suggestion: str = ""
    field: str = ""
    sentence: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls, sentence: str, offset: int = 0, length: int = 1, suggestion: str = "", /, **values: str | int
    ) -> Refusal:
        """The refusal with this sentence, in English; raises KeyError if there is no such sentence, or without a value.

        >>> Refusal.of("too-many-digits", 4, 70, most=60).message
        'A number may have at most 60 digits.'
        """
        code, named = sentence.partition(":")[0], tuple((name, str(value)) for name, value in values.items())
        return cls(code, _told(sentence, named, "en"), offset, max(1, length), suggestion, "", sentence, named)

    def told_in(self, language: str) -> Refusal:
        """The same with its sentence in another language.

        >>> Refusal.of("too-many-digits", most=60).told_in("de").message
        'Eine Zahl darf höchstens 60 Ziffern haben.'
        """
        if not self.sentence:
            return self
        return msgspec.structs.replace(self, message=_told(self.sentence, self.values, language))

    def caret(self, text: str, width: int = 60) -> str:
        """The learner's text with a caret under the place.

        >>> print(Refusal("x", "…", offset=4).caret("log q_2"))
        log q_2
            ^
        """
        start = max(0, min(self.offset, len(text)) - width // 2)
        shown = text[start : start + width].replace("\n", " ").replace("\t", " ").replace("\x00", "�")
        return f"{shown}\n{' ' * (min(self.offset, len(text)) - start)}{'^' * max(1, min(self.length, width // 2))}"


def _told(sentence: str, values: tuple[tuple[str, str], ...], language: str) -> str:
    from grading.wording import wording  # an answer that is read needs no words

    return wording(language)(f"refusal:{sentence}").format_map(dict(values))


class Diagnosis(msgspec.Struct, frozen=True, gc=False):
    """What was probably believed. It names what happened and never changes a score.

    misconceptions: ids; more than one when the answer takes several steps away from the key.
    title, hint, feedback: the words of the language of the quiz, shown by setting.
    """

    misconceptions: tuple[str, ...]
    title: str = ""
    hint: str = ""
    feedback: str = ""


class Grade(msgspec.Struct, frozen=True, gc=False):
    """One graded response.

    score: exact share of the part or item in [0, 1], None while there is none (INVALID, UNDECIDED).
    note: stable machine-readable reason such as ``numeric:within-tolerance``.
    reading: how the response was read, for an echo ("you wrote: …").
    diagnoses: all ties, best first; empty when nothing is known.
    parts: (part id, grade) for an item of several parts; (name, grade) of each field that could not be read, for an
        answer in several fields.
    """

    verdict: Verdict
    score: Fraction | None
    note: str
    reading: str = ""
    diagnoses: tuple[Diagnosis, ...] = ()
    refusal: Refusal | None = None
    parts: tuple[tuple[str, Grade], ...] = ()

    def told_in(self, language: str) -> Grade:
        """The same with every refusal in another language."""
        if self.refusal is None and not self.parts:
            return self
        refusal = self.refusal.told_in(language) if self.refusal is not None else None
        parts = tuple((name, part.told_in(language)) for name, part in self.parts)
        return msgspec.structs.replace(self, refusal=refusal, parts=parts)


def scored(score: Fraction, note: str, reading: str = "", diagnoses: tuple[Diagnosis, ...] = ()) -> Grade:
    """A grade with the verdict that the score implies: 1 correct, 0 incorrect, between them partial."""
    verdict = Verdict.CORRECT if score == 1 else Verdict.INCORRECT if score == 0 else Verdict.PARTIAL
    return Grade(verdict, score, note, reading, diagnoses)


class ExpectedResponse(msgspec.Struct, frozen=True):
    """A response together with what every grader of that key, ours or an LMS's, has to say of it.

    Each kind of question derives its right, partial, wrong and malformed ones from the key itself, without grading.
    response: a canonical response. verdict, score: as in `Grade`; an LMS without "invalid" gives 0 for it.
    """

    response: Any
    verdict: Verdict
    score: Fraction | None


def expected(response: Any, score: Fraction | int) -> ExpectedResponse:
    """A response that must earn this score, with the verdict that the score implies.

    >>> expected("b", Fraction(1, 2)).verdict
    <Verdict.PARTIAL: 'partial'>
    """
    grade = scored(Fraction(score), "")
    return ExpectedResponse(response, grade.verdict, grade.score)


def malformed(response: Any) -> ExpectedResponse:
    """A response that cannot be read and must cost nothing."""
    return ExpectedResponse(response, Verdict.INVALID, None)
