"""Lists of wordings, of which the first that fits decides, as the key of a short answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from grading.keys import Rival, TextKey
from quizgen.exporters.accepted_texts import spellings
from quizgen.exporters.moodle_xml.answers import text_answers
from quizgen.importing.contract import Data, NotCarried, Wrong
from quizgen.importing.markdown import Note, clean, escaped_text, option

_STAR = re.compile(r"(?<!\\)\*")


class TextAnswer(msgspec.Struct, frozen=True):
    """A pattern (``*`` stands for anything, ``\\*`` for itself) and what it earns."""

    pattern: str
    share: Fraction
    feedback: str = ""
    misconception: str = ""


class WordKey(msgspec.Struct, frozen=True):
    """The fields of a short answer, texts in our Markdown."""

    key: str
    accept: tuple[str, ...] = ()
    settings: tuple[tuple[str, Data], ...] = ()
    wrong: tuple[Wrong, ...] = ()


def word_key(answers: Sequence[TextAnswer], case_sensitive: bool, note: Note) -> WordKey:
    """The key of a list. Raises NotCarried if no plain wording is right."""
    plain = list(_plain(answers, note))
    right = [answer for answer in plain if answer.share == 1]
    if not right:
        reason = "no wording is worth all of the points" if len(plain) == len(answers) else "only a pattern is right"
        raise NotCarried(reason, broken=len(plain) == len(answers))
    settings: list[tuple[str, Data]] = []
    if (tokens := _as_tokens(plain, right[0], case_sensitive)) is not None:
        right, plain = right[:1], [*right[:1], *tokens]
        settings.append(("compare", "tokens"))
    if case_sensitive:
        settings.append(("case_sensitive", "true"))
    wrong = []
    for answer in plain:
        if answer.share < 1:
            if answer.share < 0:
                note("a wording that takes points away earns nothing")
            credit = max(Fraction(0), answer.share)
            wrong.append(Wrong(_written(answer.pattern), credit, answer.feedback, answer.misconception))
    if any(answer.feedback for answer in right):
        note("what is said about a right answer is left out")
    texts = tuple(dict.fromkeys(_written(answer.pattern) for answer in right))
    return WordKey(option(texts[0]), texts[1:], tuple(settings), tuple(wrong))


def _written(text: str) -> str:
    return escaped_text(" ".join(text.split()))


def _plain(answers: Sequence[TextAnswer], note: Note) -> Iterator[TextAnswer]:
    """The answers that are wordings, unescaped; each wording once."""
    seen: set[str] = set()
    for answer in answers[:1000]:
        pattern = clean(answer.pattern).strip()
        if not pattern:
            continue
        if _STAR.search(pattern):
            if pattern == "*" and answer.share <= 0:
                if answer.feedback:
                    note("what is said about any other answer is left out")
            else:
                note(f"the pattern {pattern[:40]} has a * for anything, which we do not have, and is left out")
            continue
        text = " ".join(pattern.replace(r"\*", "*").split())
        if text not in seen:
            seen.add(text)
            yield msgspec.structs.replace(answer, pattern=text)


def _as_tokens(plain: Sequence[TextAnswer], key: TextAnswer, case_sensitive: bool) -> list[TextAnswer] | None:
    """The wrong sequences, if the list is that of a token sequence with its spellings; else None."""
    as_tokens = TextKey((key.pattern,), "tokens", case_sensitive)
    right = {answer.pattern for answer in plain if answer.share == 1}
    if len(right) < 2 or right != {" ".join(text.split()) for text in spellings(key.pattern, as_tokens)}:
        return None
    covered: set[str] = set(right)
    wrong: list[TextAnswer] = []
    for answer in plain:
        if answer.pattern not in covered:
            covered |= set(spellings(answer.pattern, as_tokens))
            wrong.append(answer)
    rivals = tuple(Rival(answer.pattern, (), answer.share) for answer in wrong)
    whole = TextKey((key.pattern,), "tokens", case_sensitive, rivals)
    written = [(pattern.replace(r"\*", "*"), share) for pattern, share, _ in text_answers(whole)]
    return wrong if written == [(answer.pattern, answer.share) for answer in plain] else None
