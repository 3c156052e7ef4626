"""How a program ends: with an exit code, and with one sentence if something went wrong. Never with a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress

import click

from quizgen.cli.errors import sentence_of

DONE, FINDINGS, USAGE, UNEXPECTED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 70, 130, 141
DEBUG_VARIABLE = "QUIZGEN_DEBUG"


def colour() -> bool | None:
    """False if NO_COLOR asks for none, else None: a terminal decides."""
    return False if os.environ.get("NO_COLOR") else None


def guarded(action: Callable[[], object]) -> int:
    """Runs a program and returns its exit code; whatever it raises becomes one sentence on standard error.

    With QUIZGEN_DEBUG set, exceptions other than wrong usage are raised as they are.
    """
    _open_closed_streams()
    try:
        code = action()
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except click.exceptions.NoArgsIsHelpError as help_text:
        click.echo(help_text.format_message(), err=True, color=colour())
        return USAGE
    except click.UsageError as error:
        return _complain(error.format_message() + _usage_hint(error), USAGE)
    except click.ClickException as error:
        return _complain(error.format_message(), FINDINGS)
    except (click.Abort, KeyboardInterrupt):
        return _complain("interrupted; what existed before is still there", INTERRUPTED)
    except BrokenPipeError:
        _forget_output()
        return PIPE_CLOSED
    except SystemExit as ending:  # click ends like this after completion, and when the reader of our output has gone
        if not ending.code:
            return DONE
        _forget_output()
        return PIPE_CLOSED
    except Exception as error:  # the last line of defence
        if os.environ.get(DEBUG_VARIABLE):
            raise
        return _complain(sentence_of(error) or _report(error), FINDINGS if sentence_of(error) else UNEXPECTED)


def _open_closed_streams() -> None:
    """A program that was started with a closed stream reads nothing from it, and writes to nobody."""
    sys.stdin = sys.stdin or os.fdopen(os.open(os.devnull, os.O_RDONLY))
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


def _forget_output() -> None:
    """Lets Python end without flushing into the closed pipe."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str, code: int) -> int:
    with suppress(OSError):
        click.echo(f"{click.style('quizgen: error:', fg='red', bold=True)} {message}", err=True, color=colour())
    return code


def _usage_hint(error: click.UsageError) -> str:
    return f"\nTry: {error.ctx.command_path} --help" if error.ctx is not None else ""


def _report(error: Exception) -> str:
    text = " ".join(str(error).split())
    shown = text if len(text) <= 200 else text[:199] + "…"
    return (
        f"this should not have happened ({type(error).__name__}: {shown}); please report it with the command line "
        f"and the output of the same command with {DEBUG_VARIABLE}=1"
    )
