"""Whether options look alike in form."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.checks.choices import Choice, choices
from quizgen.findings import Finding, Severity


def run(subject: Subject) -> Iterator[Finding]:
    """The key does not differ from all other options in form: by a capital at its beginning or a full stop at its end.

    Looked at on sampled variants in every language. Where it differs, the form tells the answer.
    """
    for language in subject.languages:
        for choice in choices(subject, language):
            what = _difference(choice)
            if what:
                message = f"the key alone {what} (in {language}: {choice.key!r})"
                yield subject.template.document.finding(
                    "Q432", message, "write all options in one form", choice.path, severity=Severity.WARNING
                )
                break


def _difference(choice: Choice) -> str:
    if len(choice.options) < 3 or choice.only_formulas:
        return ""
    right = [right for _, right in choice.options]
    begins = [text[:1] for text, _ in choice.options]
    if all(letter.islower() if key else letter.isupper() for letter, key in zip(begins, right, strict=True)):
        return "begins with a small letter"
    if all(letter.isupper() if key else letter.islower() for letter, key in zip(begins, right, strict=True)):
        return "begins with a capital"
    for what, test in (
        ("ends with a full stop", lambda text: text.endswith(".")),
        ("ends without a full stop", lambda text: not text.endswith(".")),
        ("holds a digit", lambda text: any(character.isdigit() for character in text)),
        ("holds no digit", lambda text: not any(character.isdigit() for character in text)),
    ):
        if [test(text) for text, _ in choice.options] == right:
            return what
    return ""


CHECK = Check(("Q432",), "options have one form", run, on_sound_only=True)
