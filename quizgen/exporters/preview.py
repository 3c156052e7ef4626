"""The contact sheet: variants side by side with key, feedback and findings, for the author of a template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from quizgen.exporters.html_page.page import page
from quizgen.exporters.html_page.questions import Mode, render_question
from quizgen.exporters.rendering.html import escaped
from quizgen.exporters.rendering.wording import wording
from quizgen.findings import Finding, Severity
from quizgen.model import GeneratedItem


def contact_sheet(
    items: Iterable[GeneratedItem], findings: Sequence[Finding] = (), title: str = "", refresh: int = 0
) -> bytes:
    """One page without script or network: a card a variant, everything open, the findings on top.

    findings: of the bank or template; shown once, above the cards. refresh: seconds after which an open page looks
    for a newer one, 0 for never.

    >>> contact_sheet([], title="No variants").startswith(b"<!DOCTYPE html>")
    True
    """
    cards: dict[str, list[str]] = {}
    number, language = 0, "en"
    for number, generated in enumerate(items, 1):
        language, template = generated.item.language, generated.item.template
        question = render_question(generated.item, generated.key, Mode.TEACHER, number)
        variant = escaped(f"{template} · {generated.item.variant}")
        cards.setdefault(template, []).append(f'<article class="card" aria-label="{variant}">{question}</article>')
    words = wording(language)
    count = escaped(words("page:variants", count=number))
    header = (
        f'<header class="top"><h1>{escaped(title)}</h1><p class="about"><span>{count}</span></p>'
        f"{_findings(findings, words('page:findings'), words('page:no-findings'))}</header>\n"
    )
    groups = (
        f'<section class="variants"><h2>{escaped(template)}</h2><div class="cards">{"".join(of_it)}</div></section>\n'
        for template, of_it in cards.items()
    )
    body = header + f"<main>{''.join(groups)}</main>\n"
    return page(title, body, language, styles=("page", "contact_sheet"), refresh=refresh)


def _findings(findings: Sequence[Finding], heading: str, none: str) -> str:
    if not findings:
        return f'<p class="about">{escaped(none)}</p>'
    entries = "".join(
        f"<li><strong>{escaped(finding.code)}</strong> <code>{escaped(str(finding.place))}</code> "
        f"{'⚠' if finding.severity is Severity.WARNING else '✗'} "
        f"{escaped(finding.message)}; {escaped(finding.remedy)}</li>"
        for finding in findings
    )
    return f'<ul class="findings" aria-label="{escaped(heading)}">{entries}</ul>'
