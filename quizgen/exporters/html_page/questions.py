"""One question as a fragment of a page: for learners at practice or in an exam, or for teachers."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    SymbolicKey,
    TextKey,
)
from quizgen.exporters.accepted_numbers import accepted_numbers, zone
from quizgen.exporters.html_page.checking import checking_data, explained_answers, is_checked
from quizgen.exporters.html_page.controls import control, gap_control, is_gap
from quizgen.exporters.html_page.dialect import DIALECT, page_dialect, phrase_html
from quizgen.exporters.rendering.conditions import named_tuple, tuple_key
from quizgen.exporters.rendering.decimals import as_read, decimal, value_of
from quizgen.exporters.rendering.html import block_html, escaped, inline_html
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.model import (
    ChoiceInteraction,
    Item,
    MatchingInteraction,
    MultipleAnswerInteraction,
    Option,
    Part,
    WorkedKey,
)


class Mode(Enum):
    """EXAM: nothing of the key is in the fragment. PRACTICE: it is there, hidden. TEACHER: it is there, shown."""

    EXAM = "exam"
    PRACTICE = "practice"
    TEACHER = "teacher"


SAID = ' aria-live="polite"'
"""Of what a screen reader says when the script uncovers it."""


def render_question(
    item: Item, key: WorkedKey | None, mode: Mode = Mode.PRACTICE, number: int = 1, points: str = ""
) -> str:
    """A question as one ``<section>``. number: its place on the page. points: what it is worth, in words, or "".

    With Mode.EXAM the key is not looked at.
    """
    words = wording(item.language)
    element = f"q{number}"
    part_keys = {part_key.id: part_key for part_key in key.parts} if key and mode is not Mode.EXAM else {}
    elements = part_elements(item, number)
    placed: list[str] = []

    def gap(part_id: str) -> str:
        place, part = next((place, part) for place, part in enumerate(item.parts) if part.id == part_id)
        placed.append(part_id)
        return gap_control(part, elements[part_id], place + 1, words) if is_gap(part) else "____"

    stem = block_html(item.stem, page_dialect(gap))
    below = mode is Mode.PRACTICE and len(item.parts) == 1
    fields = [
        _part(
            part,
            elements[part.id],
            part_keys.get(part.id),
            part.id not in placed or not is_gap(part),
            below,
            mode,
            words,
        )
        for part in item.parts
    ]
    worth = f'<span class="points">{escaped(points)}</span>' if points else ""
    return (
        f'<section class="question" id="{element}" aria-labelledby="{element}-title" data-item="{escaped(item.id)}">\n'
        f'<h2 id="{element}-title"><span class="number"><span class="unseen">{escaped(words("page:question"))} </span>'
        f'{number}</span><span class="title">{escaped(item.title)}</span></h2>\n'
        f'<p class="about"><span class="code">{escaped(item.code)}</span>{worth}</p>\n'
        f'<div class="stem">{stem}</div>\n{"".join(fields)}'
        + (_help(item, key, element, mode, words) if key and mode is not Mode.EXAM else "")
        + "</section>\n"
    )


def part_elements(item: Item, number: int) -> dict[str, str]:
    """The id in the page of each part's field."""
    return {part.id: f"q{number}-{place}" for place, part in enumerate(item.parts, 1)}


def question_data(item: Item, key: WorkedKey | None, mode: Mode, number: int) -> dict[str, Any]:
    """What the script knows of a question."""
    part_keys = {part_key.id: part_key for part_key in key.parts} if key and mode is Mode.PRACTICE else {}
    elements = part_elements(item, number)
    parts = []
    for part in item.parts:
        entry: dict[str, Any] = {"id": part.id, "element": elements[part.id], "kind": _control_kind(part)}
        if part.id in part_keys:
            entry["check"] = checking_data(part_keys[part.id])
        parts.append(entry)
    return {"item": item.id, "code": item.code, "element": f"q{number}", "single": len(item.parts) == 1, "parts": parts}


def _control_kind(part: Part) -> str:
    return str(part.interaction.__struct_config__.tag)


def _part(
    part: Part,
    element: str,
    part_key: PartKey | None,
    own_field: bool,
    feedback_below: bool,
    mode: Mode,
    words: Wording,
) -> str:
    """The prompt of a part, its field unless that stands in the text, and its feedback unless that comes below."""
    right = _right_options(part_key) if part_key and mode is Mode.TEACHER else frozenset()
    field = control(part, element, words, right) if own_field else ""
    prompt = block_html(part.prompt, DIALECT)
    gap = "" if own_field else words("page:gap", number=element.rpartition("-")[2])
    feedback = _feedback(part, part_key, element, mode, words, gap) if part_key and not feedback_below else ""
    shown_key = _key(part_key, part, words) if part_key and mode is Mode.TEACHER else ""
    own_verdict = own_field and part_key and mode is Mode.PRACTICE and not feedback_below
    verdict = f'<p class="part-verdict" id="{element}-verdict"></p>' if own_verdict else ""
    return f'<div class="part" data-part="{escaped(part.id)}">{prompt}{field}{shown_key}{verdict}{feedback}</div>\n'


def _right_options(part_key: PartKey) -> frozenset[str]:
    match part_key.key:
        case ChoiceKey(correct):
            return frozenset([correct])
        case MultipleAnswerKey(correct):
            return frozenset(correct)
    return frozenset()


def _feedback(part: Part, part_key: PartKey, element: str, mode: Mode, words: Wording, gap: str = "") -> str:
    """What is said about known wrong answers; the script uncovers the one that fits. gap: its name, in a cloze.

    Learners read what is said to them, after the answer that it is about where there may be several. Teachers also
    read the title, which names the belief.
    """
    teacher = mode is Mode.TEACHER
    hidden = "" if teacher else " hidden"
    notes = words.group("band:")
    blocks = []
    for when, rivals, band in explained_answers(part_key):
        shown = "".join([_words_of(rival.title, rival.feedback, teacher, words.language) for rival in rivals])
        shown += f"<p>{escaped(notes[band])}</p>" if notes.get(band) else ""
        if not shown:
            continue
        style = "feedback nearly" if band or any(rival.credit for rival in rivals) else "feedback"
        named = escaped(_named(when, part_key, words)) if teacher else _answer_html(when, part, part_key, words, gap)
        about = f'<p class="when">{named}</p>' if named else ""
        blocks.append(f'<div class="{style}" data-when="{escaped(when)}"{hidden}>{about}{shown}</div>')
    said = "" if teacher else SAID
    return f'<div class="feedbacks" id="{element}-feedback"{said}>{"".join(blocks)}</div>' if blocks else ""


def _answer_html(when: str, part: Part, part_key: PartKey, words: Wording, gap: str) -> str:
    """The one of several answers that a feedback is about, as a learner saw it; "" if there is only one."""
    interaction = part.interaction
    match interaction:
        case MultipleAnswerInteraction(options):
            shown = _option_html(options, when)
            left_out = isinstance(part_key.key, MultipleAnswerKey) and when in part_key.key.correct
            return f"{escaped(words('page:left-out'))} {shown}" if left_out else shown
        case MatchingInteraction(left, right):
            first, _, second = when.partition("=")
            return f"{_option_html(left, first)} → {_option_html(right, second)}"
        case ChoiceInteraction(options) if gap:
            return f"{escaped(gap)}: {_option_html(options, when)}"
    return escaped(gap)


def _option_html(options: tuple[Option, ...], id_: str) -> str:
    return next((inline_html(option.content, DIALECT) for option in options if option.id == id_), "")


@lru_cache(maxsize=4096)
def _words_of(title: str, feedback: str, teacher: bool, language: str) -> str:
    """A paragraph about a known wrong answer, which variants of a template share."""
    title = title if teacher or not feedback else ""
    head = f'<strong class="belief">{phrase_html(title, language)}</strong>' if title else ""
    said = " ".join(filter(None, (head, phrase_html(feedback, language))))
    return f"<p>{said}</p>" if said else ""


def _named(when: str, part_key: PartKey, words: Wording) -> str:
    """The wrong answer that a feedback belongs to, as a teacher reads it."""
    texts = dict(part_key.options)
    key = part_key.key
    if isinstance(key, NumericKey):
        entry = accepted_numbers(key)[int(when)]
        credit = f" → {entry.credit}" if entry.credit else ""
        return with_margin(entry.middle, entry.radius, key.decimal_comma) + credit
    if isinstance(key, NumericTupleKey):
        return named_tuple(when, key, words)
    if isinstance(key, MatchingKey):
        left, _, right = when.partition("=")
        return f"{texts.get(left, left)} = {texts.get(right, right)}"
    rivals = {rival.value: rival for rival in getattr(key, "rivals", ())}
    credit = f" → {rivals[when].credit}" if when in rivals and rivals[when].credit else ""
    if isinstance(key, OrderingKey):
        return " → ".join(texts.get(id_, id_) for id_ in when.split()) + credit
    return texts.get(when, when) + credit


def with_margin(middle: Fraction, radius: Fraction, comma: bool = False) -> str:
    """A number as a teacher reads it, with what is accepted around it. comma: the decimal mark is a comma.

    >>> with_margin(Fraction(-1, 2), Fraction(1, 200)), with_margin(Fraction(65), Fraction(0))
    ('−0.5 ± 0.005', '65')
    """
    number = as_read(decimal(middle, 6), comma)
    return f"{number} ± {as_read(decimal(radius, 3), comma)}" if radius else number


def _key(part_key: PartKey, part: Part, words: Wording) -> str:
    """The key for teachers, where it is not marked among the options."""
    text = key_text(part_key, words, getattr(part.interaction, "unit", ""))
    return f'<p class="key"><strong>{escaped(words("page:key"))}:</strong> {escaped(text)}</p>' if text else ""


def key_text(part_key: PartKey, words: Wording, unit: str = "") -> str:
    """The key in words and numbers; "" for options. unit: as it is shown."""
    texts, key = dict(part_key.options), part_key.key
    match key:
        case NumericKey():
            middle, radius = zone(value_of(key.value), key.tolerance)[0]
            return f"{with_margin(middle, radius, key.decimal_comma)} {unit}".strip()
        case NumericTupleKey():
            return tuple_key(key, words)
        case SymbolicKey(value):
            return value
        case TextKey(accepted):
            return " | ".join(accepted)
        case MatchingKey(pairs):
            return "; ".join(f"{texts.get(left, left)} = {texts.get(right, right)}" for left, right in pairs)
        case OrderingKey(order):
            return " → ".join(texts.get(id_, id_) for id_ in order)
        case EssayKey(rubric):
            return "; ".join(f"{decimal(line.points, 6)}: {line.text}" for line in rubric)
    return ""


def _help(item: Item, key: WorkedKey, element: str, mode: Mode, words: Wording) -> str:
    """Buttons, verdict, hints and the worked solution of a practice question; for teachers everything is open."""
    hidden = "" if mode is Mode.TEACHER else " hidden"
    hints = "".join(f"<li{hidden}>{phrase_html(hint, words.language)}</li>" for hint in key.hints)
    hint_list = f'<ul class="hints" id="{element}-hints">{hints}</ul>' if hints else ""
    solution = block_html(key.solution, DIALECT)
    shown = f'<div class="solution" id="{element}-solution"{hidden}>{solution}</div>' if solution else ""
    if mode is Mode.TEACHER:
        return hint_list + shown
    hint_list = f"<div{SAID}>{hint_list}</div>" if hints else ""  # around it: a list without any is not there itself
    checkable = any(is_checked(part_key.key) for part_key in key.parts)
    buttons = f'<button type="button" class="check">{escaped(words("page:check"))}</button>' if checkable else ""
    if hints:
        buttons += f'<button type="button" class="hint quiet">{escaped(words("page:hint"))}</button>'
    if solution:
        buttons += (
            f'<button type="button" class="reveal quiet" aria-expanded="false" aria-controls="{element}-solution">'
            f"{escaped(words('page:solution'))}</button>"
        )
    actions = f'<div class="actions">{buttons}</div>\n' if buttons else ""
    verdict = f'<p class="verdict" role="status" id="{element}-verdict"></p>\n'
    if not checkable:
        verdict = f'<p class="help">{escaped(words("page:not-here"))}</p>\n'
    feedback = _feedback(item.parts[0], key.parts[0], f"{element}-1", mode, words) if len(item.parts) == 1 else ""
    return actions + verdict + feedback + hint_list + shown
