"""The part of the page that asks whether one paper was harder than another: as a whole, and question by question."""

from __future__ import annotations

import html

from grading.statistics.papers import PaperResult
from quizgen.class_report.record import ClassReport, Question
from quizgen.class_report.tables import cell, paragraph, table
from quizgen.class_report.words import Words

LIMIT = 0.05


def variants_section(report: ClassReport, words: Words) -> str:
    """The papers, each question whose variants could be compared, and what their differences mean for marks."""
    papers = _papers(report, words)
    compared = [question for question in report.questions if question.variants]
    if not compared:
        return papers + paragraph(words("variants-none"))
    differ = [q for q in compared if q.corrected is not None and q.corrected < LIMIT]
    found = "variants-some" if differ else "variants-fine"
    numbers = [(words(name), "n") for name in ("variants-count", "p-plain", "p-corrected")]
    head = [(words("question"), ""), *numbers, (words("spread"), "")]
    parts = [
        papers + (f"<h3>{html.escape(words('variants-each'))}</h3>" if papers else ""),
        paragraph(words(found, count=len(compared), differ=len(differ))),
        table(head, [_row(question, words) for question in compared], words("variants")),
        paragraph(words("variants-how"), "how", raw=True),
        paragraph(words("variant-how"), "how"),
        f"<h3>{html.escape(words('sensitivity'))}</h3>",
        paragraph(_sensitivity(report, words)),
    ]
    return "".join(parts)


def _papers(report: ClassReport, words: Words) -> str:
    """Versions as a whole; nothing if there are not two."""
    if (found := report.papers) is None:
        return ""
    differ = found.probability < LIMIT
    hardest = min(found.papers, key=lambda one: (one.effect, one.paper))
    easiest = max(found.papers, key=lambda one: (one.effect, one.paper))
    told = words(
        "papers-differ" if differ else "papers-fine",
        hardest=hardest.paper,
        easiest=easiest.paper,
        points=words.number(easiest.effect - hardest.effect, 1),
        p=words.probability(found.probability),
    )
    head = [
        (words("paper"), ""),
        (words("learners-head"), "n"),
        (words("paper-mean"), "n"),
        (words("paper-effect"), "n"),
    ]
    rows = [
        [
            f'<th scope="row">{html.escape(one.paper)}</th>',
            cell(words.whole(one.learners), "n"),
            cell(words.percent(one.mean), "n"),
            cell(_effect(one, words), "n"),
        ]
        for one in found.papers
    ]
    how = words("papers-how") if found.common else words("papers-how-nothing-common")
    left = words("papers-elsewhere", count=words.few(found.elsewhere if found.elsewhere > 4 else None))
    return (
        f"<h3>{html.escape(words('papers'))}</h3>{paragraph(told)}{table(head, rows, words('papers'))}"
        f"{paragraph(how + (' ' + left if found.elsewhere else ''), 'how')}"
    )


def _effect(one: PaperResult, words: Words) -> str:
    low, high = words.difference(one.interval.low), words.difference(one.interval.high)
    return words("paper-effect-value", effect=words.difference(one.effect), low=low, high=high)


def _row(question: Question, words: Words) -> list[str]:
    hardest = min(question.variants, key=lambda v: (v.effect, v.item))
    easiest = max(question.variants, key=lambda v: (v.effect, v.item))
    ends = [words("effect", code=v.code, effect=words.signed(v.effect)) for v in (hardest, easiest)]
    kind = "n alarm" if question.corrected is not None and question.corrected < LIMIT else "n"
    return [
        f'<th scope="row"><a href="#q{question.number}">{question.number}. {html.escape(question.title)}</a></th>',
        cell(str(len(question.variants)), "n"),
        cell(words.probability(question.probability).removeprefix("= "), "n"),
        cell(words.probability(question.corrected).removeprefix("= "), kind),
        cell(" … ".join(ends)),
    ]


def _sensitivity(report: ClassReport, words: Words) -> str:
    found = report.sensitivity
    if found is None or found.largest < 0.005:
        return words("sensitivity-none")
    error = report.reliability.error if report.reliability else None
    return words(
        "sensitivity-text",
        deviation=words.number(found.deviation),
        largest=words.number(found.largest),
        moved=words.few(None if 0 < found.moved < 5 else found.moved),
        sem=words.number(error),
    )
