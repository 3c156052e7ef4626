"""One part of an item as one Moodle question, kind by kind."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import msgspec

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    TextKey,
)
from quizgen.exporters.moodle_xml.answers import (
    numeric_answers,
    option_feedback,
    option_shares,
    rival_feedback,
    text_answers,
)
from quizgen.exporters.moodle_xml.xml import (
    DIALECT,
    NAME_LENGTH,
    attribute,
    character_data,
    element,
    html_element,
    id_number,
    menu_text,
    moodle_text,
    percentage,
    phrase_html,
    text_element,
)
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.fields import field_instructions, marking_notes, named_answer
from quizgen.exporters.rendering.html import block_html, inline_html
from quizgen.exporters.rendering.text import inline_text, printable
from quizgen.exporters.rendering.wording import Wording
from quizgen.model import (
    Item,
    MatchingInteraction,
    Option,
    OrderingInteraction,
    TrueFalseInteraction,
    WorkedKey,
)

NOTHING = Fraction(0)
LEAST_HINTS = 2
LONGEST_UNIT = 50
"""Characters of a unit that Moodle's database has room for; a longer one refuses the file."""


class Asked(msgspec.Struct, frozen=True):
    """One question to write: a part of an item, or all its parts.

    suffix: "" or what tells this part from the others, such as `` (2 of 3)``; id_suffix the same for the id number.
    html: what the learner reads. points: what the question is worth.
    """

    item: Item
    key: WorkedKey
    html: str
    points: Fraction
    words: Wording
    suffix: str = ""
    id_suffix: str = ""


def part_question(asked: Asked, interaction: object, part_key: PartKey) -> str:
    """The ``<question>`` of one part."""
    key = part_key.key
    match key:
        case ChoiceKey() if is_true_false(interaction, key):
            return question("truefalse", asked, _true_false(key))
        case ChoiceKey() | MultipleAnswerKey():
            return question("multichoice", asked, _multiple_choice(asked, interaction, key), left_out(part_key))
        case NumericKey():
            return question("numerical", asked, _numerical(asked, interaction, key))
        case TextKey():
            return question("shortanswer", asked, _short_answer(key))
        case MatchingKey():
            return question("matching", asked, _matching(asked, interaction, key), all_rivals(part_key))
        case OrderingKey():
            return question("ordering", asked, _ordering(asked, interaction, key), all_rivals(part_key))
        case EssayKey() | SymbolicKey():
            return question("essay", asked, _essay(asked, key))
    raise TypeError(f"not a key: {key!r}")


_PENALTY = element("penalty", "0.3333333") + element("hidden", "0")

Explained = Sequence[tuple[Rival, PartKey]]
"""Known wrong answers that only general feedback can name, each with the key of its part."""


def question(type_: str, asked: Asked, body: str, explained: Explained = ()) -> str:
    """A ``<question>``: what every type has, and its body."""
    item = asked.item
    name = f"{item.code}{asked.suffix} {item.title}".replace("\n", " ")[:NAME_LENGTH]
    identity = general_feedback(asked, explained)
    return (
        f"<question type={attribute(type_)}>\n"
        + text_element("name", " ".join(printable(name).split()))
        + html_element("questiontext", asked.html)
        + html_element("generalfeedback", identity)
        + element("defaultgrade", decimal(asked.points, 12))
        + _PENALTY
        + element("idnumber", id_number(item.id + asked.id_suffix))
        + body
        + _hints(asked, type_)
        + _tags(item)
        + "</question>\n"
    )


def general_feedback(asked: Asked, explained: Explained) -> str:
    """The worked solution, known wrong answers without a place of their own, and where the question comes from."""
    words, item = asked.words, asked.item
    solution = block_html(asked.key.solution, DIALECT)
    known = "".join(
        f"<li>{moodle_text(named_answer(rival, part_key, words))} {feedback}</li>"
        for rival, part_key in explained
        if (feedback := rival_feedback([rival]))
    )
    origin = f"{item.code} · {item.id} · {item.revision[:16]}"
    return (
        solution
        + (f"\n<p>{words('known-answers')}</p>\n<ul>{known}</ul>" if known else "")
        + f"\n<p><small>{moodle_text(origin)}</small></p>"
    )


def _hints(asked: Asked, type_: str) -> str:
    """Moodle's import of ``ordering`` needs two hints at least, each with its settings."""
    texts = [phrase_html(text) for text in asked.key.hints]
    if type_ == "ordering":
        texts += [f"<p>{asked.words('incorrect')}</p>"] * max(0, LEAST_HINTS - len(texts))
    settings = "<shownumcorrect/>\n" if type_ in ("multichoice", "matching", "ordering", "cloze") else ""
    return "".join(html_element("hint", text, settings) for text in texts)


def _tags(item: Item) -> str:
    names = dict.fromkeys(
        (
            item.template,
            *item.concepts,
            *([f"bloom:{item.bloom}"] if item.bloom else []),
            f"revision:{item.revision[:16]}",
        )
    )
    return f"<tags>\n{''.join([_tag(name) for name in names if name])}</tags>\n"


@lru_cache(maxsize=4096)
def _tag(name: str) -> str:
    return text_element("tag", printable(name)[:255])


def _answer(share: Fraction, text: str, feedback: str = "", more: str = "", format_: str = "moodle_auto_format") -> str:
    inner = f"<text>{character_data(text)}</text>\n{_said(feedback)}{more}"
    return f"<answer fraction={attribute(percentage(share))} format={attribute(format_)}>{inner}</answer>\n"


@lru_cache(maxsize=4096)
def _said(feedback: str) -> str:
    return html_element("feedback", feedback)


@lru_cache(maxsize=64)
def _combined_feedback(words: Wording) -> str:
    return (
        html_element("correctfeedback", f"<p>{words('correct')}</p>")
        + html_element("partiallycorrectfeedback", f"<p>{words('partly')}</p>")
        + html_element("incorrectfeedback", f"<p>{words('incorrect')}</p>")
        + "<shownumcorrect/>\n"
    )


def is_true_false(interaction: object, key: ChoiceKey) -> bool:
    """Partial credit is lost in Moodle's true/false questions; such a one becomes a choice of two."""
    return isinstance(interaction, TrueFalseInteraction) and not any(rival.credit for rival in key.rivals)


def _true_false(key: ChoiceKey) -> str:
    feedback = option_feedback(key)
    return "".join(_answer(Fraction(key.correct == id_), id_, feedback.get(id_, "")) for id_ in ("true", "false"))


def _multiple_choice(asked: Asked, interaction: object, key: ChoiceKey | MultipleAnswerKey) -> str:
    options: tuple[Option, ...] = getattr(interaction, "options", ())
    shares, feedback = option_shares(key), option_feedback(key)
    single = "true" if isinstance(key, ChoiceKey) else "false"
    shuffle = "true" if getattr(interaction, "shuffle", False) else "false"
    answers = [
        _answer(
            shares.get(option.id, NOTHING),
            inline_html(option.content, DIALECT),
            feedback.get(option.id, ""),
            format_="html",
        )
        for option in options
    ]
    return _choice_settings(single, shuffle) + _combined_feedback(asked.words) + "".join(answers)


@lru_cache(maxsize=4)
def _choice_settings(single: str, shuffle: str) -> str:
    return (
        element("single", single)
        + element("shuffleanswers", shuffle)
        + element("answernumbering", "abc")
        + element("showstandardinstruction", "0")
    )


def left_out(part_key: PartKey) -> Explained:
    """Beliefs behind leaving out a right option: no option carries that feedback."""
    if not isinstance(part_key.key, MultipleAnswerKey):
        return ()
    return [(rival, part_key) for rival in part_key.key.rivals if rival.value in part_key.key.correct]


def all_rivals(part_key: PartKey) -> Explained:
    """The known wrong answers of a kind in which no answer carries feedback."""
    return [(rival, part_key) for rival in getattr(part_key.key, "rivals", ())]


def _numerical(asked: Asked, interaction: object, key: NumericKey) -> str:
    answers = [
        _answer(share, number, feedback, element("tolerance", tolerance))
        for number, tolerance, share, feedback in numeric_answers(key, asked.words)
    ]
    return "".join(answers) + _units(getattr(interaction, "unit", ""))


@lru_cache(maxsize=64)
def _units(unit: str) -> str:
    """The unit that may stand behind the number, and that Moodle shows behind the right one; nobody has to type it.

    Another unit is not declared: Moodle would convert it, where the mistake is to confuse the two.
    """
    has_unit = bool(unit) and len(unit) <= LONGEST_UNIT
    named = f"<unit>\n{element('multiplier', '1')}{element('unit_name', unit)}</unit>\n"
    return (
        (f"<units>\n{named}</units>\n" if has_unit else "")
        + element("unitgradingtype", "0")
        + element("unitpenalty", "0.1")
        + element("showunits", "0" if has_unit else "3")
        + element("unitsleft", "0")
    )


def _short_answer(key: TextKey) -> str:
    answers = (_answer(share, text, feedback) for text, share, feedback in text_answers(key))
    return element("usecase", "1" if key.case_sensitive else "0") + "".join(answers)


def _matching(asked: Asked, interaction: object, key: MatchingKey) -> str:
    assert isinstance(interaction, MatchingInteraction)
    texts = {option.id: menu_text(inline_text(option.content)) for option in interaction.right}
    right_of = dict(key.pairs)
    used = set(right_of.values())
    pairs = [(inline_html(left.content, DIALECT), texts[right_of[left.id]]) for left in interaction.left]
    pairs += [("", texts[right.id]) for right in interaction.right if right.id not in used]
    entries = (html_element("subquestion", left, text_element("answer", right)) for left, right in pairs)
    return element("shuffleanswers", "true") + _combined_feedback(asked.words) + "".join(entries)


def _ordering(asked: Asked, interaction: object, key: OrderingKey) -> str:
    assert isinstance(interaction, OrderingInteraction)
    entries = {entry.id: inline_html(entry.content, DIALECT) for entry in interaction.entries}
    grading = "ABSOLUTE_POSITION" if key.scoring == "per-position" else "ALL_OR_NOTHING"
    return (
        element("layouttype", "VERTICAL")
        + element("selecttype", "ALL")
        + element("selectcount", str(len(entries)))
        + element("gradingtype", grading)
        + element("showgrading", "SHOW")
        + element("numberingstyle", "none")
        + _combined_feedback(asked.words)
        + "".join(_answer(Fraction(1), entries[id_], format_="html") for id_ in key.order)
    )


def _essay(asked: Asked, key: EssayKey | SymbolicKey) -> str:
    formula = isinstance(key, SymbolicKey)
    least, most = (0, 0) if isinstance(key, SymbolicKey) else key.words
    settings = (
        ("responseformat", "plain" if formula else "editor"),
        ("responserequired", "1"),
        ("responsefieldlines", "2" if formula else "10"),
        ("minwordlimit", str(least) if least else ""),
        ("maxwordlimit", str(most) if most else ""),
        ("attachments", "0"),
        ("attachmentsrequired", "0"),
    )
    notes = html_element("graderinfo", grader_info(key, asked.words)) + html_element("responsetemplate", "")
    return "".join(element(tag, value) for tag, value in settings) + notes


def grader_info(key: EssayKey | SymbolicKey, words: Wording) -> str:
    """What a person who marks the answer sees beside it: the rubric, or the key of a formula."""
    return marking_notes(key, words, moodle_text, phrase_html)


def instructions(interaction: object, words: Wording) -> str:
    """What the field itself would say, as HTML."""
    text = field_instructions(interaction, words)
    return f"\n<p><em>{moodle_text(text)}</em></p>" if text else ""
