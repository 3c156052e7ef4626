"""One part of an item as one ``<item>`` of the QTI profile of Common Cartridge 1.1.

The profile knows one response a question, and all of its points or none: there is no ``or``, no range of numbers and no
adding up. Whatever has several right answers has a condition for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain
from string import ascii_uppercase
from typing import Literal

import msgspec

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    Key,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    TextKey,
)
from quizgen.exporters.accepted_texts import accepted_texts
from quizgen.exporters.cc.markup import (
    DIALECT,
    dialect,
    html_text,
    inline,
    material,
    metadata,
    words_html,
    xml_text,
    xml_value,
)
from quizgen.exporters.listed_numbers import how_to_type, right_decimals
from quizgen.exporters.rendering.fields import field_instructions, named_answer
from quizgen.exporters.rendering.html import block_html
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.told_answers import offered
from quizgen.model import Item, Option, Part, TrueFalseInteraction, WorkedKey

Profile = Literal["multiple_choice", "multiple_response", "true_false", "fib", "essay"]
RESPONSE = "response1"
LEAST_OPTIONS = 3
MOST_WEIGHT = 99

_OUTCOMES = '<outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>'
_SEPARATORS = ("", " ", ",", ", ")


class Body(msgspec.Struct, frozen=True):
    """What a profile has of its own. field: where the answer is given. right: conditions, each of which is enough.

    said: (id, condition, HTML) of feedback to one answer. explained: known wrong answers without such a condition.
    """

    profile: Profile
    field: str
    right: tuple[str, ...] = ()
    said: tuple[tuple[str, str, str], ...] = ()
    explained: tuple[Rival, ...] = ()


def questions(item: Item, key: WorkedKey, points: Fraction, category: str, code: bool) -> Iterator[str]:
    """A question for each part. points: of the item. category: of questions, or "". code: print it below the text."""
    words, several = wording(item.language), len(item.parts) > 1
    part_keys = {part_key.id: part_key for part_key in key.parts}
    numbers = {part.id: number for number, part in enumerate(item.parts, 1)}
    gapped = dialect(lambda part: f"____ ({numbers[part]})" if several else "____")
    stem = block_html(item.stem, gapped)
    for number, part in enumerate(item.parts, 1):
        part_key = part_keys[part.id]
        heading = f"<p><strong>{html_text(words('part', number=number))}</strong></p>" if several else ""
        asked = (
            stem,
            heading,
            block_html(part.prompt, gapped),
            _listed(part, part_key.key),
            _instructions(part, part_key.key, words),
            f"<p><small>{html_text(item.code)}</small></p>" if code else "",
        )
        body = _body(part, part_key, words)
        name = f"{item.id}-{part.id}" if several else item.id
        title = f"{item.code} {item.title}" + (f" ({number})" if several else "")
        head = f"<item ident={xml_value(name)} title={xml_value(title)} xml:lang={xml_value(item.language)}>"
        meta = {
            "cc_profile": f"cc.{body.profile}.v0p1",
            "cc_question_category": category,
            "cc_weighting": _weight(points * part.weight),
            "qmd_scoringpermitted": "Yes",
            "qmd_computerscored": "No" if body.profile == "essay" else "Yes",
        }
        yield (
            f"{head}\n<itemmetadata>{metadata(meta)}</itemmetadata>\n"
            f"<presentation>{material(chr(10).join(filter(None, asked)))}\n{body.field}</presentation>\n"
            f"{_processing(item, key, body, part_key, words)}</item>\n"
        )


def _weight(points: Fraction) -> str:
    """The profile takes whole numbers from 1 to 99."""
    return str(points) if points.denominator == 1 and 1 <= points <= MOST_WEIGHT else ""


def right_texts(part: Part, key: Key) -> tuple[str, ...]:
    """The texts that are right where an answer is typed, the preferred one first; () if no list holds them."""
    match key:
        case NumericKey():
            return right_decimals(key).texts
        case TextKey():
            return tuple(text for text, credit, _ in accepted_texts(key) if credit == 1)
        case MatchingKey() | OrderingKey():
            return _right_letters(part, key)
    return ()


def _right_letters(part: Part, key: MatchingKey | OrderingKey) -> tuple[str, ...]:
    """The letters of the right order, or of the partners of the left sides in turn."""
    lists = offered(part.interaction)
    letters = {entry.id: entry.label for entry in lists[-1]}
    if len(letters) > len(ascii_uppercase):
        return ()
    ids = key.order if isinstance(key, OrderingKey) else [dict(key.pairs)[left.id] for left in lists[0]]
    return tuple(dict.fromkeys(separator.join(letters[id_] for id_ in ids) for separator in _SEPARATORS))


def _listed(part: Part, key: Key) -> str:
    """Entries with the letters and numbers that name them in a typed answer."""
    if not isinstance(key, MatchingKey | OrderingKey):
        return ""
    return "\n".join(
        f"<p>{'<br/>'.join(f'{entry.label}. {inline(entry.content)}' for entry in entries)}</p>"
        for entries in offered(part.interaction)
    )


def _instructions(part: Part, key: Key, words: Wording) -> str:
    unit = getattr(part.interaction, "unit", "")
    said = field_instructions(part.interaction, words)
    match key:
        case NumericKey() if right_texts(part, key):
            said = " ".join(filter(None, (words("numeric-unit", unit=unit) if unit else "", how_to_type(key, words))))
        case MatchingKey() if right_texts(part, key):
            said = words("typed:match")
        case OrderingKey() if right_texts(part, key):
            said = words("typed:order")
        case SymbolicKey():
            said = " ".join(filter(None, (said, words("graded-on-return"))))
    return f"<p><em>{html_text(said)}</em></p>" if said else ""


# --- profiles


def _body(part: Part, part_key: PartKey, words: Wording) -> Body:
    key = part_key.key
    match key:
        case ChoiceKey():
            return _choice(part, key, words)
        case MultipleAnswerKey():
            return _multiple_answer(part, key, words)
        case NumericKey() | TextKey() | MatchingKey() | OrderingKey():
            if texts := right_texts(part, key):
                return _typed_body(key, texts, words)
    return Body("essay", _typed(), explained=tuple(getattr(key, "rivals", ())))


def _choice(part: Part, key: ChoiceKey, words: Wording) -> Body:
    """Of two options the profile makes no single choice: without being true or false, they are ticked."""
    options: tuple[Option, ...] = getattr(part.interaction, "options", ())
    said = tuple(_feedback(rival, _equal(rival.value), words) for rival in key.rivals if _told(rival, words))
    if isinstance(part.interaction, TrueFalseInteraction):
        return Body("true_false", _chosen(options, "Single"), (_equal(key.correct),), said)
    if len(options) >= LEAST_OPTIONS:
        return Body("multiple_choice", _chosen(options, "Single"), (_equal(key.correct),), said)
    return Body("multiple_response", _chosen(options, "Multiple"), (_exactly(options, {key.correct}),), said)


def _multiple_answer(part: Part, key: MultipleAnswerKey, words: Wording) -> Body:
    options: tuple[Option, ...] = getattr(part.interaction, "options", ())
    right = set(key.correct)
    wrong = [rival for rival in key.rivals if rival.value not in right and _told(rival, words)]
    return Body(
        "multiple_response",
        _chosen(options, "Multiple"),
        (_exactly(options, right),),
        tuple(_feedback(rival, _equal(rival.value), words) for rival in wrong),
        tuple(rival for rival in key.rivals if rival.value in right),
    )


def _typed_body(key: Key, texts: tuple[str, ...], words: Wording) -> Body:
    """Known wrong wordings have their own feedback; of numbers and letters only one way of writing them is known."""
    exact = isinstance(key, TextKey) and key.case_sensitive
    rivals: tuple[Rival, ...] = getattr(key, "rivals", ())
    own = [rival for rival in rivals if isinstance(key, TextKey) and _told(rival, words)]
    return Body(
        "fib",
        _typed(),
        _numbers_equal(texts) if isinstance(key, NumericKey) else tuple(_equal(text, exact) for text in texts),
        tuple(_feedback(rival, _equal(rival.value, exact), words) for rival in own),
        tuple(rival for rival in rivals if not isinstance(key, TextKey)),
    )


def _feedback(rival: Rival, condition: str, words: Wording) -> tuple[str, str, str]:
    return f"{rival.value}_fb", condition, _told(rival, words)


def _told(rival: Rival, words: Wording) -> str:
    return words_html(rival.feedback or rival.title, words.language)


# --- pieces


def _chosen(options: Iterable[Option], cardinality: str) -> str:
    labels = "".join(
        f"<response_label ident={xml_value(option.id)}>{material(inline(option.content))}</response_label>\n"
        for option in options
    )
    return (
        f'<response_lid ident="{RESPONSE}" rcardinality="{cardinality}"><render_choice>\n{labels}'
        "</render_choice></response_lid>\n"
    )


def _typed() -> str:
    return f'<response_str ident="{RESPONSE}" rcardinality="Single"><render_fib/></response_str>\n'


def _equal(value: str, exact_case: bool | None = None) -> str:
    case = "" if exact_case is None else f' case="{"Yes" if exact_case else "No"}"'
    text = " ".join(value.split()) if exact_case is not None else value
    return f'<varequal respident="{RESPONSE}"{case}>{xml_text(text)}</varequal>'


def _numbers_equal(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The same for decimals, which hold no sign that has to be escaped."""
    before, _, behind = _equal("0", exact_case=False).partition("0")
    return tuple([f"{before}{text}{behind}" for text in texts])


def _exactly(options: Iterable[Option], right: set[str]) -> str:
    inner = "".join(
        _equal(option.id) if option.id in right else f"<not>{_equal(option.id)}</not>" for option in options
    )
    return f"<and>{inner}</and>"


def _processing(item: Item, key: WorkedKey, body: Body, part_key: PartKey, words: Wording) -> str:
    """Feedback to everything first, then to single answers, then the points."""
    shown = {"general_fb": ("Response", f"<flow_mat>{material(_general(item, body, part_key, words))}</flow_mat>")}
    if key.hints:
        hints = (f"<hintmaterial>{material(words_html(hint, words.language))}</hintmaterial>" for hint in key.hints)
        shown["hint"] = ("Hint", f"<hint>{''.join(hints)}</hint>")
    if key.solution:
        solved = material(block_html(key.solution, DIALECT))
        shown["solution"] = ("Solution", f"<solution><solutionmaterial>{solved}</solutionmaterial></solution>")
    displayed = "".join(_display(name, kind) for name, (kind, _) in shown.items())
    own = tuple((f"answer{number}_fb", *rest) for number, (_, *rest) in enumerate(body.said, 1))
    conditions = [_condition("<other/>", displayed, "Yes")]
    conditions += [_condition(condition, _display(name, "Response"), "Yes") for name, condition, _ in own]
    if body.right:
        before, behind = _RIGHT
        conditions += (before, f"{behind}{before}".join(body.right), behind)
    feedback = chain(
        ((name, inner) for name, (_, inner) in shown.items()),
        ((name, f"<flow_mat>{material(html)}</flow_mat>") for name, _, html in own),
    )
    told = "".join(f"<itemfeedback ident={xml_value(name)}>{inner}</itemfeedback>\n" for name, inner in feedback)
    return f"<resprocessing>{_OUTCOMES}\n{''.join(conditions)}</resprocessing>\n{told}"


def _condition(condition: str, then: str, go_on: str) -> str:
    return f'<respcondition continue="{go_on}"><conditionvar>{condition}</conditionvar>{then}</respcondition>\n'


_RIGHT = _condition("\0", '<setvar action="Set" varname="SCORE">100</setvar>', "No").split("\0")
"""What stands around the condition of an answer that earns all points; a number has dozens of them."""


def _display(name: str, kind: str) -> str:
    return f'<displayfeedback feedbacktype="{kind}" linkrefid={xml_value(name)}/>'


def _general(item: Item, body: Body, part_key: PartKey, words: Wording) -> str:
    """Known wrong answers without a place of their own, and where the question comes from."""
    known = "".join(
        f"<li>{html_text(named_answer(rival, part_key, words))} {told}</li>"
        for rival in body.explained
        if (told := _told(rival, words))
    )
    known = f"<p>{html_text(words('known-answers'))}</p>\n<ul>{known}</ul>\n" if known else ""
    return f"{known}<p><small>{html_text(f'{item.code} · {item.id} · {item.revision}')}</small></p>"
