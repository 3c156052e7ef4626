"""The program itself: its commands, loaded when they are used, and how it ends."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from quizgen.cli.errors import sentence_of

COMMANDS = {
    "list": "The templates of a bank.",
    "show": "One question in the terminal, with its answer.",
    "check": "Every finding of a bank.",
    "new": "A template that passes `check`, to edit.",
    "build": "Draw a quiz and freeze it in an archive.",
    "preview": "Variants side by side on one page.",
    "export": "Files for a learning platform.",
    "simulate": "Submissions of an invented class.",
    "grade": "Marks and diagnoses for a file of responses.",
    "judge": "Is this typed answer that key, and why?",
    "schema": "The JSON Schemas of templates and archives.",
    "formats": "What can be exported, and how faithfully.",
    "misconceptions": "The misconceptions that can be offered and diagnosed.",
    "completion": "Completion for your shell.",
}
"""Each command and its line in the overview. The module of the same name in `quizgen.cli.commands` is imported
when the command is used, so that starting costs the same however many there are."""

DONE, FINDINGS, USAGE, UNEXPECTED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 70, 130, 141


class Program(click.Group):
    """A group whose commands are imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"quizgen.cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            meant = f"did you mean '{near[0]}'?" if near else "see: quizgen --help"
            raise click.UsageError(f"there is no command '{args[0]}'; {meant}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="quizgen", prog_name="quizgen")
def program() -> None:
    """Quizzes about how language models are trained: from a bank of templates to graded answers.

    Exit codes: 0 done, 1 findings, 2 wrong usage. Data goes to standard output, everything else to standard error.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line and returns the exit code; whatever goes wrong becomes one sentence."""
    try:
        code = program.main(
            args=None if arguments is None else list(arguments), prog_name="quizgen", standalone_mode=False
        )
        sys.stdout.flush()
    except click.UsageError as error:
        return _complain(error.format_message(), USAGE, hint=_usage_hint(error))
    except click.ClickException as error:
        return _complain(error.format_message(), FINDINGS)
    except (click.Abort, KeyboardInterrupt):
        return _complain("interrupted; nothing was half-written", INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone; Python must not try to flush into the closed pipe when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as error:  # the last line of defence: a person never sees a traceback
        if os.environ.get("QUIZGEN_DEBUG"):
            raise
        if (sentence := sentence_of(error)) is not None:
            return _complain(sentence, FINDINGS)
        return _complain(
            f"this should not have happened ({type(error).__name__}: {_short(str(error))}); please report it with the "
            "command line and the output of the same command with QUIZGEN_DEBUG=1",
            UNEXPECTED,
        )
    return code if isinstance(code, int) else DONE


def _complain(message: str, code: int, hint: str = "") -> int:
    with suppress(BrokenPipeError):
        click.echo(f"{click.style('quizgen: error:', fg='red', bold=True)} {message}{hint}", err=True)
    return code


def _usage_hint(error: click.UsageError) -> str:
    return f"\nTry: {error.ctx.command_path} --help" if error.ctx is not None else ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else line[:199] + "…"
