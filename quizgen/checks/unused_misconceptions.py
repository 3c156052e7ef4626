"""Misconceptions that have words in a bank and that none of its templates names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quizgen.bank import Bank
from quizgen.checks.check import BankCheck, Subject
from quizgen.findings import Finding, FindingsError, Place, Severity
from quizgen.misconceptions.catalogue import CATALOGUE
from quizgen.misconceptions.words import FOLDER


def run(bank: Bank, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """Every misconception that a bank has words for is offered or diagnosed by some template of it.

    A bank without words of its own uses those that come with quizgen, which are more than it needs.
    """
    if not (bank.folder / FOLDER).is_dir():
        return
    try:
        words = bank.all_words
    except FindingsError:
        return  # reported with the files
    never = {entry.id for entry in CATALOGUE if entry.use == "never"}  # what they lead to is always right
    used = {reference.id for subject in subjects for reference in subject.references}
    for name in sorted(set(words) - used - never):
        message = f'no template offers or diagnoses the misconception "{name}"'
        remedy = "offer it somewhere, or delete its words"
        yield Finding(Place(str(bank.folder / FOLDER)), "Q446", message, remedy, Severity.WARNING)


CHECK = BankCheck(("Q446",), "misconceptions are used", run)
