"""Rules of a bank, one a file, and everything that is wrong with one."""

from __future__ import annotations

import os

from quizgen.bank import Bank, open_bank
from quizgen.checks import (
    asked,
    cases,
    concepts,
    conditions,
    examples,
    formulas,
    gaps,
    misconceptions,
    options,
    radicals,
    sentences,
    solution,
    texts,
    translations,
    words,
)
from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, FindingsError, Severity
from quizgen.template import Template

CHECKS: tuple[Check, ...] = (
    texts.CHECK,
    gaps.CHECK,
    formulas.CHECK,
    cases.CHECK,
    conditions.CHECK,
    radicals.CHECK,
    sentences.CHECK,
    misconceptions.CHECK,
    words.CHECK,
    concepts.CHECK,
    options.CHECK,
    solution.CHECK,
    translations.CHECK,
    asked.CHECK,
    examples.CHECK,
)

__all__ = ["CHECKS", "Check", "Subject", "check_bank", "check_template"]


def check_bank(bank: Bank | str | os.PathLike[str] | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong with a bank, file by file: YAML, shape and meaning.

    bank: opened, or its folder; the bank that comes with quizgen if None. A template with a wrong shape has no meaning
    to check. Never raises for a bad bank.

    >>> [finding.code for finding in check_bank("no/such/folder")]
    ['Q001']
    """
    try:
        opened = bank if isinstance(bank, Bank) else open_bank(bank)
        found, shapes = opened.examine_templates()
    except FindingsError as error:
        return error.findings
    findings = [*shapes, *_data_findings(opened)]
    for template in found:
        findings += check_template(opened, template)
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda finding: (finding.place, finding.code)))


def check_template(bank: Bank, template: Template) -> tuple[Finding, ...]:
    """What the rules say of one template."""
    subject = Subject(bank, template)
    findings: list[Finding] = []
    for check in CHECKS:
        if check.on_sound_only and any(finding.severity is Severity.ERROR for finding in findings):
            continue
        findings += check.run(subject)
    return tuple(findings)


def _data_findings(bank: Bank) -> tuple[Finding, ...]:
    """What is wrong with the sentences and the words of misconceptions."""
    from quizgen.misconceptions.words import examine_words

    return (*bank.examine_corpus()[1], *examine_words(bank.words_folder)[1])
