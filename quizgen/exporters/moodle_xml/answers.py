"""Keys as Moodle's lists of answers: what is compared, which share it earns, which feedback it gets.

Moodle takes the first answer of a number or a short text that fits, and adds up the shares of the options chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache

from grading.keys import ChoiceKey, MultipleAnswerKey, NumericKey, Rival, TextKey
from quizgen.exporters.accepted_numbers import accepted_numbers, narrowed, printed
from quizgen.exporters.accepted_texts import accepted_texts
from quizgen.exporters.moodle_xml.xml import moodle_text, phrase_html
from quizgen.exporters.rendering.wording import Wording


def rival_feedback(rivals: Iterable[Rival]) -> str:
    """What is said to a learner about known wrong answers, as HTML: the title is for teachers unless it is all."""
    return "".join([paragraph(rival.feedback or rival.title) for rival in rivals])


@lru_cache(maxsize=4096)
def paragraph(text: str) -> str:
    """A phrase as a paragraph of HTML; "" if it shows nothing."""
    html = phrase_html(text)
    return f"<p>{html}</p>" if html else ""


def option_shares(key: ChoiceKey | MultipleAnswerKey) -> dict[str, Fraction]:
    """What each option adds to the mark; Moodle keeps the sum between 0 and 1.

    >>> {name: str(share) for name, share in option_shares(MultipleAnswerKey(("a", "b"), ("a", "b", "c"))).items()}
    {'a': '1/2', 'b': '1/2', 'c': '-1/2'}
    """
    if isinstance(key, ChoiceKey):
        return {key.correct: Fraction(1)} | {rival.value: rival.credit for rival in key.rivals}
    right = max(1, len(key.correct))
    share, wrong = Fraction(1, right), Fraction(-1) if key.scoring == "all-or-nothing" else Fraction(-1, right)
    return {option: share if option in key.correct else wrong for option in key.options}


def option_feedback(key: ChoiceKey | MultipleAnswerKey) -> dict[str, str]:
    """The feedback of each option that says something when it is chosen."""
    right = key.correct if isinstance(key, MultipleAnswerKey) else (key.correct,)
    return {rival.value: rival_feedback([rival]) for rival in key.rivals if rival.value not in right}


def numeric_answers(key: NumericKey, words: Wording) -> Iterator[tuple[str, str, Fraction, str]]:
    """(number, tolerance, share, feedback) in the order in which Moodle must try them."""
    for entry in accepted_numbers(key):
        number, tolerance = printed(narrowed(entry))
        feedback = rival_feedback(entry.rivals)
        if entry.band and not feedback:
            known = words.group("band:")
            feedback = f"<p>{moodle_text(known[entry.band])}</p>" if entry.band in known else ""
        yield number, tolerance, entry.credit, feedback


def text_answers(key: TextKey) -> Iterator[tuple[str, Fraction, str]]:
    """(pattern, share, feedback); each pattern once, the right ones first."""
    for spelling, share, rival in accepted_texts(key):
        yield wildcards_escaped(spelling), share, rival_feedback([rival]) if rival else ""


def wildcards_escaped(text: str) -> str:
    r"""The text as a pattern that fits itself only.

    >>> wildcards_escaped("2*3")
    '2\\*3'
    """
    return text.replace("*", r"\*")
