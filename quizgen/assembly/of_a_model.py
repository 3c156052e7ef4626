"""What is to be said of a quiz whose probabilities a model gave: words it lacks, and what cannot be printed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from quizgen.findings import Finding, Place, Severity
from quizgen.model import GeneratedItem

if TYPE_CHECKING:
    from quizgen.bank import Bank, Banks
    from quizgen.sampling.predictions import Predictor


def of_predictor(
    predictor: Predictor, bank: Bank | Banks, languages: Collection[str], items: Iterable[GeneratedItem]
) -> tuple[Finding, ...]:
    """Warnings about a finished quiz: the model was not asked, does not know many words, or is too sure."""
    from quizgen.bank import Banks
    from quizgen.sampling.predictions import at_the_edge

    place = Place(bank.shown)
    predictions = [found for generated in items for found in generated.key.predictions]
    if not predictions:
        message = "no template draws probabilities for each mask from an even list, so the model was not asked"
        return (Finding(place, "Q716", message, "choose other templates, or leave the model out", Severity.WARNING),)
    findings = []
    corpora = [one.corpus for one in (bank.banks if isinstance(bank, Banks) else (bank,))]
    sentences = [found for corpus in corpora for code in sorted(languages) for found in corpus.select(language=code)]
    words = [(sentence, k) for sentence in sentences for k in sentence.content_positions]
    lost = sum(not predictor.knows(sentence, (k,)) for sentence, k in words)
    if lost:
        message = f"{lost} of {len(words)} words that may be masked are not in the vocabulary of the model"
        remedy = "take a model with more words, or other sentences, if too few questions are left"
        findings.append(Finding(place, "Q717", message, remedy, Severity.WARNING))
    edge = sum(map(at_the_edge, predictions))
    if edge:
        message = f"{edge} of {len(predictions)} probabilities are so near to 0 or 1 that the questions round them away"
        remedy = "they are printed with the last decimal that is not 0 or 1; the archive keeps the model's own"
        findings.append(Finding(place, "Q718", message, remedy, Severity.WARNING))
    return tuple(findings)
