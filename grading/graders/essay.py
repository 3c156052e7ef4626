"""Essays: a person marks them by the rubric; nothing here pretends to."""

from __future__ import annotations

from grading.answersheet import PartKey
from grading.given import BLANK, Unreadable, invalid, is_blank, text_of
from grading.keys import EssayKey
from grading.verdicts import ExpectedResponse, Grade, Verdict, expected, malformed


def grade(part: PartKey, response: object) -> Grade:
    """UNDECIDED for every text; the note says when it has fewer or more words than asked. A blank earns 0.

    >>> grade(PartKey("answer", EssayKey((), words=(50, 100))), "Because.").note
    'essay:too-short'
    """
    key = part.key
    assert isinstance(key, EssayKey)
    if is_blank(response):
        return BLANK
    try:
        text = text_of(response, "essay")
    except Unreadable as unreadable:
        return invalid(unreadable.refusal, response)
    least, most = key.words
    words = len(text.split())
    note = "too-short" if words < least else "too-long" if most and words > most else "needs-a-person"
    return Grade(Verdict.UNDECIDED, None, f"essay:{note}", text)


def canonical_responses(part: PartKey) -> tuple[ExpectedResponse, ...]:
    """A text of the length asked for, nothing, and something that is no text."""
    key = part.key
    assert isinstance(key, EssayKey)
    text = " ".join(["word"] * max(1, key.words[0]))
    return (ExpectedResponse(text, Verdict.UNDECIDED, None), expected(None, 0), malformed(["word"]))
