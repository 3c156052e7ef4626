"""A file of an export on paper, from its first line to its last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from quizgen.archive import Archive
from quizgen.exporters.contract import Caveat, Fidelity, Level, Options
from quizgen.exporters.paper.booklets import Booklet
from quizgen.exporters.paper.coverage import without_sign
from quizgen.exporters.paper.keys import form_entry, key_entry
from quizgen.exporters.paper.notation import Notation, Sheet
from quizgen.exporters.paper.questions import question, sheet_rows
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.exporters.slot_by_slot import WORTHWHILE
from quizgen.garbage import seldom_collected
from quizgen.model import Item, Section, Slot, WorkedKey
from quizgen.processes import in_processes

LONGEST_HEAD = 80
"""Characters of the title that stand on every page."""


def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """Everything is there to read; what the fonts have no sign for is named."""
    lacking = without_sign(item, key)
    if not lacking:
        return Fidelity()
    shown = ", ".join(f"{sign} (U+{ord(sign):04X})" for sign in lacking[:3])
    message = f"the fonts have no sign for {shown}{', …' if len(lacking) > 3 else ''}; a box stands in its place"
    return Fidelity((Caveat("text:no-sign", message, Level.DEGRADED),))


def files(
    archive: Archive,
    chosen: Iterable[Booklet],
    options: Options,
    notation: Notation,
    finish: Callable[[bytes], bytes] = bytes,
    worthwhile: int | None = None,
) -> Iterator[tuple[Booklet, bytes]]:
    """Each of these files with its text, or with what `finish` makes of it, maybe in another process.

    worthwhile: entries in all of them for which it pays to begin processes.
    """
    writers = {"form": _form, "pool": _pool, "key": _key, "answers": _answers}
    every = list(chosen)

    def write_one(number: int) -> bytes:
        booklet = every[number]
        with seldom_collected():
            return finish("".join(writers[booklet.what](archive, booklet, notation, options)).encode())

    entries = sum(len(booklet.entries) + len(booklet.forms) for booklet in every)
    processes = options.processes if entries >= (WORTHWHILE if worthwhile is None else worthwhile) else 1
    yield from zip(every, in_processes(write_one, len(every), processes), strict=True)


def _form(archive: Archive, booklet: Booklet, notation: Notation, options: Options) -> Iterator[str]:
    """What a learner gets: the questions of the form, then the sheet for the answers."""
    quiz, words, sitting = archive.quiz, wording(booklet.language), booklet.sitting
    assert sitting is not None
    title = quiz.title_in(words.language) or quiz.id
    anonymous = sitting.learner == sitting.version
    version = words("page:version", version=sitting.version) if sitting.version else ""
    whose = "" if anonymous else sitting.learner
    head = " · ".join(filter(None, (_shortened(title), version, sitting.group, whose)))
    name = notation.call(
        "name",
        notation.text(words("paper:name")),
        notation.text(sitting.name),
        notation.text(words("paper:learner")),
        notation.text(whose),
    )
    total = sum((entry.slot.points for entry in booklet.entries if entry.slot), Fraction())
    about = [words(f"page:{quiz.purpose}"), version, sitting.group]
    about += [words("page:minutes", minutes=sitting.minutes)] if sitting.minutes else []
    about += [words("paper:total", points=decimal(total, 6))] if total else []
    sections = all(entry.slot and entry.slot.section for entry in booklet.entries[:1])
    yield notation.begin(Sheet(title, words, notation.text(head), sitting.large_print, sections))
    yield notation.call("title", notation.text(title))
    yield notation.call("about", notation.text(" · ".join(filter(None, about)))) + name
    yield notation.call("note", notation.text(words("paper:sheet-first")))
    section = ""
    items = [archive.item(entry.item) for entry in booklet.entries]  # few, and each is printed in two places
    for entry, item in zip(booklet.entries, items, strict=True):
        if entry.slot is not None and entry.slot.section != section:
            section = entry.slot.section
            yield _section(archive, section, words, notation)
        yield question(entry, item, notation, False, options, sitting.large_print)
    yield notation.call("page") + notation.call("section", notation.text(words("paper:sheet")), "") + name
    yield notation.call("note", notation.text(words("paper:sheet-help")))
    for entry, item in zip(booklet.entries, items, strict=True):
        yield sheet_rows(entry, item, notation)
    yield notation.end()


def _shortened(title: str) -> str:
    """A title that stands on every page."""
    return title if len(title) <= LONGEST_HEAD else title[: LONGEST_HEAD - 1] + "…"


def _section(archive: Archive, title: str, words: Wording, notation: Notation) -> str:
    if not title:
        return ""
    found = next((one for one in archive.quiz.sections if one.title == title), Section(title))
    said = found.in_language(words.language)
    time = f" ({words('page:minutes', minutes=found.minutes)})" if found.minutes else ""
    told = notation.paragraph(notation.text(said.instructions)) if said.instructions else ""
    return notation.call("section", notation.text(said.title + time), told)


def _slot(slot: Slot, words: Wording, notation: Notation) -> str:
    points = words("point" if slot.points == 1 else "points", points=decimal(slot.points, 6))
    return notation.call("slot", notation.text(f"{slot.id} · {slot.title}"), notation.text(points))


def _pool(archive: Archive, booklet: Booklet, notation: Notation, options: Options) -> Iterator[str]:
    """The questions of every slot, answered where they stand."""
    quiz, words = archive.quiz, wording(booklet.language)
    title = quiz.title or quiz.id
    yield notation.begin(Sheet(title, words, notation.text(_shortened(title))))
    about = [words(f"page:{quiz.purpose}")]
    about += [words("page:minutes", minutes=quiz.minutes)] if quiz.minutes else []
    yield notation.call("title", notation.text(title)) + notation.call("about", notation.text(" · ".join(about)))
    yield notation.call("name", notation.text(words("paper:name")), "", "", "")
    slot: Slot | None = None
    for entry in booklet.entries:
        if entry.slot is not None and entry.slot is not slot:
            slot = entry.slot
            yield _slot(slot, words, notation)
        yield question(entry, archive.item(entry.item), notation, True, options)
    yield notation.end()


def _key(archive: Archive, booklet: Booklet, notation: Notation, options: Options) -> Iterator[str]:
    quiz, words = archive.quiz, wording(booklet.language)
    yield from _key_beginning("paper:key-title", quiz.title or quiz.id, words, notation)
    slot: Slot | None = None
    for entry in booklet.entries:
        if entry.slot is not None and entry.slot is not slot:
            slot = entry.slot
            yield _slot(slot, words, notation)
        yield key_entry(archive.item(entry.item), archive.key(entry.item), notation)
    yield notation.end()


def _answers(archive: Archive, booklet: Booklet, notation: Notation, options: Options) -> Iterator[str]:
    quiz, words = archive.quiz, wording(booklet.language)
    sittings = {sitting.learner: sitting for sitting in quiz.sittings}
    yield from _key_beginning("paper:by-learner", quiz.title or quiz.id, words, notation)
    for learner, ids in booklet.forms:
        yield form_entry(archive, learner, ids, sittings.get(learner), notation)
    yield notation.end()


def _key_beginning(name: str, title: str, words: Wording, notation: Notation) -> Iterator[str]:
    named = words(name, title=title)
    yield notation.begin(Sheet(named, words, notation.text(_shortened(named))))
    yield notation.call("title", notation.text(named)) + notation.call("note", notation.text(words("paper:key-note")))
