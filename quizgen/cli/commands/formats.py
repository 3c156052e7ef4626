"""``quizgen formats``: where a quiz can go, and what is kept on the way."""

from __future__ import annotations

from quizgen.cli.output import emit_json, emit_table, json_option, quizgen_command, say

KEYS = {
    "learner": "on the learner's machine; exams go without",
    "server": "on the server",
    "file": "in the file; exams go without",
}


@quizgen_command("formats")
@json_option
def command(as_json: bool) -> None:
    """The formats of `quizgen export`: for what, where the keys end up, and what becomes of each kind of question.

    exact: every answer gets the same mark as here; degraded: it can be used, and the export says what is lost.
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
                    "kinds": {kind: level.value for kind, level in format_.kinds.items()},
                }
                for format_ in FORMATS
            ]
        )
        return
    rows = []
    for format_ in FORMATS:
        lossy = [f"{kind} {level.value}" for kind, level in format_.kinds.items() if level.value != "exact"]
        rows.append((format_.id, format_.title, KEYS[format_.keys], ", ".join(lossy) or "all kinds exact"))
    emit_table(("format", "for", "keys", "not exact"), rows)
    say("Use one: quizgen export OUT --to FORMAT")
