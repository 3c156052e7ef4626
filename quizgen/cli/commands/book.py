"""``quizgen book``: what is kept of every attempt, of whom, for how long, and grades for a gradebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quizgen.cli.books import at_option, book_option, key_option, key_path, opened, write_file
from quizgen.cli.output import (
    attempt_option,
    complain,
    counted,
    emit,
    emit_json,
    emit_table,
    json_option,
    quizgen_command,
    rules_option,
    say,
)
from quizgen.cli.program import COMMANDS

if TYPE_CHECKING:
    from quizgen.book.database import Book
    from quizgen.book.keyfile import KeyFile
    from quizgen.book.reading import PersonRecord
    from quizgen.marks import LearnerMarks, Marks

SHOWN = 20


@click.group("book", short_help=COMMANDS["book"])
def command() -> None:
    """The book keeps every attempt that `quizgen grade --book BOOK` graded, in SQLite or PostgreSQL.

    A later grade stands beside the earlier ones, and the newest counts. People are pseudonyms in it; their names lie
    in a key file beside it. docs/book.md says what is kept of whom, and for how long.
    """


@quizgen_command("info", summary="What a book holds, without any name.")
@book_option(required=True)
@json_option
def info(book: str, as_json: bool) -> None:
    """Says how much is in the book. No key file is needed for it."""
    import msgspec

    from quizgen.book.database import open_book
    from quizgen.book.reading import overview

    found = overview(open_book(book))
    if as_json:
        emit_json(msgspec.to_builtins(found))
        return
    rows = [(quiz.title, str(quiz.people), str(quiz.attempts), str(quiz.regraded)) for quiz in found.quizzes]
    emit_table(("quiz", "people", "attempts", "later grades"), rows)
    kept = "for ever" if found.keep_days is None else f"{found.keep_days} days"
    emit(f"\nPeople: {found.people}. Forgotten: {found.forgotten}. Attempts are kept {kept}. Tables: {found.version}.")


@quizgen_command("show", summary="Everything that is known of a learner.")
@click.argument("learner")
@book_option(required=True)
@key_option
@json_option
def show(learner: str, book: str, key: str | None, as_json: bool) -> int:
    """Shows the whole record of LEARNER (the id in the responses), with every grade that was ever given.

    Ends with 1 if there is none.
    """
    import msgspec

    from quizgen.book.reading import record_of

    record = record_of(*opened(book, key), learner)
    if as_json:
        emit_json(msgspec.to_builtins(record))
    else:
        _print_record(record)
    if not record.attempts:
        say(_nobody(book, record))
    return 0 if record.attempts or record.known else 1


def _nobody(book: str, record: PersonRecord) -> str:
    if record.forgotten_at:
        return f"{record.learner} was forgotten on {record.forgotten_at[:10]}; nothing else is known"
    return f"{book}: there is nothing of a learner “{record.learner}”; write the id as it stands in the responses"


def _print_record(record: PersonRecord) -> None:
    from quizgen.book.records import grade_of

    for name, value in sorted(record.known.items()):
        emit(f"{name}: {value}")
    emit(f"pseudonym: {record.person}")
    title = ""
    for attempt in record.attempts:
        if attempt.title != title:
            title = attempt.title
            emit(f"\n{title}")
        handed = f", handed in {attempt.submitted_at}" if attempt.submitted_at else ""
        emit(f"  {attempt.slot} · {attempt.item} · attempt {attempt.number}{handed}, in the book {attempt.recorded_at}")
        for grade in attempt.grades:
            score = "no score" if grade.mark.score is None else grade.mark.score
            why = f" ({grade.reason})" if grade.reason else ""
            emit(f"    {grade.graded_at}  {grade.mark.verdict}, {score}, {grade.mark.note}{why}")
            if grade.mark.reading:
                emit(f"      read as: {' '.join(grade.mark.reading.split())}")
            believed = dict.fromkeys(name for one in grade_of(grade.mark).diagnoses for name in one.misconceptions)
            if believed:
                emit(f"      misconceptions: {', '.join(believed)}")


@quizgen_command("forget", summary="Remove a learner for good.")
@click.argument("learner")
@book_option(required=True)
@key_option
@click.option("--undo", is_flag=True, help="Let LEARNER in again; what was removed stays removed.")
@at_option("--at", "The moment that is noted beside it.")
def forget(learner: str, book: str, key: str | None, undo: bool, at: str) -> int:
    """Removes LEARNER from the book and from the key file: every attempt, every grade, the name.

    The pseudonym stays on a list, so that grading the same file again does not bring them back. Ends with 1 if nothing
    is known of LEARNER.
    """
    from quizgen.book.erasing import forget as forgotten
    from quizgen.book.erasing import readmit
    from quizgen.book.reading import record_of

    found, names = opened(book, key)
    if undo:
        done = readmit(found, names, learner)
        say(f"{learner} is let in again" if done else f"{learner} is not on the list of the forgotten")
        return 0 if done else 1
    erased = forgotten(found, names, learner, at)
    if erased is None:
        record = record_of(found, names, learner)
        say(_nobody(book, record))
        return 0 if record.forgotten_at else 1
    say(f"{learner} is forgotten: {counted(erased.attempts, 'attempt')} and the name removed")
    say("copies that were made elsewhere (backups, marks, exports, the file of responses) are yours to remove")
    return 0


@quizgen_command("names", summary="Put names into the key file.")
@click.argument("people", metavar="LIST", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@book_option(required=True)
@key_option
def names(people: Path, book: str, key: str | None) -> int:
    """Reads names from LIST into the key file: a roster, the gradebook that Canvas exports, Moodle's participants.

    A row is found by its column `learner`, or else by any id in it. Of people who are not in the book nothing is kept.
    """
    from quizgen.book.names import add_names

    _, key_file = opened(book, key)
    named = add_names(key_file, people)
    for doubt in named.doubtful[:SHOWN]:
        complain(doubt)
    if len(named.doubtful) > SHOWN:
        complain(f"… and {len(named.doubtful) - SHOWN} more")
    say(f"{named.people:,} people named; {counted(named.strangers, 'row')} about people who are not in the book")
    return 1 if named.doubtful or not named.people else 0


@quizgen_command("prune", summary="How long attempts are kept; remove older ones.")
@book_option(required=True)
@key_option
@click.option("--keep-days", type=click.IntRange(1, 36_500), help="From now on, keep attempts for so many days.")
@click.option("--keep-all", is_flag=True, help="From now on, keep everything.")
@at_option("--today", "The day from which the days are counted back.")
def prune(book: str, key: str | None, keep_days: int | None, keep_all: bool, today: str) -> int:
    """Removes attempts that have been in the book for longer than it keeps them, and names of whom nothing is left.

    The number of days is a setting of the book: once it is set, `quizgen grade --book` removes them, too.
    """
    from quizgen.book.database import open_book
    from quizgen.book.erasing import keep
    from quizgen.book.reading import overview

    if keep_days and keep_all:
        raise click.UsageError("--keep-days and --keep-all contradict each other; give one")
    found = open_book(book)
    key_file = opened(book, key)[1] if key or key_path_exists(book, key) else None
    if keep_days or keep_all:
        keep(found, keep_days)
    prune_and_say(found, key_file, today)
    days = overview(found).keep_days
    say("the book keeps everything" if days is None else f"the book keeps attempts for {counted(days, 'day')}")
    if key_file is None:
        say("without the key file the names of people of whom nothing is left stay in it; run this again with it")
    return 0


def key_path_exists(book: str, key: str | None) -> bool:
    """Whether the key file of a book is at hand."""
    from quizgen.book.database import path_of

    return bool(key) or (path_of(book) is not None and key_path(book, key).exists())


def prune_and_say(book: Book, key: KeyFile | None, today: str) -> None:
    """Applies the retention of a book, and says what it removed."""
    from quizgen.book.erasing import prune as pruned

    erased = pruned(book, key, today)
    if erased.attempts:
        gone = f"; nothing is left of {len(erased.people)} people" if erased.people else ""
        say(f"{counted(erased.attempts, 'attempt')} older than the book keeps them removed{gone}")


@quizgen_command("export", summary="Grades for Moodle, Canvas or a spreadsheet.")
@book_option(required=True)
@key_option
@click.option("--quiz", metavar="OUT", required=True, type=click.Path(exists=True, file_okay=False),
              help="The archive of the quiz.")  # fmt: skip
@click.option("--to", "format_", required=True, type=click.Choice(["moodle", "canvas", "csv", "xlsx"]),
              help="What to write.")  # fmt: skip
@click.option("-o", "--output", metavar="FILE", required=True, help="Where to write it.")
@rules_option
@attempt_option
@click.option("--column", metavar="NAME", help="The heading of the grade; the title of the quiz by default.")
@click.option("--learner-is", metavar="NAME",
              help="What the learner ids are on the platform: username, idnumber, email or id (Moodle); sis_login_id, "
              "sis_user_id or id (Canvas). The first by default.")  # fmt: skip
@click.option("--pending", is_flag=True, help="Also learners some of whose answers have no final score yet.")
@click.option("--pseudonyms", is_flag=True, help="Pseudonyms instead of names (csv and xlsx); needs no key file.")
def export(**options: Any) -> int:
    """Writes the newest grades of a quiz as a file that a gradebook imports, or as a table.

    Learners whose mark is not final are left out of what a gradebook imports, and named. Ends with 1 if anybody else
    had to be left out.
    """
    from quizgen.archive import read_archive
    from quizgen.book.gradebooks import GRADEBOOKS
    from quizgen.book.gradebooks.contract import LeftOut, grade_table
    from quizgen.marks import decimal_points

    gradebook = next(entry for entry in GRADEBOOKS if entry.id == options["format_"])
    learner_is = options["learner_is"] or next(iter(gradebook.identities), "")
    if learner_is and learner_is not in gradebook.identities:
        offered = ", ".join(gradebook.identities) or "nothing: this table has no such column"
        raise click.BadParameter(f"choose from {offered}", param_hint="--learner-is")
    if options["pseudonyms"] and gradebook.identities:
        raise click.UsageError("a gradebook knows no pseudonyms; leave out --pseudonyms, or choose csv or xlsx")
    archive = read_archive(options["quiz"])
    marks, people, unknown = _marks(archive, options)
    left_out = [LeftOut(person, "the key file does not know who this is") for person in unknown]
    learners = list(marks.learners())
    if not (gradebook.takes_pending or options["pending"]):
        learners = _final(learners)
    table = grade_table(marks.slots, learners, people, options["column"] or archive.quiz.title, learner_is)
    write_file(Path(options["output"]), gradebook.write(table, left_out))
    for gone in left_out[:SHOWN]:
        complain(f"{gone.learner}: {gone.reason}")
    if len(left_out) > SHOWN:
        complain(f"… and {len(left_out) - SHOWN} more")
    if table.scaled:
        say("a question does not count for some learners: their points are scaled to the same maximum")
    say(f"{counted(len(table.rows) + len(unknown) - len(left_out), 'learner')} in {options['output']}")
    shown = {"column": table.column, "maximum": decimal_points(table.maximum), "identity": learner_is}
    say(gradebook.next_step.format_map(shown))
    return 1 if left_out else 0


def _marks(archive: Any, options: dict[str, Any]) -> tuple[Marks, dict[str, dict[str, str]], list[str]]:
    """The marks of the quiz, what is known of its learners by learner id, and pseudonyms that the key does not know."""
    from quizgen.book.database import open_book
    from quizgen.book.reading import people_of, results_of
    from quizgen.course_rules import policy_of
    from quizgen.marks import marks_of

    policy = policy_of(options["rules"], options["attempt"])
    if options["pseudonyms"]:
        found = open_book(options["book"])
        names = {person: person for person in people_of(found, archive)}
        return marks_of(archive, results_of(found, archive, names), policy), {}, []
    found, key = opened(options["book"], options["key"])
    people = people_of(found, archive)
    known = {person: key.people[person] for person in people if person in key.people}
    learners = {person: about["learner"] for person, about in known.items()}
    marks = marks_of(archive, results_of(found, archive, learners), policy)
    return marks, {about["learner"]: about for about in known.values()}, [p for p in people if p not in known]


def _final(learners: Sequence[LearnerMarks]) -> list[LearnerMarks]:
    """Those who wait for no decision; who the others are is said."""
    waiting = [learner for learner in learners if learner.pending]
    for learner in waiting[:SHOWN]:
        say(f"{learner.learner}: {counted(learner.pending, 'answer')} without a final score; not in the file")
    if len(waiting) > SHOWN:
        say(f"… and {len(waiting) - SHOWN} more")
    if waiting:
        say("--pending writes what they have so far")
    return [learner for learner in learners if not learner.pending]


for _inner in (show, forget, names, prune, export, info):
    command.add_command(_inner)
