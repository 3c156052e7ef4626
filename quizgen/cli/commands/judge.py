"""``quizgen judge``: one key, one answer; or a stream of them for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, get_args

import click

from quizgen.cli.output import emit, json_option, quizgen_command, say

LONGEST_LINE = 1_000_000


@quizgen_command("judge")
@click.argument("key", required=False)
@click.argument("answer", required=False)
@click.option("--assume", type=click.Choice(["probability", "positive", "real"]), default="probability",
              show_default=True, help="What is known of every symbol.")  # fmt: skip
@json_option
def command(key: str | None, answer: str | None, assume: str, as_json: bool) -> None:
    """Is the typed ANSWER the formula KEY, why, and if not, what was probably believed?

    Without arguments it reads JSON Lines {"key", "answer", "assume"?} from standard input and answers each with one line
    {"outcome", "score", "note", "reading", "diagnosis", "witness"}, in order; a line that cannot be read gets the outcome
    "invalid", and the next one is read. Ends with 0 whatever the answers are.
    """
    if key is None:
        if sys.stdin.isatty():
            say("reading JSON Lines from the terminal; end with Ctrl-D")
        for line in _judged(sys.stdin.buffer, assume):
            sys.stdout.buffer.write(line + b"\n")
            sys.stdout.buffer.flush()
        return
    if answer is None:
        raise click.UsageError("give KEY and ANSWER, or neither to read JSON Lines from standard input")
    judged = _answer(key, answer, assume)
    if as_json:
        emit(_json(judged).decode())
        return
    for field in ("outcome", "score", "note", "reading", "diagnosis", "witness"):
        if value := getattr(judged, field):
            emit(f"{field + ':':<11}{value if isinstance(value, str) else _json(value).decode()}")
