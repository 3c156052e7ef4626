"""Known wrong answers that our exports list below the worked solution, given back to the question that they belong to.

Options carry their feedback themselves. What no option can carry stands in that list: leaving out a right option, a
wrong pair of a matching, a wrong order. An entry that is not the words of a misconception, or fits nothing, is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from quizgen.importing import own_marks
from quizgen.importing.contract import Data, Notes, Question, Wrong

Believed = Callable[[str], str]
"""From the HTML of a feedback to the misconception whose words these are, "" if they are none."""


def with_omissions(
    questions: Iterable[Question], known: tuple[str, ...], believed: Believed, note: Notes
) -> list[Question]:
    """Questions, or parts of one, with the misconceptions behind leaving out a right option."""
    found = list(questions)
    for entry in known:
        named, html = own_marks.omitted(entry) or ("", "")
        belief = believed(html)
        places = [
            (place, text)
            for place, question in enumerate(found)
            if question.kind == "multiple-answer"
            for text in question.key
            if _same(text, named) and text not in dict(question.left_out)
        ]
        if belief and places:
            place, text = places[0]
            left_out = (*found[place].left_out, (text, belief))
            found[place] = msgspec.structs.replace(found[place], left_out=left_out)
        else:
            note("what is said about leaving out a right option is left out")
    return found


def with_pairs(question: Question, known: tuple[str, ...], believed: Believed, note: Notes) -> Question:
    """A matching with its known wrong pairs: with unused right sides, and between its pairs."""
    wrong = list(question.wrong)
    confused: dict[str, dict[str, str]] = {}
    for entry in known:
        left_text, right_text, html = own_marks.paired(entry) or ("", "", "")
        belief = believed(html)
        left = next((left for left, _ in question.pairs if _same(left, left_text)), "")
        unused = next((place for place, one in enumerate(wrong) if _same(one.text, right_text)), None)
        other = next((left for left, right in question.pairs if _same(right, right_text)), "")
        if not belief or not left:
            note("what is said about a wrong pair is left out")
        elif unused is not None and wrong[unused].misconception in ("", belief):
            wrong[unused] = _instead(wrong[unused], belief, left)
        elif other and other != left and left not in confused.get(belief, {}):
            confused.setdefault(belief, {})[left] = other
        else:
            note("what is said about a wrong pair is left out")
    settings: tuple[tuple[str, Data], ...] = (
        (("confused", {belief: dict(pairs) for belief, pairs in confused.items()}),) if confused else ()
    )
    return msgspec.structs.replace(question, wrong=tuple(wrong), settings=(*question.settings, *settings))


def _instead(wrong: Wrong, belief: str, left: str) -> Wrong:
    both = tuple(dict.fromkeys((*wrong.instead_of, left)))
    return msgspec.structs.replace(wrong, misconception=belief, instead_of=both)


def with_orders(question: Question, known: tuple[str, ...], believed: Believed, note: Notes) -> Question:
    """An ordering with its known wrong orders."""
    shown = {own_marks.shown_text(entry): entry for entry in question.key}
    confused: dict[str, Data] = {}
    for entry in known:
        named, html = own_marks.answered(entry) or ("", "")
        belief, order = believed(html), [shown.get(" ".join(text.split()), "") for text in named.split(" → ")]
        if belief and belief not in confused and sorted(order) == sorted(question.key):
            confused[belief] = list(order)
        else:
            note("what is said about a known wrong order is left out")
    settings: tuple[tuple[str, Data], ...] = (("confused", confused),) if confused else ()
    return msgspec.structs.replace(question, settings=(*question.settings, *settings))


def _same(markdown: str, shown: str) -> bool:
    return bool(shown) and own_marks.shown_text(markdown) == " ".join(shown.split())
