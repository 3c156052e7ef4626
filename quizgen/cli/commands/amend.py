"""``quizgen amend``: a mistake in a key, mended after the event."""

from __future__ import annotations

import re
from datetime import date as day
from typing import TYPE_CHECKING

import click

from quizgen.cli.output import counted, emit, emit_table, quizgen_command, say

if TYPE_CHECKING:
    from grading.answersheet import Amendment
    from quizgen.archive import Archive


@quizgen_command("amend")
@click.argument("quiz", metavar="OUT", type=click.Path(exists=True, file_okay=False))
@click.argument("question", metavar="[QUESTION]", default="")
@click.option("--accept", metavar="ANSWER", multiple=True,
              help="Also take this answer: an option's text or letter, or a typed one. Repeatable.")  # fmt: skip
@click.option("--accept-belief", metavar="MISCONCEPTION",
              help="Also take, in each variant, the answer that follows from this misconception.")  # fmt: skip
@click.option("--void", is_flag=True, help="The question counts for nobody.")
@click.option("--full-marks", is_flag=True, help="Everybody who was given it gets it.")
@click.option("--tolerance", metavar="T", help="Another one for a number: 0.01, or 2 %.")
@click.option("--part", metavar="ID", default="answer", help="Of a question of several parts.")
@click.option("--reason", metavar="TEXT", default="", help="Why; learners and colleagues will read it.")
@click.option("--date", metavar="DAY", default="", help="As 2026-11-02.  [default: today]")
@click.option("--list", "listed", is_flag=True, help="Show the amendments that there are.")
@click.option("--withdraw", metavar="N", type=int, help="Take back the amendment of this number.")
def command(
    quiz: str,
    question: str,
    accept: tuple[str, ...],
    accept_belief: str | None,
    void: bool,
    full_marks: bool,
    tolerance: str | None,
    part: str,
    reason: str,
    date: str,
    listed: bool,
    withdraw: int | None,
) -> None:
    """Mends QUESTION of the quiz OUT after the event: an item by its printed code, all variants of a slot by its id.

    The archive stays as it was given to learners; the amendment is a line beside it, and `quizgen grade` applies it and
    reports whose marks move.
    """
    from quizgen.amendments import (
        accepting,
        accepting_belief,
        add,
        for_everybody,
        question_of,
        tolerance_of,
        with_tolerance,
    )
    from quizgen.amendments import withdraw as take_back
    from quizgen.archive import read_archive

    asked = [bool(accept), accept_belief is not None, void, full_marks, tolerance is not None]
    if sum(asked) + listed + (withdraw is not None) != 1:
        raise click.UsageError(
            "say one thing: --accept, --accept-belief, --void, --full-marks, --tolerance, --list or --withdraw"
        )
    archive = read_archive(quiz)
    if listed:
        _show(archive)
        return
    if withdraw is not None:
        taken = take_back(archive, withdraw)
        say(f"Taken back: {taken.action} ({taken.reason}). {_next(quiz)}")
        return
    if not question or not reason.strip():
        raise click.UsageError("name the question, and say --reason: learners and colleagues will read it")
    when = date or day.today().isoformat()
    if not _is_day(when):
        raise click.UsageError(f"--date {when}: write it as 2026-11-02")
    meant = question_of(archive, question)
    if accept:
        made = accepting(archive, meant, accept, part, reason, when)
    elif accept_belief is not None:
        made = accepting_belief(archive, meant, accept_belief, part, reason, when)
    elif tolerance is not None:
        try:
            made = with_tolerance(archive, meant, tolerance_of(tolerance), part, reason, when)
        except ValueError:
            raise click.UsageError(
                f"--tolerance {tolerance}: write a distance such as 0.01, or a share such as 2 %"
            ) from None
    else:
        made = for_everybody(archive, meant, "void" if void else "full-marks", reason, when)
    add(archive, made)
    for line in dict.fromkeys(_said(archive, one) for one in made[:3]):
        emit(line)
    many = f"; {counted(len(made), 'line')}, one for each variant that has such an answer" if len(made) > 1 else ""
    say(f"Amended: {meant.name}{many}. {_next(quiz)}")


def _next(quiz: str) -> str:
    return f"Next: quizgen grade RESPONSES --quiz {quiz} -o marks"


def _is_day(text: str) -> bool:
    try:
        return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) is not None and bool(day.fromisoformat(text))
    except ValueError:
        return False


def _said(archive: Archive, amendment: Amendment) -> str:
    """What an amendment does, for people: an option by its text."""
    if amendment.action == "accept":
        items = [amendment.item] if amendment.item != "*" else []
        texts = dict(option for item in items for part in archive.key(item).parts for option in part.options)
        given = ", ".join(f"“{texts.get(str(response), response)}”" for response in amendment.responses)
        return f"accept {given}"
    if amendment.tolerance is not None:
        amount = amendment.tolerance.amount
        return f"tolerance {amount * 100} %" if amendment.tolerance.kind == "relative" else f"tolerance {amount}"
    return amendment.action


def _show(archive: Archive) -> None:
    rows = [
        (str(number), one.date, one.slot if one.item == "*" else one.item, one.part, _said(archive, one), one.reason)
        for number, one in enumerate(archive.amendments(), 1)
    ]
    emit_table(("", "date", "question", "part", "what", "reason"), rows or [("", "", "none", "", "", "")])
