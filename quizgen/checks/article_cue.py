"""Stems whose last word fits some options only."""

from __future__ import annotations

from collections.abc import Iterator

from quizgen.checks.check import Check, Subject
from quizgen.checks.choices import choices
from quizgen.findings import Finding, Severity
from quizgen.sampling.sentence_lints import takes_an


def run(subject: Subject) -> Iterator[Finding]:
    """A stem that ends with "a" or "an" before its options goes with all of them, or with wrong ones too.

    Looked at on sampled English variants.
    """
    for choice in choices(subject):
        last = choice.stem.rstrip(" :…_.").rsplit(" ", 1)[-1]
        if last in ("a", "an") and subject.bank.language == "en":
            fits = [takes_an(text) == (last == "an") for text, _ in choice.options]
            right = [right for _, right in choice.options]
            if fits == right:
                message = f"{last!r} at the end of the stem goes with the key alone"
                remedy = "take the article into the options"
                yield subject.template.document.finding("Q437", message, remedy, ("stem",), severity=Severity.WARNING)
                return


CHECK = Check(("Q437",), "articles tell nothing", run, on_sound_only=True)
