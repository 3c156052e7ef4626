"""How commands speak: data on standard output, chatter on standard error, one way to print a table.

Colours appear only on a terminal and never when NO_COLOR is set. rich is imported when a progress bar or a framed
table is really shown.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any, TypeVar

import click

C = TypeVar("C", bound=Callable[..., Any])
Progress = Callable[[int, int | None], None]

SHIPPED = "shipped"
"""What `--bank` calls the bank that comes with quizgen, where there is no folder of that name."""


def _folder_of_bank(given: str) -> str:
    """The folder that `--bank` names. Raises BadParameter if there is none."""
    if given == SHIPPED and not os.path.exists(given):
        from quizgen.bank import shipped_folder

        return str(shipped_folder())
    click.Path(exists=True, file_okay=False).convert(given, None, click.get_current_context())
    return given


quiet_option = click.option(
    "-q",
    "--quiet",
    is_flag=True,
    expose_value=False,
    callback=lambda ctx, _, value: ctx.meta.__setitem__("quizgen.quiet", value),
    help="Say nothing on standard error but errors.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
banks_option = click.option(
    "--bank",
    "banks",
    metavar="DIR",
    multiple=True,
    callback=lambda ctx, _, value: tuple(map(_folder_of_bank, value)),
    help="The folder of the bank; the one that comes with quizgen (also called `shipped`) by default. May be repeated.",
)
rules_option = click.option(
    "--policy",
    "rules",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="The rules of the course: attempts, lateness, penalties, rounding (YAML).",
)
attempt_option = click.option(
    "--attempt",
    type=click.Choice(["last", "first", "best", "average"]),
    help="Which attempt counts, or the average of all; without rules it is the last.",
)
sentences_option = click.option(
    "--sentences",
    metavar="FILE",
    multiple=True,
    expose_value=False,
    type=click.Path(exists=True, dir_okay=False),
    callback=lambda ctx, _, value: ctx.meta.__setitem__("quizgen.sentences", value),
    help="Your own sentences in place of the bank's: YAML, or plain text with one a line. May be repeated.",
)


def quiet() -> bool:
    """True if the command was asked to be quiet."""
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get("quizgen.quiet"))


def say(message: str = "") -> None:
    """Chatter: a line on standard error."""
    if not quiet():
        with suppress(OSError):  # whoever cannot hear it still gets the data
            click.echo(message, err=True)


def complain(message: str) -> None:
    """What is wrong: a line on standard error, also where nothing else is said."""
    with suppress(OSError):
        click.echo(message, err=True)


def counted(number: int, thing: str) -> str:
    """The number with its noun.

    >>> counted(1, "finding"), counted(2_000, "response")
    ('1 finding', '2,000 responses')
    """
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def emit(text: str) -> None:
    """Data: a line on standard output."""
    click.echo(text)


def emit_json(value: Any) -> None:
    """Data as JSON, indented for people and stable for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def emit_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Aligned columns on standard output; the last one is cut to a terminal's width, never in a pipe."""
    body = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(display_width, column)) for column in zip(header, *body, strict=True)]
    for number, row in enumerate([list(header), *body]):
        line = "  ".join(cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True))
        line = _fitted(line.rstrip())
        click.echo(click.style(line, bold=True) if number == 0 else line)


def display_width(text: str) -> int:
    """Columns that the text takes in a terminal.

    >>> display_width("x̄"), display_width("語")
    (1, 2)
    """
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _fitted(line: str) -> str:
    if not sys.stdout.isatty():
        return line
    width = os.get_terminal_size(sys.stdout.fileno()).columns
    if display_width(line) <= width:
        return line
    while line and display_width(line) > width - 1:
        line = line[:-1]
    return line + "…"


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """A progress bar on standard error, driven by (done, of all); nothing when quiet, one line when it is no terminal.

    Yields what has to be called as the work goes on.
    """
    if quiet():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn(f"{label:<22}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def quizgen_command(
    name: str, kind: type[click.Command] = click.Command, summary: str = ""
) -> Callable[[Callable[..., Any]], click.Command]:
    """Makes a click command in our style out of a function: its line in the overview and the option ``--quiet``.

    summary: that line, for a command inside another one.
    """

    def decorate(function: Callable[..., Any]) -> click.Command:
        from quizgen.cli.program import COMMANDS

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            if kwargs.get("output") == "":
                raise click.UsageError("-o names nothing; give it a name")
            result = function(*args, **kwargs)
            if isinstance(result, int) and result:
                click.get_current_context().exit(result)

        return click.command(name, kind, short_help=summary or COMMANDS[name])(quiet_option(call))

    return decorate
