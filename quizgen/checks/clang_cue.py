"""Words of the stem that come back in the key alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.checks.choices import Choice, choices
from quizgen.findings import Finding, Severity

SHORTEST = 7
"""Letters of a word that is rare enough to ring."""

_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},}}")


def run(subject: Subject) -> Iterator[Finding]:
    """The key does not repeat a long word of the stem that no other option has: its sound would tell the answer.

    Looked at on sampled variants in every language; a finding where it is so in most of them.
    """
    for language in subject.languages:
        found: dict[str, list[str]] = {}
        paths = {}
        for choice in choices(subject, language):
            found.setdefault(choice.part, []).append(_echo(choice))
            paths[choice.part] = choice.path
        for part, echoes in found.items():
            words = [word for word in echoes if word]
            if 2 * len(words) > len(echoes):
                message = f"{words[0]!r} of the stem stands in the key and in no other option (in {language})"
                remedy = "use it in a wrong option, too, or in none"
                yield subject.template.document.finding("Q442", message, remedy, paths[part], severity=Severity.WARNING)


def _echo(choice: Choice) -> str:
    if choice.only_formulas:
        return ""
    others = {word for text, right in choice.options if not right for word in _words(text)}
    stem = _words(choice.stem)
    return next((word for word in sorted(_words(choice.key)) if word in stem and word not in others), "")


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


CHECK = Check(("Q442",), "the stem does not ring in the key", run, on_sound_only=True)
