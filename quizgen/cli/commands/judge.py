"""``quizgen judge``: one key, one answer; or a stream of them for other programs."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, get_args

import click

from quizgen.cli.output import emit, json_option, quizgen_command, say

if TYPE_CHECKING:
    from grading.judge import Judgement

LONGEST_LINE = 1_000_000
"""Bytes of a line of the stream; a longer one is answered and skipped without being kept in memory."""

LONG_OPTION = re.compile(r"--[a-z][a-z-]+(=.*)?")

FIELDS = ("outcome", "score", "note", "reading", "diagnosis", "witness")


class FormulaCommand(click.Command):
    """A command whose arguments may begin with a minus: what is none of its options is a formula."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        valued = {name for p in self.get_params(ctx) if not getattr(p, "is_flag", True) for name in p.opts}
        options: list[str] = []
        formulas: list[str] = []
        rest = iter(args)
        for argument in rest:
            if argument == "--":
                formulas.extend(rest)
            elif LONG_OPTION.fullmatch(argument) or argument in ("-q", "-h"):
                options += [argument, *(islice(rest, 1) if argument in valued else ())]
            else:
                formulas.append(argument)
        return super().parse_args(ctx, [*options, "--", *formulas])


@quizgen_command("judge", FormulaCommand)
@click.argument("key", required=False)
@click.argument("answer", required=False)
@click.option("--assume", type=click.Choice(["probability", "positive", "real"]), default="probability",
              show_default=True, help="What is known of every symbol.")  # fmt: skip
@json_option
def command(key: str | None, answer: str | None, assume: str, as_json: bool) -> None:
    """Is the typed ANSWER the formula KEY, why, and if not, what was probably believed?

    Without arguments it reads JSON Lines {"key", "answer", "assume"?} from standard input and answers each with one
    line {"outcome", "score", "note", "reading", "diagnosis", "witness"}, in order; a line that cannot be read has the
    outcome "invalid", and the next one is read. Ends with 0 whatever the answers are.

    A formula may begin with a minus; put -- before one that reads like an option.
    """
    if key is None:
        if sys.stdin.isatty():
            say("reading JSON Lines from the terminal; end with Ctrl-D")
        for line in judged_lines(sys.stdin.buffer, assume):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        return
    if answer is None:
        raise click.UsageError("give KEY and ANSWER, or neither to read JSON Lines from standard input")
    judgement = _judge(key, answer, assume)
    if as_json:
        emit(_line(judgement).decode().rstrip("\n"))
    else:
        _print(judgement, key if judgement.note.startswith("invalid-key") else answer)


def _judge(key: str, answer: str, assume: str) -> Judgement:
    from grading.judge import judge
    from grading.keys import Assumption

    assumption: Assumption = next(name for name in get_args(Assumption) if name == assume)
    return judge(key, answer, assumption)


def _print(judgement: Judgement, typed: str) -> None:
    """The judgement for people; a text that could not be read is shown with a caret."""
    for field in FIELDS:
        value = getattr(judgement, field)
        if value:
            emit(f"{field + ':':<11}{value if isinstance(value, str) else ', '.join(value)}")
    if (refusal := judgement.refusal) is not None:
        emit(f"{refusal.message}\n{refusal.caret(typed)}")
        if refusal.suggestion:
            emit(f"type: {refusal.suggestion}")


def judged_lines(stream: BinaryIO, assume: str) -> Iterator[bytes]:
    """One line of JSON for each line of the stream, in order, whatever it holds; blank lines as well.

    A line of more than `LONGEST_LINE` bytes is answered without being kept in memory.
    """
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE)
            yield _invalid("line-too-long")
        else:
            yield _judged_line(line, assume)


def _judged_line(line: bytes, assume: str) -> bytes:
    import msgspec

    try:
        request: Any = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _invalid("not-json")
    if not isinstance(request, dict):
        return _invalid("not-an-object")
    key, answer = request.get("key"), request.get("answer")
    if not isinstance(key, str) or not isinstance(answer, str):
        return _invalid("key-missing" if not isinstance(key, str) else "answer-missing")
    assumption = request.get("assume", assume)
    if assumption not in ("probability", "positive", "real"):
        return _invalid("unknown-assumption")
    return _line(_judge(key, answer, assumption))


def _invalid(why: str) -> bytes:
    from grading.judge import Judgement

    return _line(Judgement("invalid", None, f"invalid-line:{why}"))


def _line(judgement: Judgement) -> bytes:
    import msgspec

    values: dict[str, object] = {field: getattr(judgement, field) for field in FIELDS}
    if judgement.refusal is not None:
        values["refusal"] = judgement.refusal
    return msgspec.json.encode(values) + b"\n"
