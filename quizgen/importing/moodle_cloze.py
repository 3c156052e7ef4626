"""Moodle's embedded answers: ``{1:SHORTANSWER:=right#feedback~%50%half}`` inside a text, as gaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from html import unescape

import msgspec

from quizgen.findings import Place
from quizgen.importing.choices import Option, multiple_answer
from quizgen.importing.contract import NotCarried, Notes, Question, Wrong
from quizgen.importing.html_text import line_of_html
from quizgen.importing.markdown import Note, option
from quizgen.importing.number_answers import NumberAnswer, number_key
from quizgen.importing.own_marks import GAP_WORD
from quizgen.importing.shares import exact_number, percent
from quizgen.importing.text_answers import TextAnswer, word_key
from quizgen.importing.yaml_writing import number

_NAMES = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW"), "short"),
    **dict.fromkeys(("SHORTANSWER_C", "SAC", "MWC"), "short-case"),
    **dict.fromkeys(("NUMERICAL", "NM"), "number"),
    **dict.fromkeys(
        (
            "MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS",
            "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS",
        ),
        "choice",
    ),
    **dict.fromkeys(
        ("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH", "MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"),
        "several",
    ),
}  # fmt: skip
_BEGIN = re.compile(r"\{(?P<weight>\d{0,4}):(?P<type>[A-Z_]{2,16}):")
_MARK = re.compile(r"\A(?P<right>=)|\A%(?P<share>-?\d{1,3}(?:\.\d{1,8})?)%")
_MOST_GAPS = 60


class _Answer(msgspec.Struct, frozen=True):
    text: str
    share: Fraction
    feedback: str


def gaps_of(html: str) -> tuple[str, tuple[tuple[str, int, str], ...]]:
    """The text with a word in the place of each gap, and (type, weight, inside) of the gaps."""
    gaps: list[tuple[str, int, str]] = []
    out: list[str] = []
    position = 0
    while (found := _BEGIN.search(html, position)) and len(gaps) < _MOST_GAPS:
        end = _end(html, found.end())
        if found["type"] not in _NAMES or end < 0:
            out.append(html[position : found.end()])
            position = found.end()
            continue
        gaps.append((_NAMES[found["type"]], int(found["weight"] or 1), html[found.end() : end]))
        out += [html[position : found.start()], gap_word(len(gaps))]
        position = end + 1
    return "".join([*out, html[position:]]), tuple(gaps)


def gap_word(number: int) -> str:
    """The word that stands for a gap while the text around it is converted."""
    return GAP_WORD.format(number)


def with_gaps(markdown: str, count: int) -> str:
    """The converted text with the holes of the gaps."""
    for place in range(1, count + 1):
        markdown = markdown.replace(gap_word(place), f"{{{{ gap.g{place} }}}}")
    return markdown


def _end(html: str, start: int) -> int:
    """Where the brace closes that is not escaped."""
    found = re.compile(r"(?<!\\)\}").search(html, start, start + 20_000)
    return found.start() if found else -1


Said = Callable[[str, bool], tuple[str, str]]
"""From the HTML of a feedback, and whether it may be about several misconceptions, to (feedback, misconception)."""


def gap_parts(
    gaps: tuple[tuple[str, int, str], ...], place: Place, note: Notes, said: Said, below: bool = False
) -> Iterator[tuple[str, Question]]:
    """A part for each gap. below: the gaps stand below the stem. Raises NotCarried for gaps that we do not have."""
    total = sum(weight for _, weight, _ in gaps) or 1
    for index, (type_, weight, inside) in enumerate(gaps, 1):
        if not weight:
            raise NotCarried("a gap is worth nothing", broken=True)
        part = _part(type_, list(_answers(inside)), place, note, said, below)
        if any(other != weight for _, other, _ in gaps):
            settings = (*part.settings, ("weight", number(Fraction(weight, total))))
            part = msgspec.structs.replace(part, settings=settings)
        yield f"g{index}", part


def _answers(inside: str) -> Iterator[_Answer]:
    for piece in re.split(r"(?<!\\)~", inside):
        mark = _MARK.match(piece)
        share = Fraction(0)
        if mark:
            share = Fraction(1) if mark["right"] else percent(mark["share"]) or Fraction(0)
            piece = piece[mark.end() :]
        text, _, feedback = _split(piece)
        yield _Answer(_opened(text), share, _opened(feedback))


def _split(piece: str) -> tuple[str, str, str]:
    """Text and feedback: the ``#`` of an entity such as ``&#126;`` is none."""
    found = re.search(r"(?<![\\&])#", piece)
    return (piece[: found.start()], "#", piece[found.end() :]) if found else (piece, "", "")


def _opened(text: str) -> str:
    return unescape(text.strip()).replace(r"\}", "}").replace(r"\#", "#").replace(r"\~", "~")


def _part(type_: str, answers: list[_Answer], place: Place, note: Notes, said: Said, below: bool) -> Question:
    if type_ == "several":
        if not below:
            raise NotCarried("a gap with several right answers inside a text is none of our kinds")
        options = [Option(line_of_html(a.text, note), a.share, *said(a.feedback, False)) for a in answers]
        return multiple_answer(place, "", options, note, own=True)
    if type_ == "choice":
        return _choice(answers, place, note, said)
    if type_ == "number":
        numbers = []
        for answer in answers:
            value, _, radius = answer.text.partition(":")
            middle, reach = exact_number(value), exact_number(radius or "0")
            if middle is None or reach is None:
                if answer.text != "*" or answer.share > 0:
                    raise NotCarried(f"“{answer.text[:30]}” is not a number", broken=True)
                continue
            numbers.append(NumberAnswer(middle, reach, answer.share, *said(answer.feedback, True)))
        key = number_key(numbers, note)
        return Question(place, "", "numeric", "", (key.value,), key.wrong, settings=key.settings)
    texts = [TextAnswer(a.text, a.share, *said(a.feedback, False)) for a in answers]
    words = word_key(texts, type_ == "short-case", note)
    return Question(place, "", "short-answer", "", (words.key,), words.wrong, words.accept, settings=words.settings)


def _choice(answers: list[_Answer], place: Place, note: Note, said: Said) -> Question:
    right = [answer for answer in answers if answer.share == 1]
    if not right:
        raise NotCarried("no option of a gap is worth all of the points", broken=True)
    wrong = tuple(
        Wrong(line_of_html(a.text, note), max(Fraction(0), a.share), *said(a.feedback, False))
        for a in answers
        if a is not right[0]
    )
    return Question(place, "", "single-choice", "", (option(line_of_html(right[0].text, note)),), wrong)
