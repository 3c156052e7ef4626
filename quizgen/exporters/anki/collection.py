"""Anki's database, in the form that every version since 2012 imports (schema 11).

The same notes give the same bytes: ids are hashes, no clock is asked, and what SQLite notes of itself in the header of
the file (how often it was changed, by which version) is fixed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from quizgen.exporters.anki.cards import FIELDS, Note

CREATED = 1_577_836_800
"""The first day of 2020: when everything was made that has no date."""

YEAR = 365 * 86_400

NOTE_TYPE = 1_577_836_800_301
"""Of notes with these fields; another number if the fields change."""

SEPARATOR = "\x1f"
_FIRST_ID, _IDS = 1_000_000_000_000, 600_000_000_000
_CHANGE_COUNTERS, _VERSION = (24, 92), (96, 3_040_000)

_FRONT = (
    '<div class="quizgen" lang="{{Language}}" dir="auto">{{Question}}{{Options}}'
    '{{#Hint}}<div class="hints">{{hint:Hint}}</div>{{/Hint}}<p class="code">{{Code}}</p></div>'
)
_BACK = (
    '{{FrontSide}}\n\n<hr id="answer">\n\n<div class="quizgen" lang="{{Language}}" dir="auto">{{Answer}}{{Mistakes}}'
    '{{Solution}}<p class="origin">{{Source}}</p></div>'
)

_TABLES = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
    ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL,
    models text NOT NULL, decks text NOT NULL, dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
    usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL,
    flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
    mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL,
    ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL,
    left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL,
    ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL,
    type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
"""
_INDEXES = """
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""


class Card(msgspec.Struct, frozen=True):
    """A note in its deck. name: stable, of the item."""

    name: str
    deck: str
    note: Note


class Deck(msgspec.Struct, frozen=True):
    """key: stable; name: as it is shown, ``::`` between deck and subdeck."""

    key: str
    name: str
    description: str = ""


def stable_id(*names: str) -> int:
    """A number of the size of Anki's ids that depends on the names alone.

    >>> stable_id("a") == stable_id("a") != stable_id("b")
    True
    """
    return _FIRST_ID + int.from_bytes(_digest(*names)[:8], "big") % _IDS


def guid(name: str) -> str:
    """What Anki knows a note by when it is imported again."""
    return "qg" + _digest("guid", name)[:10].hex()


def _digest(*names: str) -> bytes:
    return hashlib.sha256("\x1f".join(("quizgen", *names)).encode()).digest()


def write_collection(path: Path, decks: Iterable[Deck], cards: Iterable[Card], dated: int = 0) -> None:
    """Writes the database; cards are taken one at a time.

    dated: seconds since 1970 of this state of the notes; Anki replaces notes by such with a later date. 0 for none:
    each note then has a date made of its content, as Anki takes two notes with one date for the same.
    Raises OSError if the disk is full.
    """
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            base.executescript("PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;")
            for statement in filter(str.strip, _TABLES.split(";")):
                base.execute(statement)
            base.execute("INSERT INTO col VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _head(decks))
            _insert(base, cards, dated)
            for statement in filter(str.strip, _INDEXES.split(";")):
                base.execute(statement)
            base.execute("COMMIT")
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
        raise OSError(errno.ENOSPC if full else errno.EIO, f"the deck cannot be written: {error}") from error
    with path.open("r+b") as file:
        for place, value in (*((place, 1) for place in _CHANGE_COUNTERS), _VERSION):
            file.seek(place)
            file.write(value.to_bytes(4, "big"))


def _insert(base: sqlite3.Connection, cards: Iterable[Card], dated: int) -> None:
    taken: set[int] = set()
    for due, card in enumerate(cards, 1):
        id_ = stable_id("note", card.name)
        while id_ in taken:
            id_ += 1
        taken.add(id_)
        first = card.note.fields[0]
        checksum = int(hashlib.sha1(first.encode(), usedforsecurity=False).hexdigest()[:8], 16)
        tags = f" {' '.join(card.note.tags)} "
        fields = SEPARATOR.join(card.note.fields)
        date = dated or CREATED + int.from_bytes(_digest("date", fields)[:8], "big") % YEAR
        base.execute(
            "INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
            (id_, guid(card.name), NOTE_TYPE, date, tags, fields, first, checksum),
        )
        base.execute(
            "INSERT INTO cards VALUES (?, ?, ?, 0, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
            (id_ + _IDS, id_, stable_id("deck", card.deck), date, due),
        )


def _head(decks: Iterable[Deck]) -> tuple[Any, ...]:
    """The one row of the table of settings."""
    default = _deck(1, "Default", "")
    made = {str(id_): _deck(id_, deck.name, deck.description) for deck in decks if (id_ := stable_id("deck", deck.key))}
    conf = {"activeDecks": [1], "curDeck": 1, "curModel": str(NOTE_TYPE), "nextPos": 1, "sortType": "noteFld",
            "sortBackwards": False, "addToCur": True, "newSpread": 0, "dueCounts": True, "estTimes": True,
            "collapseTime": 1200, "timeLim": 0, "schedVer": 2}  # fmt: skip
    texts: tuple[Any, ...] = (conf, {str(NOTE_TYPE): note_type()}, {"1": default, **made}, {"1": _deck_options()}, {})
    return (1, CREATED, CREATED * 1000, CREATED * 1000, 11, 0, 0, 0, *map(_json, texts))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _deck(id_: int, name: str, description: str) -> dict[str, Any]:
    days = {key: [0, 0] for key in ("lrnToday", "newToday", "revToday", "timeToday")}
    return {"id": id_, "name": name, "desc": description, "mod": CREATED, "usn": -1, "conf": 1, "dyn": 0,
            "collapsed": False, "browserCollapsed": False, "extendNew": 0, "extendRev": 0, **days}  # fmt: skip


def _deck_options() -> dict[str, Any]:
    new = {"bury": False, "delays": [1, 10], "initialFactor": 2500, "ints": [1, 4, 7], "order": 1, "perDay": 20}
    review = {"bury": False, "ease4": 1.3, "ivlFct": 1, "maxIvl": 36500, "perDay": 200, "hardFactor": 1.2}
    lapse = {"delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0}
    return {"id": 1, "name": "Default", "mod": 0, "usn": 0, "autoplay": True, "replayq": True, "maxTaken": 60,
            "timer": 0, "dyn": False, "new": new, "rev": review, "lapse": lapse}  # fmt: skip


@lru_cache(maxsize=1)
def note_type() -> dict[str, Any]:
    """The note type: its fields, the two sides of its card, its style."""
    css = (Path(__file__).parent / "note.css").read_text("utf-8")
    fields = [
        {"name": name, "ord": place, "sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}
        for place, name in enumerate(FIELDS)
    ]
    card = {"name": "Question", "ord": 0, "qfmt": _FRONT, "afmt": _BACK, "bqfmt": "", "bafmt": "", "did": None}
    return {"id": NOTE_TYPE, "name": "quizgen", "type": 0, "mod": CREATED, "usn": -1, "sortf": 0, "did": 1,
            "tmpls": [card], "flds": fields, "css": css, "req": [[0, "any", [0, 1, 2]]], "tags": [], "vers": [],
            "latexPre": "", "latexPost": "", "latexsvg": False}  # fmt: skip


def read_in_chunks(path: Path, size: int = 2**18) -> Iterator[bytes]:
    """The bytes of a file, piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(size):
            yield chunk
