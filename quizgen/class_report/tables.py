"""Tables and paragraphs of the page; whatever is given as text is escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence


def table(head: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], caption: str, kind: str = "") -> str:
    """A table. head: (text, class of the column). rows: cells as HTML. caption: for those who cannot see where it
    stands."""
    columns = "".join(f'<th scope="col"{_class(kind_)}>{html.escape(text)}</th>' for text, kind_ in head)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{html.escape(caption)}"><table{_class(kind)}>'
        f'<caption class="unseen">{html.escape(caption)}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def cell(text: str, kind: str = "") -> str:
    """A cell of a table.

    >>> cell("a < b", "n")
    '<td class="n">a &lt; b</td>'
    """
    return f"<td{_class(kind)}>{html.escape(text)}</td>"


def paragraph(text: str, kind: str = "", raw: bool = False) -> str:
    """A paragraph. raw: the text is the page's own and holds mark-up."""
    return f"<p{_class(kind)}>{text if raw else html.escape(text)}</p>"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
