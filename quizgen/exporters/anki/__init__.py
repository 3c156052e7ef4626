r"""``anki``: a deck for spaced repetition, with a subdeck for each slot.

The front asks, with options and hints; the back tells the right answer, known mistakes and the worked solution.
Formulas are LaTeX between ``\(`` and ``\)``, which Anki's MathJax draws. Ids are stable: importing the deck of a later
build changes the notes that are there and keeps what the learner has learned. An exam never becomes a deck.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from quizgen.archive import Archive
from quizgen.exporters.anki.cards import note_of
from quizgen.exporters.anki.collection import Card, Deck, read_in_chunks, write_collection
from quizgen.exporters.contract import Caveat, Fidelity, Format, Level, Options
from quizgen.exporters.packaging import zipped
from quizgen.exporters.rendering.html import escaped
from quizgen.exporters.rendering.text import printable
from quizgen.exporters.slot_by_slot import pools, read_by, slot_by_slot
from quizgen.exporters.stand_in import judging_choices, writing_choices
from quizgen.model import KINDS, Item, Quiz, Slot, WorkedKey

PATH, COLLECTION, MEDIA = "quiz.apkg", "collection.anki2", "media"

SELF_GRADED = Caveat(
    "anki:self-graded", "Anki gives no marks: learners compare their answer with the back and say how well they knew it"
)
NO_KEYS = Caveat(
    "keys:missing", "a card shows its answer: an exam, or an archive without keys, cannot become a deck", Level.NONE
)


@judging_choices
def fidelity(item: Item, key: WorkedKey | None) -> Fidelity:
    """Everything is shown, nothing is graded."""
    return Fidelity((SELF_GRADED if key is not None else NO_KEYS,))


@writing_choices
def write(archive: Archive, options: Options) -> Iterator[tuple[str, bytes]]:
    """The package. The database is made on disk, one note at a time."""
    with tempfile.TemporaryDirectory(prefix="quizgen-") as folder:
        path = Path(folder) / COLLECTION
        write_collection(path, _decks(archive.quiz), _cards(archive, options), options.dated)
        members = ((COLLECTION, chunk) for chunk in read_in_chunks(path))
        yield from zipped(PATH, _with_media(members))


def _with_media(members: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    yield from members
    yield MEDIA, b"{}"


def _decks(quiz: Quiz) -> Iterator[Deck]:
    title = _name(quiz.title or quiz.id)
    yield Deck(quiz.id, title, escaped(f"quizgen · {quiz.id}"))
    for slot in quiz.slots:
        yield Deck(_deck_key(quiz, slot), f"{title}::{_name(f'{slot.id} {slot.title}')}")


def _deck_key(quiz: Quiz, slot: Slot) -> str:
    return f"{quiz.id}\x1f{slot.id}"


def _name(text: str) -> str:
    """A name of a deck: ``::`` would begin a subdeck.

    >>> _name("a::b  c")
    'a: :b c'
    """
    text = " ".join(printable(text).replace('"', "'").split()).replace("::", ": :")
    return text.strip(": ") or "-"


def _cards(archive: Archive, options: Options) -> Iterator[Card]:
    quiz = archive.quiz

    def write_one(slot: Slot, id_: str) -> Card:
        return Card(id_, _deck_key(quiz, slot), note_of(archive.item(id_), archive.key(id_), quiz.id))

    wanted = read_by(options.learner, quiz) if options.learner else pools(quiz)
    for _, cards in slot_by_slot(wanted, write_one, options):
        yield from cards


FORMAT = Format(
    id="anki",
    title="Anki",
    audience="learners, for spaced repetition",
    keys="learner",
    kinds=dict.fromkeys(KINDS, Level.DEGRADED),
    fidelity=fidelity,
    write=write,
    forms=False,
    next_step="in Anki choose File, Import and this file; importing a later build again updates the notes "
    "(docs/exporting/anki.md)",
)
