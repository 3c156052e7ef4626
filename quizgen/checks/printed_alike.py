"""Options that some format prints alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from grading.keys import ChoiceKey, MatchingKey, MultipleAnswerKey, OrderingKey
from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, Severity


def run(subject: Subject) -> Iterator[Finding]:
    """No two options of a question are alike in a format without formulas or marks: x₂ and x2, or two options that
    differ in a space or a capital. Looked at on sampled variants in every language.
    """
    for language in subject.languages:
        for generated in subject.sample(language):
            for part in generated.key.parts:
                if not isinstance(part.key, ChoiceKey | MultipleAnswerKey | MatchingKey | OrderingKey):
                    continue
                seen: dict[str, str] = {}
                for _, text in part.options:
                    plain = _plainest(text)
                    if seen.setdefault(plain, text) != text:
                        message = f"{seen[plain]!r} and {text!r} look alike where marks are lost (in {language})"
                        path = ("key",) if part.id == "answer" else ("parts", part.id, "key")
                        remedy = "let them differ by a word"
                        yield subject.template.document.finding(
                            "Q440", message, remedy, path, severity=Severity.WARNING
                        )
                        return


def _plainest(text: str) -> str:
    """What is left in the poorest format: no small digits, no capitals, one kind of space, no marks of emphasis.

    >>> _plainest("x₂ = *A*"), _plainest("X2  = a")
    ('x2 = a', 'x2 = a')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[*_`$\\{}]", "", folded).split())


CHECK = Check(("Q440",), "options differ in every format", run, on_sound_only=True)
