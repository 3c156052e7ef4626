"""One item as one H5P question: the library that asks it, and what it is given."""

from __future__ import annotations

import uuid
from collections import Counter
from functools import lru_cache
from string import ascii_uppercase
from typing import Any, Literal

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    Key,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    TextKey,
)
from quizgen.exporters.h5p import labels
from quizgen.exporters.h5p.answers import fits_blanks, solutions
from quizgen.exporters.h5p.markup import (
    BREAK,
    blocks,
    dragged,
    inline,
    plain_blocks,
    plain_inline,
    plain_text,
    solution,
    text,
)
from quizgen.exporters.listed_numbers import how_to_type
from quizgen.exporters.rendering.fields import field_instructions, named_answer
from quizgen.exporters.rendering.gaps import gaps
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import printable
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.model import (
    Item,
    MatchingInteraction,
    Option,
    OrderingInteraction,
    Part,
    TrueFalseInteraction,
    WorkedKey,
)

Shape = Literal["MultiChoice", "TrueFalse", "Blanks", "DragText", "Essay"]
Params = dict[str, Any]

VERSIONS: dict[str, str] = {
    "MultiChoice": "1.16",
    "TrueFalse": "1.8",
    "Blanks": "1.14",
    "DragText": "1.10",
    "Essay": "1.5",
}
"""The versions that a Question Set 1.20 takes; H5P compares them to the letter."""

_CONTENT_TYPES = {
    "MultiChoice": "Multiple Choice",
    "TrueFalse": "True/False Question",
    "Blanks": "Fill in the Blanks",
    "DragText": "Drag the Words",
    "Essay": "Essay",
}
_LONGEST_FEEDBACK = 2048
_LONGEST_TITLE = 250
_ONE_TRY = {"enableRetry": False, "enableSolutionsButton": True, "enableCheckButton": True}
"""What is said of an answer names the right one, so that there is no second try; the quiz itself can be tried again."""


def shape_of(item: Item, key: WorkedKey) -> Shape:
    """Which library asks an item; ``Essay`` is the one whose answers a person marks."""
    if len(item.parts) > 1:
        kinds = all(isinstance(part_key.key, ChoiceKey | NumericKey | TextKey) for part_key in key.parts)
        return "Blanks" if kinds and fits_blanks(item.parts, key.parts) else "Essay"
    match key.parts[0].key:
        case ChoiceKey():
            return "TrueFalse" if _is_short_true_false(item, key) else "MultiChoice"
        case MultipleAnswerKey():
            return "MultiChoice"
        case NumericKey() | TextKey():
            return "Blanks" if fits_blanks(item.parts, key.parts) else "Essay"
        case MatchingKey() | OrderingKey():
            return "DragText"
    return "Essay"


def question(item: Item, key: WorkedKey, code: bool) -> Params:
    """The question of a Question Set. code: print the item's code under its text."""
    words = wording(item.language)
    shape = shape_of(item, key)
    shown = f"\n<p>{text(item.code)}</p>" if code else ""
    params = _WRITERS[shape](item, key, words, shown)
    title = " ".join(printable(f"{item.code} {item.title}").split())
    return {
        "library": f"H5P.{shape} {VERSIONS[shape]}",
        "params": params,
        "subContentId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"quizgen:{item.id}")),
        "metadata": {
            "contentType": _CONTENT_TYPES[shape],
            "license": "U",
            "title": title[:_LONGEST_TITLE],
            "authors": [],
            "changes": [],
            "authorComments": f"{item.id} · {item.revision}",
        },
    }


# --- choices


def _choice(item: Item, key: WorkedKey, words: Wording, code: str) -> Params:
    (part,), (part_key,) = item.parts, key.parts
    answer = part_key.key
    several = isinstance(answer, MultipleAnswerKey)
    right = set(answer.correct) if isinstance(answer, MultipleAnswerKey) else {getattr(answer, "correct", "")}
    said = {rival.value: _told(rival, words) for rival in getattr(answer, "rivals", ())}
    options: tuple[Option, ...] = getattr(part.interaction, "options", ())
    return {
        "question": blocks(item.stem + part.prompt) + code,
        "answers": [_option(option, option.id in right, said.get(option.id, ""), several) for option in options],
        "overallFeedback": _overall(key.solution, ""),
        "behaviour": {
            **_ONE_TRY,
            "type": "multi" if several else "single",
            "singlePoint": getattr(answer, "scoring", "") == "all-or-nothing",
            "randomAnswers": bool(getattr(part.interaction, "shuffle", False)),
            "showSolutionsRequiresInput": False,
            "confirmCheckDialog": False,
            "confirmRetryDialog": False,
            "autoCheck": False,
            "passPercentage": 100,
            "showScorePoints": True,
        },
        "UI": labels.named(words, labels.CHOICE),
    }


def _option(option: Option, right: bool, said: str, several: bool) -> Params:
    """What is said of a right option is said to whoever leaves it out."""
    left_out = right and several
    feedback = {"tip": "", "chosenFeedback": "" if left_out else said, "notChosenFeedback": said if left_out else ""}
    return {"text": inline(option.content), "correct": right, "tipsAndFeedback": feedback}


def _told(rival: Rival, words: Wording) -> str:
    return _said(rival.feedback or rival.title, words.language)


def _is_short_true_false(item: Item, key: WorkedKey) -> bool:
    """H5P cuts the feedback of a true-false question after 2,048 characters."""
    if not isinstance(item.parts[0].interaction, TrueFalseInteraction):
        return False
    return all(len(said) <= _LONGEST_FEEDBACK for said in _true_false_feedback(key, item.language))


def _true_false_feedback(key: WorkedKey, language: str) -> tuple[str, str]:
    """(on the right answer, on the wrong one): what is believed, and the worked solution."""
    rivals = getattr(key.parts[0].key, "rivals", ())
    solved = plain_blocks(key.solution)
    told = " ".join(_plainly_said(rival.feedback or rival.title, language) for rival in rivals)
    return solved, " ".join(filter(None, (told, solved)))


def _true_false(item: Item, key: WorkedKey, words: Wording, code: str) -> Params:
    (part,), (part_key,) = item.parts, key.parts
    assert isinstance(part_key.key, ChoiceKey)
    names = {option.id: plain_inline(option.content) for option in getattr(part.interaction, "options", ())}
    right, wrong = _true_false_feedback(key, words.language)
    return {
        "question": blocks(item.stem + part.prompt) + code,
        "correct": part_key.key.correct,
        "behaviour": {
            **_ONE_TRY,
            "confirmCheckDialog": False,
            "confirmRetryDialog": False,
            "autoCheck": False,
            "feedbackOnCorrect": right,
            "feedbackOnWrong": wrong,
        },
        "l10n": {
            **labels.named(words, labels.TRUE_FALSE),
            "trueText": names.get("true", "True"),
            "falseText": names.get("false", "False"),
        },
    }


# --- blanks


def _blanks(item: Item, key: WorkedKey, words: Wording, code: str) -> Params:
    several = len(item.parts) > 1
    by_part = {
        part.id: _blank(part, part_key, key, words, several)
        for part, part_key in zip(item.parts, key.parts, strict=True)
    }
    in_text = set(gaps(item.stem)) | {id_ for part in item.parts for id_ in gaps(part.prompt)}
    head, lines = ("" if in_text else blocks(item.stem)), []
    if in_text:
        lines.append(blocks(item.stem, True, by_part.__getitem__))
        how = (_instructions(part, key, words) for part in item.parts if part.id in in_text)
        head = "\n".join(dict.fromkeys((f"<p>{text(words('h5p:gaps'))}</p>", *filter(None, how))))
    for number, part in enumerate(item.parts, 1):
        heading = f"<p><strong>{text(words('part', number=number), True)}</strong></p>\n" if several else ""
        asked = blocks(part.prompt, True, by_part.__getitem__)
        if part.id not in in_text:
            lines.append(f"{heading}{asked}{_instructions(part, key, words)}<p>{by_part[part.id]}</p>")
        elif asked:
            lines.append(asked)
    return {
        "text": head + code,
        "questions": lines,
        "overallFeedback": _overall(key.solution, _known(key, words)),
        "behaviour": {
            **_ONE_TRY,
            "autoCheck": False,
            "caseSensitive": any(getattr(part_key.key, "case_sensitive", False) for part_key in key.parts),
            "showSolutionsRequiresInput": False,
            "separateLines": False,
            "confirmCheckDialog": False,
            "confirmRetryDialog": False,
            "acceptSpellingErrors": False,
        },
        **labels.named(words, labels.BLANKS),
    }


def _blank(part: Part, part_key: PartKey, key: WorkedKey, words: Wording, several: bool) -> str:
    """A blank with everything that is right in it, the hints of a question as its tip, the unit behind it."""
    answers = solution("/".join(solutions(part, part_key.key)))
    tip = "" if several else " ".join(_said(hint, words.language, True) for hint in key.hints)
    blank = f"*{answers}:{tip}*" if tip else f"*{answers}*"
    unit = text(getattr(part.interaction, "unit", ""), True)
    if not isinstance(part_key.key, ChoiceKey):
        return f"{blank} {unit}" if unit else blank
    offered = (
        f"{letter}. {inline(option.content, True)}"
        for letter, option in zip(ascii_uppercase, getattr(part.interaction, "options", ()), strict=False)
    )
    return f"{blank} ({'; '.join(offered)})"


def _instructions(part: Part, key: WorkedKey, words: Wording) -> str:
    """How to type the answer of a part that has a line of its own."""
    answer: Key = next(part_key.key for part_key in key.parts if part_key.id == part.id)
    said = field_instructions(part.interaction, words)
    if isinstance(answer, NumericKey):
        said = how_to_type(answer, words)
    elif isinstance(answer, ChoiceKey):
        said = words("typed:letter")
    return f"<p><em>{text(said, True)}</em></p>" if said else ""


# --- what is dragged


def _drag(item: Item, key: WorkedKey, words: Wording, code: str) -> Params:
    (part,), (part_key,) = item.parts, key.parts
    interaction, answer = part.interaction, part_key.key
    if isinstance(interaction, OrderingInteraction) and isinstance(answer, OrderingKey):
        entries = {entry.id: dragged(entry.content) for entry in interaction.entries}
        lines = [f"{number}. *{entries[id_]}*" for number, id_ in enumerate(answer.order, 1)]
        spare, task = list[str](), words("h5p:order")
    else:
        assert isinstance(interaction, MatchingInteraction)
        assert isinstance(answer, MatchingKey)
        lines, spare = _pairs(interaction, answer)
        task = words("h5p:match")
    return {
        "taskDescription": f"{blocks(item.stem + part.prompt)}\n<p><em>{text(task)}</em></p>{code}",
        "textField": "\n".join(lines),
        "distractors": " ".join(f"*{entry}*" for entry in spare),
        "overallFeedback": _overall(key.solution, _known(key, words)),
        "behaviour": {**_ONE_TRY, "instantFeedback": False},
        **labels.named(words, labels.DRAG),
    }


def _pairs(interaction: MatchingInteraction, key: MatchingKey) -> tuple[list[str], list[str]]:
    """(a line for each left side with its partner, the right sides that are nobody's)."""
    pairs = dict(key.pairs)
    rights = {right.id: dragged(right.content) for right in interaction.right}
    lines = [
        f"{plain_inline(left.content).replace('*', '∗')} → *{rights[pairs[left.id]]}*" for left in interaction.left
    ]
    used = Counter(pairs.values())
    return lines, [entry for id_, entry in rights.items() if id_ not in used]


# --- what a person marks


def _essay(item: Item, key: WorkedKey, words: Wording, code: str) -> Params:
    html = [blocks(item.stem, gap=lambda part: f"____ ({_number(item, part)})")]
    several = len(item.parts) > 1
    for number, part in enumerate(item.parts, 1):
        if several:
            html.append(f"<p><strong>{text(words('part', number=number))}</strong></p>")
        said = field_instructions(part.interaction, words)
        html += [blocks(part.prompt), _columns(part), f"<p><em>{text(said)}</em></p>" if said else ""]
    only_texts = all(isinstance(part_key.key, EssayKey) for part_key in key.parts)
    if not only_texts:
        html.append(f"<p><em>{text(words('graded-on-return'))}</em></p>")
    long = any(isinstance(part_key.key, EssayKey) for part_key in key.parts)
    return {
        "taskDescription": "\n".join(filter(None, html)) + code,
        "solution": {"introduction": "", "sample": _sample(key, words)},
        "keywords": [{"keyword": "*", "alternatives": [], "options": _KEYWORD}],
        "overallFeedback": _overall((), ""),
        "behaviour": {
            "inputFieldSize": "10" if long else "3",
            "enableRetry": False,
            "ignoreScoring": True,
        },
        **labels.named(words, labels.ESSAY),
    }


_KEYWORD = {"points": 1, "occurrences": 1, "caseSensitive": False, "forgiveMistakes": False}
"""Of a word that every text has: H5P wants one, and its points are ignored."""


def _number(item: Item, part: str) -> int:
    return 1 + [one.id for one in item.parts].index(part)


def _columns(part: Part) -> str:
    """The options of a part that is answered in words, as lines."""
    columns: list[tuple[Option, ...]] = [
        getattr(part.interaction, name, ()) for name in ("options", "entries", "left", "right")
    ]
    return "\n".join(
        f"<p>{BREAK.join(f'• {inline(option.content)}' for option in column)}</p>" for column in columns if column
    )


def _sample(key: WorkedKey, words: Wording) -> str:
    """What learners are shown when they have handed in a text."""
    values = [part_key.key.value for part_key in key.parts if isinstance(part_key.key, SymbolicKey)]
    shown = "".join(f"<p>{text(words('key'))}: {text(value)}</p>" for value in values)
    solved = blocks(key.solution).replace("<em>", "").replace("</em>", "")  # H5P allows none there
    return "\n".join(filter(None, (shown, solved)))


# --- pieces


@lru_cache(maxsize=4096)
def _said(text: str, language: str, blanks: bool = False) -> str:
    """A hint or what is said about an answer: the same words for all variants of a template."""
    return inline(phrase(text, language), blanks)


@lru_cache(maxsize=4096)
def _plainly_said(text: str, language: str) -> str:
    """The same for a field without tags."""
    return plain_inline(phrase(text, language))


def _overall(solved: tuple[Any, ...], known: str) -> list[Params]:
    """What is said of every answer that has been checked."""
    said = " ".join(filter(None, (plain_blocks(solved), known)))
    return [{"from": 0, "to": 100, "feedback": said}] if said else [{"from": 0, "to": 100}]


def _known(key: WorkedKey, words: Wording) -> str:
    """Known wrong answers of a question that has no place for what is said of one answer."""
    told = [
        f"{plain_text(named_answer(rival, part_key, words))} {said}"
        for part_key in key.parts
        for rival in getattr(part_key.key, "rivals", ())
        if (said := _plainly_said(rival.feedback or rival.title, words.language))
    ]
    return f"{plain_text(words('known-answers'))}: {' '.join(told)}" if told else ""


_WRITERS = {
    "MultiChoice": _choice,
    "TrueFalse": _true_false,
    "Blanks": _blanks,
    "DragText": _drag,
    "Essay": _essay,
}
