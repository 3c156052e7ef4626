"""The program itself: its commands, loaded when they are used, and how it ends."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

import click

from quizgen.cli.guard import colour, guarded

COMMANDS = {
    "list": "The templates of a bank.",
    "show": "One question in the terminal, with its answer.",
    "check": "Every finding of a bank.",
    "diff": "Which questions a change of a bank touches.",
    "new": "A template that passes `check`, to edit.",
    "import": "Templates from Moodle XML, GIFT or QTI.",
    "build": "Draw a quiz and freeze it in an archive.",
    "preview": "Variants side by side on one page.",
    "export": "Files for a learning platform.",
    "simulate": "Submissions of an invented class.",
    "grade": "Marks and diagnoses for a file of responses.",
    "reconcile": "The marks of a platform beside ours.",
    "feedback": "What each learner gets back.",
    "review": "Answers that wait for a person, as a list.",
    "decide": "What several markers decided, as one.",
    "amend": "Mend a key after the event.",
    "book": "What is kept of every attempt, and grades for a gradebook.",
    "judge": "Is this typed answer that key, and why?",
    "schema": "The JSON Schemas of templates and archives.",
    "formats": "What can be exported, and how faithfully.",
    "misconceptions": "The misconceptions that can be offered and diagnosed.",
    "completion": "Completion for your shell.",
}
"""Each command and its line in the overview. The module of the same name in `quizgen.cli.commands` is imported
when the command is used, so that starting costs the same however many there are."""


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
    """Runs one command line and returns the exit code."""
    given = None if arguments is None else list(arguments)
    return guarded(lambda: program.main(args=given, prog_name="quizgen", standalone_mode=False, color=colour()))
