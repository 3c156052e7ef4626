"""``quizgen formats``: where a quiz can go, and what is kept on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quizgen.cli.output import emit_json, emit_table, json_option, quizgen_command, say

if TYPE_CHECKING:
    from quizgen.exporters.contract import Format

KEYS = {
    "learner": "on the learner's machine; exams go without or are refused",
    "server": "on the server",
    "file": "in the file; exams go without",
    "apart": "in files of their own, not for learners",
}


@quizgen_command("formats")
@json_option
def command(as_json: bool) -> None:
    """The formats of `quizgen export`: for what, where the keys end up, and what becomes of each kind of question.

    exact: every answer gets the same mark as here; degraded: it can be used, and the export says what is lost.
    best effort: written after the documentation of the platform, not tried in the platform itself.
    """
    from quizgen.exporters.catalogue import FORMATS

    if as_json:
        emit_json(
            [
                {
                    "format": format_.id,
                    "title": format_.title,
                    "audience": format_.audience,
                    "keys": format_.keys,
                    "best_effort": format_.best_effort,
                    "kinds": {kind: level.value for kind, level in format_.kinds.items()},
                }
                for format_ in FORMATS
            ]
        )
        return
    rows = [(format_.id, format_.title, note(format_), KEYS[format_.keys], _kept(format_)) for format_ in FORMATS]
    emit_table(("format", "for", "note", "keys", "kinds"), rows)
    say("Use one: quizgen export OUT --to FORMAT")


def note(format_: Format) -> str:
    """What there is to say of the format as a whole."""
    return "best effort" if format_.best_effort else "–"


def _kept(format_: Format) -> str:
    """What becomes of the kinds, in a line: those that are not exact, or what all of them are."""
    levels = {level.value for level in format_.kinds.values()}
    if len(levels) == 1:
        return f"all kinds {levels.pop()}"
    return ", ".join(f"{kind} {level.value}" for kind, level in format_.kinds.items() if level.value != "exact")
