"""Rules of a bank, one a file, and everything that is wrong with one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from quizgen.bank import Bank, open_bank
from quizgen.checks import (
    absolute_words,
    article_cue,
    asked,
    clang_cue,
    combined_options,
    concepts,
    conditions,
    convergence,
    equivalent_options,
    every_variant,
    examples,
    few_variants,
    formulas,
    gaps,
    hints,
    key_length,
    key_position,
    median_key,
    misconceptions,
    negative_stem,
    option_form,
    options,
    printed_alike,
    printed_precision,
    radicals,
    sentences,
    solution,
    spoken_text,
    statement_balance,
    steady_difficulty,
    texts,
    translations,
    unused_misconceptions,
    words,
)
from quizgen.checks.check import BankCheck, Check, Subject
from quizgen.checks.every_variant import Tally
from quizgen.findings import Finding, FindingsError, Severity
from quizgen.model import GeneratedItem
from quizgen.processes import in_processes
from quizgen.template import Template

Samples = Mapping[str, tuple[GeneratedItem, ...]]

CHECKS: tuple[Check, ...] = (
    texts.CHECK,
    gaps.CHECK,
    formulas.CHECK,
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
    combined_options.CHECK,
    negative_stem.CHECK,
    absolute_words.CHECK,
    statement_balance.CHECK,
    hints.CHECK,
    examples.CHECK,
    few_variants.CHECK,
    steady_difficulty.CHECK,
    key_length.CHECK,
    option_form.CHECK,
    convergence.CHECK,
    clang_cue.CHECK,
    article_cue.CHECK,
    median_key.CHECK,
    equivalent_options.CHECK,
    printed_alike.CHECK,
    printed_precision.CHECK,
    spoken_text.CHECK,
)

BANK_CHECKS: tuple[BankCheck, ...] = (key_position.CHECK, unused_misconceptions.CHECK)

__all__ = [
    "BANK_CHECKS",
    "CHECKS",
    "BankCheck",
    "Check",
    "Subject",
    "Tally",
    "check_bank",
    "check_template",
    "check_variants",
]


def check_bank(bank: Bank | str | os.PathLike[str] | None = None, jobs: int = 1) -> tuple[Finding, ...]:
    """Everything that is wrong with a bank, file by file: YAML, shape and meaning.

    bank: opened, or its folder; the bank that comes with quizgen if None. A template with a wrong shape has no meaning
    to check. jobs: processes; the findings are the same with any number. Never raises for a bad bank.

    >>> [finding.code for finding in check_bank("no/such/folder")]
    ['Q001']
    """
    return check_variants(bank, 0, jobs)[0]


def check_variants(
    bank: Bank | str | os.PathLike[str] | None,
    variants: int,
    jobs: int = 1,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[tuple[Finding, ...], tuple[Tally, ...]]:
    """Like `check_bank`, and every one of so many variants of each template in each language is graded.

    Returns the findings, and how many variants were drawn and how many of them differ. on_progress: called with
    (templates done, templates in all).
    """
    try:
        opened = bank if isinstance(bank, Bank) else open_bank(bank)
        found, shapes = opened.examine_templates()
    except FindingsError as error:
        return error.findings, ()
    findings = [*shapes, *_data_findings(opened)]
    subjects = [Subject(opened, template) for template in found]
    tallies: list[Tally] = []
    results = in_processes(lambda number: _examined(subjects[number], variants), len(subjects), jobs)
    for number, (own, samples, own_tallies) in enumerate(results):
        findings += own
        tallies += own_tallies
        subjects[number].keep(samples)
        if on_progress is not None:
            on_progress(number + 1, len(subjects))
    if not any(finding.severity is Severity.ERROR for finding in findings):
        for bank_check in BANK_CHECKS:
            findings += bank_check.run(opened, subjects)
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda finding: (finding.place, finding.code))), tuple(tallies)


def _examined(subject: Subject, variants: int) -> tuple[list[Finding], Samples, tuple[Tally, ...]]:
    """What is found about a template, the sample that the rules about the whole bank look at, and the tallies."""
    findings = _template_findings(subject)
    tallies: tuple[Tally, ...] = ()
    if variants and not any(finding.severity is Severity.ERROR for finding in findings):
        more, tallies = every_variant.examine(subject, variants)
        findings += more
    return findings, {subject.bank.language: subject.sample()} if subject.sampled else {}, tallies


def check_template(bank: Bank, template: Template) -> tuple[Finding, ...]:
    """What the rules say of one template."""
    return tuple(_template_findings(Subject(bank, template)))


def _template_findings(subject: Subject) -> list[Finding]:
    findings: list[Finding] = []
    for check in CHECKS:
        if check.on_sound_only and any(finding.severity is Severity.ERROR for finding in findings):
            continue
        findings += check.run(subject)
    return findings


def _data_findings(bank: Bank) -> tuple[Finding, ...]:
    """What is wrong with the sentences, the concepts and the words of misconceptions."""
    from quizgen.misconceptions.words import examine_words

    return (*bank.examine_corpus()[1], *bank.examine_concepts()[1], *examine_words(bank.words_folder)[1])
