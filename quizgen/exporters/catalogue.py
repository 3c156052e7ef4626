"""The formats, in the order in which they are listed. One more format: its module and one line here."""

from __future__ import annotations

from quizgen.exporters import (
    aiken,
    anki,
    blackboard,
    canvas,
    cc,
    csv_table,
    gift,
    h5p,
    html_page,
    json_quiz,
    kahoot,
    latex_source,
    markdown,
    moodle_stack,
    moodle_xml,
    olx,
    pdf,
    qti3,
    qti21,
    scorm12,
    scorm2004,
    typst_source,
    xapi,
    xlsx,
)
from quizgen.exporters.contract import ExportError, Format

FORMATS: tuple[Format, ...] = (
    json_quiz.FORMAT,
    moodle_xml.FORMAT,
    moodle_stack.FORMAT,
    canvas.FORMAT,
    qti3.FORMAT,
    qti21.FORMAT,
    olx.FORMAT,
    html_page.FORMAT,
    scorm12.FORMAT,
    scorm2004.FORMAT,
    xapi.FORMAT,
    pdf.FORMAT,
    typst_source.FORMAT,
    latex_source.FORMAT,
    gift.FORMAT,
    aiken.FORMAT,
    blackboard.FORMAT,
    cc.FORMAT,
    kahoot.FORMAT,
    h5p.FORMAT,
    anki.FORMAT,
    markdown.FORMAT,
    csv_table.FORMAT,
    xlsx.FORMAT,
)


def format_of(id_: str) -> Format:
    """The format of this name. Raises ExportError that names the others.

    >>> format_of("json").title
    'JSON'
    """
    from difflib import get_close_matches

    by_id = {format_.id: format_ for format_ in FORMATS}
    if id_ not in by_id:
        near = get_close_matches(id_, by_id, 1)
        remedy = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(by_id)}"
        raise ExportError(id_, "is not a format", remedy)
    return by_id[id_]
