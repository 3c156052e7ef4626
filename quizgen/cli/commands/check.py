"""``quizgen check``: what an author has to mend."""

from __future__ import annotations

import click

from quizgen.cli.output import banks_option, counted, emit, emit_json, json_option, quizgen_command, say


@quizgen_command("check")
@banks_option
@click.option("--strict", is_flag=True, help="Warnings count as well.")
@json_option
def command(banks: tuple[str, ...], strict: bool, as_json: bool) -> int:
    """Every finding of a bank, each as `file:line:col: CODE message; remedy` with the line and a caret.

    Ends with 1 if there is an error (with --strict: anything at all).
    """
    from quizgen.checks import check_bank
    from quizgen.findings import Severity

    findings = tuple(finding for folder in banks or (None,) for finding in check_bank(folder))
    if as_json:
        import msgspec

        emit_json(msgspec.to_builtins(findings))
    else:
        for finding in findings:
            emit(str(finding))
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    found = f"{counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}"
    say(found if findings else "nothing to mend")
    return 1 if errors or (strict and findings) else 0
