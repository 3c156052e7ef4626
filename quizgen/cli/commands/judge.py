"""``quizgen judge``: one key, one answer; or a stream of them for other programs."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, get_args

import click

from quizgen.cli.inputs import open_bank
from quizgen.cli.output import emit, json_option, quizgen_command, say

if TYPE_CHECKING:
    from grading.judge import Judgement
    from grading.keys import SymbolicKey
    from grading.wording import Wording

LONGEST_LINE = 1_000_000
"""Bytes of a line of the stream; a longer one is answered and skipped without being kept in memory."""

LONG_OPTION = re.compile(r"--[a-z][a-z-]+(=.*)?")

FIELDS = ("outcome", "score", "note", "reading", "diagnosis", "differences", "witness", "remark")
LABELS = ("read", "verdict", "proof", "open", "difference", "belief", "remark")
MASKED = re.compile(r"\[(.+)\]")
LOG_BASES = {"e": 0, "2": 2, "10": 10}


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
@click.option(
    "--sentence", metavar="TEXT", help='What the formula speaks of, masked words in brackets: "the [early] bird".'
)
@click.option("--log-base", type=click.Choice(list(LOG_BASES)), default="e", show_default=True,
              help="What log means.")  # fmt: skip
@click.option("--decimal-comma", is_flag=True, help="A comma between digits is the decimal mark.")
@click.option("--language", metavar="LANG", default="en", show_default=True, help="Of the explanation, such as de.")
@json_option
def command(
    key: str | None,
    answer: str | None,
    assume: str,
    sentence: str | None,
    log_base: str,
    decimal_comma: bool,
    language: str,
    as_json: bool,
) -> None:
    """Is the typed ANSWER the formula KEY, why, and if not, what was probably believed?

    Without arguments it reads JSON Lines {"key", "answer", "assume"?} from standard input and answers each with one
    line {"outcome", "score", "note", "reading", "diagnosis", "differences", "witness", "remark"}, in order; a line that
    cannot be read has the outcome "invalid", and the next one is read. Ends with 0 whatever the answers are.

    A formula may begin with a minus; put -- before one that reads like an option.
    """
    _check_language(language)
    setting = _setting(sentence, log_base, decimal_comma)
    if key is None:
        if sys.stdin.isatty():
            say("reading JSON Lines from the terminal; end with Ctrl-D")
        for line in judged_lines(sys.stdin.buffer, assume, setting, language):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        return
    if answer is None:
        raise click.UsageError("give KEY and ANSWER, or neither to read JSON Lines from standard input")
    judgement = _judge(key, answer, assume, setting, language, full=True)
    if as_json:
        emit(_line(judgement, full=True).decode().rstrip("\n"))
    else:
        for paragraph in explained(judgement, key, answer, language):
            emit(paragraph)


def _check_language(language: str) -> None:
    from grading.wording import LANGUAGES

    if language not in LANGUAGES:
        raise click.UsageError(f"--language is one of {', '.join(LANGUAGES)}")


def _setting(sentence: str | None, log_base: str, decimal_comma: bool) -> SymbolicKey:
    """A key without a value: of what the formulas speak, and how they are written."""
    from grading.keys import Sentence, SymbolicKey

    about = None
    if sentence is not None:
        words = sentence.split()
        found = [MASKED.fullmatch(word) for word in words]
        tokens = ("[CLS]", *(match[1] if match else word for word, match in zip(words, found, strict=True)))
        selected = tuple(place for place, match in enumerate(found, 1) if match)
        if not selected:
            raise click.UsageError('--sentence needs a masked word in brackets, as in "the [early] bird"')
        corrupted = tuple("[MASK]" if place in selected else token for place, token in enumerate(tokens))
        about = Sentence(tokens, corrupted, selected)
    base: Any = LOG_BASES[log_base]
    return SymbolicKey("", (), about, base, decimal_comma=decimal_comma)


def _judge(
    key: str, answer: str, assume: str, setting: SymbolicKey, language: str = "en", full: bool = False
) -> Judgement:
    from grading.judge import judge
    from grading.keys import Assumption

    assumption: Assumption = next(name for name in get_args(Assumption) if name == assume)
    return judge(key, answer, assumption, setting=setting, lang=language, full=full)


def explained(judgement: Judgement, key: str, answer: str, language: str) -> Iterator[str]:
    """The judgement for people, line by line: the answer as it was read, the verdict with its proof, what was believed.

    A text that could not be read is shown with a caret.
    """
    from grading.wording import wording

    words = wording(language)
    if (refusal := judgement.refusal) is not None:
        of_key = judgement.note.startswith("invalid-key")
        yield words("judged:key-unread" if of_key else "judged:answer-unread")
        yield f"\n{refusal.caret(key if of_key else answer)}\n{refusal.message}"
        if refusal.suggestion:
            yield words("judged:instead", text=refusal.suggestion)
        return
    width = 2 + max(len(words(f"judged:{label}")) for label in LABELS)
    said = ""
    for label, text in _explained(judgement, words, language):
        yield (words(f"judged:{label}") if label != said else "").ljust(width) + text
        said = label


def _explained(judgement: Judgement, words: Wording, language: str) -> Iterator[tuple[str, str]]:
    """Lines, each with what it is about, one of `LABELS`."""
    yield "read", judgement.reading
    echo = judgement.echo
    if echo is not None:
        for name in echo.names:
            yield "read", f"{name.text}: {name.meaning}"
        for remark in echo.conventions:
            yield "read", remark.sentence
    yield "verdict", words(f"judged:{judgement.outcome}", note=judgement.note, score=judgement.score or "–")
    yield from _proof(judgement, words)
    for text in judgement.differences:
        yield "difference", text
    for names in judgement.diagnosis:
        yield "belief", " + ".join(_titled(name, language) for name in names.split("+"))
    if judgement.remark:
        yield "remark", judgement.remark


def _proof(judgement: Judgement, words: Wording) -> Iterator[tuple[str, str]]:
    """What makes the verdict certain, or what stopped it."""
    forms = judgement.normal_forms
    match judgement.outcome:
        case "equal":
            yield "proof", words("judged:same-form")
            yield "proof", judgement.witness
        case "different":
            yield "proof", f"{judgement.witness} {words('judged:sides')}"
            if forms:
                yield "proof", words("judged:key-form", form=forms[0])
                yield "proof", words("judged:answer-form", form=forms[1])
        case _:
            yield "open", judgement.witness or words("judged:no-position")


def _titled(name: str, language: str) -> str:
    """The id of a misconception, with its title where the bank that comes with quizgen has one."""
    words = open_bank(None).words(language).get(name)
    return f"{name} ({words.title})" if words is not None else name


def judged_lines(stream: BinaryIO, assume: str, setting: SymbolicKey, language: str = "en") -> Iterator[bytes]:
    """One line of JSON for each line of the stream, in order, whatever it holds; blank lines as well.

    A line of more than `LONGEST_LINE` bytes is answered without being kept in memory.
    """
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE)
            yield _invalid("line-too-long")
        else:
            yield _judged_line(line, assume, setting, language)


def _judged_line(line: bytes, assume: str, setting: SymbolicKey, language: str) -> bytes:
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
    return _line(_judge(key, answer, assumption, setting, language))


def _invalid(why: str) -> bytes:
    from grading.judge import Judgement

    return _line(Judgement("invalid", None, f"invalid-line:{why}"))


def _line(judgement: Judgement, full: bool = False) -> bytes:
    import msgspec

    fields = (*FIELDS, "normal_forms", "echo") if full else FIELDS
    values: dict[str, object] = {field: getattr(judgement, field) for field in fields}
    if judgement.refusal is not None:
        values["refusal"] = judgement.refusal
    return msgspec.json.encode(values) + b"\n"
