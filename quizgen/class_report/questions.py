"""The part of the page about each question: one table of all, then a section for each."""

from __future__ import annotations

import html

from grading.statistics.items import LEAST
from quizgen.class_report.plots import share_bar, variant_bars
from quizgen.class_report.record import ClassReport, OptionResult, Question
from quizgen.class_report.tables import cell, paragraph, table
from quizgen.class_report.words import Words


def question_table(report: ClassReport, words: Words) -> str:
    """Facility, discrimination and D of all questions."""
    head = [(words("number"), "n"), (words("question"), ""), (words("scored"), "n"), (words("facility"), ""),
            (words("discrimination"), "n"), (words("upper-lower"), "n")]  # fmt: skip
    rows = [_row(question, words) for question in report.questions]
    how = paragraph(words("questions-how"), "how", raw=True)
    return table(head, rows, words("questions"), "all-questions") + how


def _row(question: Question, words: Words) -> list[str]:
    name = f'<th scope="row"><a href="#q{question.number}">{html.escape(question.title)}</a></th>'
    start = [cell(str(question.number), "n"), name]
    if question.void:
        return [*start, f'<td colspan="4">{html.escape(words("void"))}</td>']
    if question.facility is None:
        return [*start, cell(words.few(question.scored), "n"), "<td>–</td>", cell("–", "n"), cell("–", "n")]
    interval, between = question.facility_interval, question.discrimination_interval
    bar = share_bar(question.facility, interval.low if interval else None, interval.high if interval else None)
    r = words.number(question.discrimination)
    if between is not None:
        r_cell = f'<td class="n">{r}<small>{words.number(between.low)} … {words.number(between.high)}</small></td>'
    else:
        r_cell = cell(r, "n")
    return [
        *start,
        cell(words.few(question.scored), "n"),
        f'<td class="pic">{bar}<span>{words.percent(question.facility)}</span></td>',
        r_cell,
        cell(words.number(question.upper_lower), "n"),
    ]


def question_sections(report: ClassReport, words: Words) -> str:
    """A section for each question: its numbers, what was answered, its variants. How to read it stands once,
    before."""
    first = paragraph(words("options-how"), "how", raw=True)
    reasons: dict[int, list[str]] = {}
    for entry in report.look_at:
        reasons.setdefault(entry.question, []).append(entry.words)
    return first + "".join(_section(q, reasons.get(q.number, []), words) for q in report.questions)


def _section(question: Question, reasons: list[str], words: Words) -> str:
    name = f"<h3><span>{question.number}</span> {html.escape(question.title)}</h3>"
    body = [f'<article class="q" id="q{question.number}">{name}']
    points = words(
        "points-one" if question.points == 1 else "points",
        count=words.number(question.points, 2 if question.points % 1 else 0),
    )
    facts = words("q-facts", answered=words.few(question.answered),
                  scored=words.few(question.scored), points=points)  # fmt: skip
    body.append(paragraph(facts, "facts"))
    body += [paragraph(reason, "reason") for reason in reasons]
    if question.void:
        body.append(paragraph(words("void")))
    elif question.facility is None:
        body.append(paragraph(words("q-few")))
    else:
        body.append(paragraph("; ".join(_numbers(question, words)) + "."))
    if not question.void and (question.answered or 0) >= LEAST and question.options:
        body.append(_options(question, words))
    if question.variants:
        body.append(_variants(question, words))
    return "".join([*body, "</article>"])


def _numbers(question: Question, words: Words) -> list[str]:
    interval, between = question.facility_interval, question.discrimination_interval
    assert interval is not None, "whoever has a facility has its interval"
    low, high = words.percent(interval.low), words.percent(interval.high)
    told = [words("q-facility", facility=words.percent(question.facility), low=low, high=high)]
    if between is not None:
        low, high = words.number(between.low), words.number(between.high)
        told.append(words("q-r", r=words.number(question.discrimination), low=low, high=high))
    if question.upper_lower is not None:
        told.append(words("q-d", d=words.number(question.upper_lower), tail=question.tail))
    return told


def _options(question: Question, words: Words) -> str:
    several = len({option.part for option in question.options}) > 1
    head = [
        (words("answered"), ""),
        (words("chosen"), ""),
        (words("rest"), "n"),
        (words("choosing"), "n"),
        (words("works"), ""),
    ]
    rows, part = [], ""
    shown = [option for option in question.options if option.role == "key" or option.chosen]
    for option in shown:
        if several and option.part != part:
            part = option.part
            rows.append([f'<th scope="rowgroup" colspan="5" class="part">{html.escape(words("part", part=part))}</th>'])
        rows.append(_option_row(option, words))
    return table(head, rows, words("options-head"), "options") + _rarely_chosen(question, shown, words)


def _rarely_chosen(question: Question, shown: list[OptionResult], words: Words) -> str:
    """A sentence or two on the answers that too few gave for a row of their own."""
    told: dict[str, dict[str, None]] = {}
    for option in question.options:
        if option.role == "known" and option not in shown:
            name = "options-useless" if option.functioning is False else "options-few"
            told.setdefault(name, {})[option.title] = None
    return "".join(paragraph(words(name, names="; ".join(titles)), "how") for name, titles in sorted(told.items()))


def _option_row(option: OptionResult, words: Words) -> list[str]:
    role = words(f"role-{option.role}") if option.role != "known" else ""
    name = html.escape(option.title or role)
    if option.misconceptions:
        name += f"<code>{html.escape(' + '.join(option.misconceptions))}</code>"
    kind = {"key": "right", "known": "wrong"}.get(option.role, "other")
    if option.chosen is None or option.share is None:
        chosen = f'<td class="pic"><span>{words.few(option.chosen)}</span></td>'
    else:
        interval = option.interval
        bar = share_bar(option.share, interval.low if interval else None, interval.high if interval else None, kind)
        share = words.percent(option.share)
        told = words("of", count=words.whole(option.chosen), all=words.few(option.seen), share=share)
        chosen = f'<td class="pic">{bar}<span>{html.escape(told)}</span></td>'
    return [
        f'<th scope="row" class="{kind}">{name}</th>',
        chosen,
        cell(words.percent(option.rest), "n"),
        cell(words.number(option.correlation), "n"),
        cell(_works(option, words)),
    ]


def _works(option: OptionResult, words: Words) -> str:
    if option.suspect:
        return words("works-suspect")
    if option.functioning is None:
        return "" if option.role != "known" else "–"
    if option.functioning:
        return words("works-yes")
    return words("works-no-few" if option.share is None or option.share < 0.05 else "works-no-better")


def _variants(question: Question, words: Words) -> str:
    head = [
        (words("variant"), ""),
        (words("learners-head"), "n"),
        (words("facility"), "n"),
        (words("variant-effect"), ""),
    ]
    order = sorted(
        zip(question.variants, variant_bars(question.variants), strict=True), key=lambda v: (v[0].effect, v[0].item)
    )
    if len(order) > 12:  # the hardest and the easiest ones
        order = [*order[:6], *order[-6:]]
    rows = [
        [
            f'<th scope="row"><span class="code">{html.escape(v.code)}</span></th>',
            cell(words.whole(v.learners), "n"),
            cell(words.percent(v.facility), "n"),
            f'<td class="pic">{bar}<span>{words.signed(v.effect)}</span></td>',
        ]
        for v, bar in order
    ]
    return table(head, rows, words("variant"), "variants")
