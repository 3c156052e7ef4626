"""Translations into the languages of the bank."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, Severity
from quizgen.template import Template, Written


def run(subject: Subject) -> Iterator[Finding]:
    """In every language of the bank each text is translated; numbers, names and formulas need not be."""
    template = subject.template
    for language in subject.bank.languages[1:]:
        translated = dict(template.translations).get(language)
        if translated is None:
            message, place = f"the template is not translated into {language}", "template"
            yield template.document.finding(
                "Q405", message, f"add translations: {{{language}: …}}", (place,), severity=Severity.WARNING
            )
            continue
        missing = [text for text, other in _pairs(subject, translated) if text.path == other.path and _has_words(text)]
        if missing:
            fields = ", ".join(dict.fromkeys(".".join(map(str, text.path)) for text in missing))
            message = f"the translation into {language} lacks: {fields}"
            path = ("translations", language)
            yield template.document.finding("Q405", message, "translate it", path, of="key", severity=Severity.WARNING)


def _pairs(subject: Subject, translated: Template) -> Iterator[tuple[Written, Written]]:
    """The texts of the template beside those of the translation; hints and accepted wordings may differ in number."""
    own = [text for text, _ in subject.markdown(subject.template)]
    other = [text for text, _ in subject.markdown(translated)]
    if len(own) == len(other):
        yield from zip(own, other, strict=True)


def _has_words(text: Written) -> bool:
    """Whether there is something to translate: more than holes, formulas, code and numbers."""
    import re

    rest = re.sub(r"\{\{.*?\}\}|\$[^$]*\$|`[^`]*`|\[[A-Z]+\]", "", text.text)
    return re.search(r"[^\W\d_]{2,}", rest) is not None


CHECK = Check(("Q405",), "translations are complete", run)
