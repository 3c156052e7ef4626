"""What moved, for people: a report in the language of the quiz, and a table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from quizgen.archive import EXPORT_MANIFEST, Archive
from quizgen.class_report.words import Words
from quizgen.exporters.catalogue import FORMATS
from quizgen.marks import decimal_points
from quizgen.regrade.comparing import Move, Reason, Regrade, State
from quizgen.spreadsheet import dead

MOVES, REGRADE = "regrade.csv", "regrade.md"
SHOWN_MOVES = 200
"""Lines of the report; all of them are in the table."""
FOLDER = Path(__file__).parent / "words"


def moves_csv(found: Regrade) -> str:
    """Every move as a table, in English as all tables are: learner, question, item, before, after, difference, why."""
    words = Words("en", FOLDER)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["learner", "question", "item", "before", "after", "difference", "why"])
    for move in found.moves:
        difference = _signed(words, move.after - move.before)
        cells = [move.learner, move.slot, move.item, *shown(words, move), difference, why(words, move)]
        writer.writerow(map(dead, cells))
    return out.getvalue()


def shown(words: Words, move: Move) -> tuple[str, str]:
    """The points before and after, with a word where there is no number or no final one."""
    before, after = move.states
    return _points_shown(words, move.before, before), _points_shown(words, move.after, after)


def _points_shown(words: Words, points: Fraction, state: State) -> str:
    return words(f"state-{state}", points=_points(words, points)) if state else _points(words, points)


def why(words: Words, move: Move) -> str:
    """What moved the points of a question."""
    return "; ".join(_reason(words, reason) for reason in move.why)


def _reason(words: Words, reason: Reason) -> str:
    action = words(f"action-{reason.action}") if reason.action else ""
    return words(f"why-{reason.kind}", who=reason.who, action=action, reason=reason.reason)


def report(archive: Archive, found: Regrade) -> str:
    """What moved, what to do on the platform, and a notice for learners, as Markdown in the language of the quiz."""
    words = Words(archive.quiz.language, FOLDER)
    since = words("since-marks", folder=_plain(found.since)) if found.since else words("since-keys")
    lines = [f"# {words('title', title=_plain(archive.quiz.title))}", "", since, "", _up_and_down(words, found), ""]
    if archive.amendments():
        lines += [f"## {words('amended')}", "", *_amended(words, archive), ""]
    lines += [f"## {words('moved')}", "", *_totals(words, found), "", f"## {words('questions')}", ""]
    lines += [*_moves(words, found), "", f"## {words('platform')}", "", *_steps(words, archive), ""]
    lines += [f"## {words('notice')}", "", *(f"> {line}".rstrip() for line in _notice(words, archive, found))]
    return "\n".join(lines) + "\n"


def _totals(words: Words, found: Regrade) -> Iterator[str]:
    yield words("totals-head")
    yield "|---|--:|--:|--:|"
    for total in found.totals[:SHOWN_MOVES]:
        before = words("points-of", points=_points(words, total.before), of=_points(words, total.of_before))
        after = words("points-of", points=_points(words, total.after), of=_points(words, total.of_after))
        difference = _signed(words, total.after - total.before)
        yield f"| {_plain(total.learner)} | {before} | {after} | {difference} |"
    if (more := len(found.totals) - SHOWN_MOVES) > 0:
        yield f"| {words('more', count=more, table=MOVES)} | | | |"


def _moves(words: Words, found: Regrade) -> Iterator[str]:
    yield words("moves-head")
    yield "|---|---|--:|--:|---|"
    for move in found.moves[:SHOWN_MOVES]:
        before, after = shown(words, move)
        cells = _plain(move.learner), _plain(move.title), before, after, _plain(why(words, move))
        yield f"| {' | '.join(cells)} |"
    if (more := len(found.moves) - SHOWN_MOVES) > 0:
        yield f"| {words('more', count=more, table=MOVES)} | | | | |"


def _up_and_down(words: Words, found: Regrade) -> str:
    """How many win and lose: points, or where other points can be reached now the share of them."""
    if all(total.of_before == total.of_after for total in found.totals):
        up = sum(total.after > total.before for total in found.totals)
        down = sum(total.after < total.before for total in found.totals)
        return words("up-and-down", learners=found.learners, up=up, down=down)
    shares = [(_share(one.before, one.of_before), _share(one.after, one.of_after)) for one in found.totals]
    up, down = (sum(after > before for before, after in shares), sum(after < before for before, after in shares))
    return words("up-and-down-shares", learners=found.learners, up=up, down=down)


def _share(points: Fraction, of: Fraction) -> Fraction:
    return points / of if of else Fraction(0)


def _steps(words: Words, archive: Archive) -> Iterator[str]:
    """For every platform that the quiz was exported to, how the marks get there."""
    exported = [one for one in FORMATS if (archive.folder / one.id / EXPORT_MANIFEST).is_file()]
    steps = [(one.id, one.title) for one in exported if f"step-{one.id}" in words]
    for format_, title in steps:
        yield f"- {title}: {words(f'step-{format_}')}"
    if not steps:
        yield f"- {words('step-none', marks='marks.csv', table=MOVES)}"


def _notice(words: Words, archive: Archive, found: Regrade) -> Iterator[str]:
    yield words("notice-title", title=_plain(archive.quiz.title))
    for reason in dict.fromkeys(_plain(one.reason) for one in archive.amendments()):
        yield words("notice-reason", reason=reason)
    yield words("notice-moved", moved=len(found.totals), learners=found.learners)
    yield words("notice-ask")


def _amended(words: Words, archive: Archive) -> Iterator[str]:
    """What was amended; the lines of one correction for several variants are one."""
    said = Counter(
        (one.date, one.slot or one.item, one.item == "*", one.action, one.reason) for one in archive.amendments()
    )
    for (date, name, whole, action, reason), count in said.items():
        where = words("all-variants") if whole else words("variants", count=count) if count > 1 else ""
        yield f"- {date}, `{name}`{where}: {words(f'action-{action}')}. {_plain(reason)}"


def _points(words: Words, points: Fraction) -> str:
    """Points as that language writes decimals; in a table of ours always with a point.

    >>> _points(Words("de", FOLDER), Fraction(3, 2))
    '1,5'
    """
    return decimal_points(points).replace(".", words("decimal-mark"))


def _signed(words: Words, points: Fraction) -> str:
    return ("+" if points > 0 else "-" if points < 0 else "") + _points(words, abs(points))


def _plain(text: str) -> str:
    """Text on one line of Markdown, without anything that would be markup or a link."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|!" else sign for sign in " ".join(text.split()))
