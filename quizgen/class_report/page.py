"""``report.html``: the class report as one page that needs nothing else, to read, to print, in light and in dark."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from grading.statistics.beliefs import LIKELY, WRONG
from quizgen.class_report.plots import bars_in_words, histogram, move_line, question_map, share_bar
from quizgen.class_report.questions import question_sections, question_table
from quizgen.class_report.record import ClassReport, Misconception
from quizgen.class_report.tables import cell, paragraph, table
from quizgen.class_report.variants import variants_section
from quizgen.class_report.words import Words, words_of

STYLE = Path(__file__).parent / "page.css"


def report_html(report: ClassReport) -> str:
    """The page: the same report gives the same bytes. No script, nothing is fetched."""
    words = words_of(report.language)
    sections = [
        ("look", _look(report, words)),
        ("scores", _scores(report, words)),
        ("beliefs", _beliefs(report, words)),
        ("map", _map(report, words)),
        ("questions", question_table(report, words) + question_sections(report, words)),
        ("variants", variants_section(report, words)),
        ("test", _test(report, words)),
        ("amendments", _amendments(report, words)),
        ("about", _about(report, words)),
    ]
    kept = [(name, body) for name, body in sections if body]
    links = "".join(f'<li><a href="#{name}">{html.escape(words(name))}</a></li>' for name, _ in kept)
    body = "".join(
        f'<section id="{name}" aria-labelledby="h-{name}"><h2 id="h-{name}">{html.escape(words(name))}</h2>{content}'
        "</section>\n"
        for name, content in kept
    )
    title = html.escape(words("title", title=report.title))
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#look">{html.escape(words("skip"))}</a>\n'
        f"<header>{_header(report, words)}</header>\n"
        f'<nav aria-label="{html.escape(words("contents"))}"><ol>{links}</ol></nav>\n<main>\n'
        f"{_warnings(report, words)}{_glance(report, words)}{body}</main>\n"
        f"<footer><p>{html.escape(words('sources'))}</p></footer>\n</body>\n</html>\n"
    )


def _header(report: ClassReport, words: Words) -> str:
    facts = [
        words.count("learners", report.learners),
        words.count("responses", report.responses),
        words.count("attempts", report.attempts),
        words(f"policy-{report.policy}"),
    ]
    return (
        f'<p class="kicker">{html.escape(words("kicker"))}</p><h1>{html.escape(report.title)}</h1>'
        f'<p class="facts">{" · ".join(html.escape(fact) for fact in facts)}</p>'
    )


def _warnings(report: ClassReport, words: Words) -> str:
    if not report.warnings:
        return ""
    lines = "".join(f"<li>{html.escape(words(f'warning-{name}'))}</li>" for name in report.warnings)
    return f'<aside class="warnings" role="note"><ul>{lines}</ul></aside>\n'


def _glance(report: ClassReport, words: Words) -> str:
    found, test = report.distribution, report.reliability
    points = words.number(report.points, 0 if report.points == int(report.points) else 1)
    if found.lower_quartile is not None:
        low, high = words.percent(found.lower_quartile), words.percent(found.upper_quartile)
        note = words("mean-note", points=points, low=low, high=high)
    else:
        note = words("mean-note-short", points=points)
    cards = [(words("mean"), words.percent(found.mean), note)]
    if test is not None and test.alpha is not None and test.interval is not None:
        low, high = words.number(test.interval.low), words.number(test.interval.high)
        cards.append((words("reliability"), words.number(test.alpha), words("reliability-note", low=low, high=high)))
        error = words.number(test.error, 1)
        twice = words.number((test.error or 0.0) * 2 * 2**0.5, 1)
        cards.append((words("sem"), words("sem-value", points=error), words("sem-note", twice=twice)))
    else:
        cards.append((words("reliability"), "–", words("reliability-none")))
    top = next((one for one in report.misconceptions if one.holders), None)
    if top is None:
        cards.append((words("top-belief"), "–", words("top-belief-none")))
    else:
        note = words("top-belief-note", title=top.title, holders=words.few(top.holders), asked=words.whole(top.asked))
        cards.append((words("top-belief"), words.percent(top.share), note))
    shown = "".join(
        f"<div><dt>{html.escape(name)}</dt><dd><strong>{html.escape(value)}</strong>"
        f"<span>{html.escape(note)}</span></dd></div>"
        for name, value, note in cards
    )
    return f'<section aria-label="{html.escape(words("glance"))}"><dl class="cards">{shown}</dl></section>\n'


def _look(report: ClassReport, words: Words) -> str:
    if not report.look_at:
        return paragraph(words("look-nothing"))
    titles = {question.number: question.title for question in report.questions}
    lines = "".join(
        f'<li class="{entry.reason}"><a href="#q{entry.question}">{entry.question}. '
        f"{html.escape(titles[entry.question])}</a><span>{html.escape(entry.words)}</span></li>"
        for entry in report.look_at
    )
    return f'{paragraph(words("look-intro"))}<ol class="look">{lines}</ol>'


def _scores(report: ClassReport, words: Words) -> str:
    found = report.distribution
    if not found.bars:
        return ""
    how = words("scores-how", mean=words.percent(found.mean), deviation=words.percent(found.deviation))
    if found.median is not None:
        how += " " + words("scores-median", median=words.percent(found.median))
    rows = [[cell(span), cell(count, "n")] for span, count in bars_in_words(found.bars, words)]
    inner = table([(words("from-to"), ""), (words("learners-head"), "n")], rows, words("scores-caption"))
    return (
        f"<figure>{histogram(found, words)}</figure>{paragraph(how, 'how')}"
        f"<details><summary>{html.escape(words('scores-table'))}</summary>{inner}</details>"
    )


def _beliefs(report: ClassReport, words: Words) -> str:
    if not report.misconceptions:
        return ""
    top = [one for one in report.misconceptions if one.holders]
    rest = [one for one in report.misconceptions if not one.holders]
    moving = any(one.move for one in top)
    highest = max((share for one in top if one.move for share in (one.move.first, one.move.last)), default=1.0)
    reach = max(0.25, -(-highest * 4 // 1) / 4)
    parts = [paragraph(words("beliefs-intro", wrong=words.percent(WRONG), likely=words.percent(LIKELY)))]
    if top:
        head = [(words("belief"), ""), (words("holders"), ""), (words("undecided"), "n"), (words("shown"), "n")]
        if moving:
            head.append((words("move"), ""))
        parts.append(table(head, [_belief_row(one, moving, reach, words) for one in top], words("beliefs")))
        expected = sum(one.doubt or 0.0 for one in top)
        doubt = words.number(expected, 1) if expected >= 0.05 else f"< {words.number(0.1, 1)}"
        parts.append(paragraph(words("beliefs-how", doubt=doubt), "how", raw=True))
        if moving:
            parts.append(paragraph(words("moves-how", reach=words.percent(reach)), "how", raw=True))
    else:
        parts.append(paragraph(words("beliefs-none")))
    if rest:
        names = "; ".join(f"{one.title} ({words.few(one.holders)})" for one in rest)
        parts.append(paragraph(words("beliefs-rest", names=names), "how"))
    return "".join(parts)


def _belief_row(one: Misconception, moving: bool, reach: float, words: Words) -> list[str]:
    interval = one.interval
    bar = share_bar(one.share or 0.0, interval.low if interval else None, interval.high if interval else None, "belief")
    links = ", ".join(f'<a href="#q{number}">{number}</a>' for number in one.questions)
    held = words("of", count=words.few(one.holders), all=words.whole(one.asked), share=words.percent(one.share))
    row = [
        f'<th scope="row">{html.escape(one.title)}<code>{html.escape(one.id)}</code>'
        f'<span class="asked">{html.escape(words("asked-in"))} {links}</span></th>',
        f'<td class="pic">{bar}<span>{html.escape(held)}</span></td>',
        cell(words.few(one.undecided), "n"),
        cell(f"{words.whole(one.shown)} / {words.whole(one.answers)}", "n"),
    ]
    if moving:
        row.append(_move_cell(one, reach, words))
    return row


def _move_cell(one: Misconception, reach: float, words: Words) -> str:
    if (move := one.move) is None:
        return "<td>–</td>"
    told = words("lost", lost=words.few(move.lost), gained=words.few(move.gained))
    return (
        f'<td class="move">{move_line(move.first, move.last, reach)}<small>{words.percent(move.first)} → '
        f"{words.percent(move.last)}</small><small>{html.escape(told)}, "
        f"{html.escape(words('move-p', p=words.probability(move.probability)))}</small></td>"
    )


def _map(report: ClassReport, words: Words) -> str:
    if not any(question.discrimination is not None for question in report.questions):
        return ""
    marked = frozenset(entry.question for entry in report.look_at)
    return f"<figure>{question_map(report.questions, marked, words)}</figure>{paragraph(words('map-how'), 'how')}"


def _test(report: ClassReport, words: Words) -> str:
    if (test := report.reliability) is None:
        return ""
    interval = (
        "–" if test.interval is None else f"{words.number(test.interval.low)} – {words.number(test.interval.high)}"
    )
    kr20 = words("kr20-none") if test.kr20 is None else words.number(test.kr20, 3)
    error = words("points", count=words.number(test.error))
    rows: Sequence[tuple[str, str]] = (
        (words("alpha"), words.number(test.alpha, 3)),
        (words("interval"), interval),
        (words("kr20"), kr20),
        (words("error"), error),
        (words("mean-points"), words("points", count=words.number(test.mean))),
        (words("deviation"), words("points", count=words.number(test.deviation))),
        (words("counted"), words.whole(test.items)),
    )
    body = "".join(f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>" for name, value in rows)
    how = words("test-how", without=words.whole(test.without_score))
    return f'<dl class="facts-list">{body}</dl>{paragraph(how, "how", raw=True)}'


def _amendments(report: ClassReport, words: Words) -> str:
    lines = []
    for entry in report.amendments:
        what = entry.slot if entry.item == "*" else entry.item
        told = words("amendment", date=entry.date, action=entry.action, what=what, reason=entry.reason)
        lines.append(f"<li>{html.escape(told)}</li>")
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


def _about(report: ClassReport, words: Words) -> str:
    policy = words(f"policy-{report.policy}")
    text = words(
        "about-text",
        policy=policy[:1].upper() + policy[1:],
        not_matched=words.count("not-matched", report.not_matched) if report.not_matched else "",
        without=words.count("without-score", report.without_score) if report.without_score else "",
    )
    return paragraph(text.strip())
