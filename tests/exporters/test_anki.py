"""Anki decks: imported by Anki's own back end, both sides looked at in a browser with MathJax."""

from __future__ import annotations

import errno
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lxml import html as lxml_html

from quizgen.archive import Archive, write_archive
from quizgen.exporters.anki import FORMAT, fidelity, write
from quizgen.exporters.anki.cards import FIELDS
from quizgen.exporters.anki.collection import NOTE_TYPE, Card, Deck, write_collection
from quizgen.exporters.contract import ExportError, Level, Options
from quizgen.exporters.delivery import export
from quizgen.exporters.rendering.phrases import phrase
from quizgen.exporters.rendering.text import inline_text
from quizgen.model import GeneratedItem, Purpose
from tests.conftest import CONSUMERS, Missing
from tests.exporters import example_items as examples

ITEMS = examples.everything()
MATHJAX = CONSUMERS / "node_modules" / "mathjax" / "es5" / "tex-chtml-full.js"
LATER = 1_800_000_000


def archive_of(folder: Path, items: tuple[GeneratedItem, ...], purpose: Purpose = "practice") -> Archive:
    return write_archive(folder / "quiz", examples.quiz_of(items, purpose), items)


def package(archive: Archive, dated: int = 0, learner: str = "") -> bytes:
    return b"".join(chunk for _, chunk in write(archive, Options(dated=dated, learner=learner)))


class Anki:
    """A collection of Anki's back end."""

    def __init__(self, folder: Path) -> None:
        from anki.collection import Collection

        self.folder, self.collection = folder, Collection(str(folder / "collection.anki2"))

    def take(self, data: bytes, update: int = 0) -> Any:
        """Imports a package as the dialog does by default; update: 1 for always."""
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        path = self.folder / "deck.apkg"
        path.write_bytes(data)
        options = ImportAnkiPackageOptions(merge_notetypes=True, update_notes=update, update_notetypes=update)
        return self.collection.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(path), options=options)
        ).log

    def notes(self) -> list[Any]:
        return [self.collection.get_note(id_) for id_ in self.collection.find_notes("", order="c.due")]

    def sides(self, note: Any) -> tuple[str, str, str]:
        """(front, back, style) as Anki renders them."""
        (card,) = note.cards()
        shown = card.render_output()
        return shown.question_text, shown.answer_text, shown.css


@pytest.fixture
def anki(tmp_path: Path, missing: Missing) -> Iterator[Anki]:
    if find_spec("anki") is None:
        missing("The back end of Anki", "pip install anki")
    (tmp_path / "anki").mkdir()
    opened = Anki(tmp_path / "anki")
    yield opened
    opened.collection.close()


def text_of(html: str) -> str:
    return " ".join(lxml_html.fragment_fromstring(html, create_parent="div").text_content().split())


def test_everything_is_imported_and_the_database_is_sound(tmp_path: Path, anki: Anki) -> None:
    log = anki.take(package(archive_of(tmp_path, ITEMS)))
    assert (len(log.new), len(log.updated), len(log.conflicting), len(log.duplicate)) == (len(ITEMS), 0, 0, 0)
    notes = anki.notes()
    assert [note["Code"] for note in notes] == [generated.item.code for generated in ITEMS]
    assert all(tuple(note.keys()) == FIELDS for note in notes)
    item = ITEMS[0].item
    assert set(notes[0].tags) == {"quizgen::demo", item.template, *item.concepts, "bloom::apply", item.kind}
    assert item.id in notes[0]["Source"]
    assert item.revision in notes[0]["Source"]
    names = [deck.name for deck in anki.collection.decks.all_names_and_ids()]
    assert "Masked words" in names
    assert f"Masked words::slot-1 {item.title}" in names
    assert len(names) == len(ITEMS) + 2
    problems, sound = anki.collection.fix_integrity()
    assert sound, problems
    assert not anki.collection.db.scalar("select count() from cards where queue != 0")
    report = anki.collection.models.get(NOTE_TYPE)
    assert report is not None
    assert report["name"] == "quizgen"


def test_what_stands_on_which_side(tmp_path: Path, anki: Anki) -> None:
    anki.take(package(archive_of(tmp_path, ITEMS)))
    for note, generated in zip(anki.notes(), ITEMS, strict=True):
        front, back, _ = anki.sides(note)
        stem, seen = inline_text(generated.item.stem[0].content[:1]), text_of(front)
        assert " ".join(stem.split()) in seen
        assert generated.item.code in seen
        assert generated.item.id not in seen
        assert generated.item.id in text_of(back)
        assert 'class="right"' in back
        assert 'class="right"' not in front
        for part in generated.key.parts:
            for rival in getattr(part.key, "rivals", ()):
                said = inline_text(phrase(rival.feedback or rival.title))
                assert said.split("$")[0][:30] in text_of(back).replace(r"\( ", "").replace(r" \)", "")
                assert not rival.feedback or text_of(rival.feedback)[:30] not in seen
    choice = anki.notes()[0]
    front, back, _ = anki.sides(choice)
    assert front.count("<li>") == 4 + 2
    assert "Which positions were selected?" in front
    assert "B. " in back
    assert "(1/2)" in back
    assert "Each selected position contributes" in back
    assert r"\( \log \Pr(x_{2} = \text{quick} \mid \bar{\mathbf{x}}) \)" in front


def test_a_later_deck_changes_the_notes_that_are_there(tmp_path: Path, anki: Anki) -> None:
    old = ITEMS[1]
    item = msgspec.structs.replace(old.item, revision="f" * 16, stem=(examples.paragraph("A mended text."),))
    new = GeneratedItem(item, msgspec.structs.replace(old.key, revision="f" * 16))
    first = package(archive_of(tmp_path / "a", ITEMS), LATER)
    mended = archive_of(tmp_path / "b", (ITEMS[0], new, *ITEMS[2:]))
    anki.take(first)
    ids = [note.id for note in anki.notes()]
    card = anki.notes()[1].cards()[0]
    card.ivl, card.type, card.queue, card.due = 30, 2, 2, 40
    anki.collection.update_card(card)
    assert len(anki.take(first).duplicate) == len(ITEMS)
    log = anki.take(package(mended, LATER + 1))
    assert (len(log.new), len(log.updated)) == (0, len(ITEMS))
    changed = anki.collection.get_note(ids[1])
    assert sorted(note.id for note in anki.notes()) == sorted(ids)
    assert "A mended text." in changed["Question"]
    assert "f" * 16 in changed["Source"]
    assert (changed.cards()[0].ivl, changed.cards()[0].queue) == (30, 2)


def test_a_deck_without_a_date_changes_notes_if_it_is_told_so(tmp_path: Path, anki: Anki) -> None:
    anki.take(package(archive_of(tmp_path / "a", ITEMS)))
    old = ITEMS[1]
    item = msgspec.structs.replace(old.item, stem=(examples.paragraph("A mended text."),))
    mended = package(archive_of(tmp_path / "b", (ITEMS[0], GeneratedItem(item, old.key), *ITEMS[2:])))
    assert len(anki.take(mended, update=1).updated) == 1
    assert len(anki.take(mended, update=1).updated) == 0
    assert "A mended text." in anki.notes()[1]["Question"]


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    first, second = (package(archive_of(tmp_path / name, ITEMS)) for name in ("a", "b"))
    assert first == second
    assert first != package(archive_of(tmp_path / "c", ITEMS), LATER)
    with zipfile.ZipFile(io.BytesIO(first)) as opened:
        assert opened.namelist() == ["collection.anki2", "media"]
        base = opened.read("collection.anki2")
    assert base[:16] == b"SQLite format 3\0"
    assert [base[place : place + 4] for place in (24, 92)] == [(1).to_bytes(4, "big")] * 2
    (tmp_path / "base").write_bytes(base)
    with sqlite3.connect(tmp_path / "base") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("text", [*examples.AWKWARD, "[sound:a.mp3] [anki:tts] [latex]x[/latex] {{Code}}"],
                         ids=lambda text: repr(text[:12]))  # fmt: skip
def test_awkward_text_survives_in_every_kind(tmp_path: Path, anki: Anki, text: str) -> None:
    items = examples.awkward_items(text)
    assert len(anki.take(package(archive_of(tmp_path, items))).new) == len(items)
    shown = " ".join(re.sub("[\x00\x07]", "", text).split())
    phrased = " ".join(inline_text(phrase(text)).split())
    for note in anki.notes():
        front, back, _ = anki.sides(note)
        assert text_of(front).count(shown) >= 3
        assert shown in text_of(back)
        assert not re.search(r"\\[(\[](?! )", front + back)
        assert "script" not in {element.tag for element in lxml_html.fragment_fromstring(back, "div").iter()}
        (card,) = note.cards()
        assert not card.render_output().question_av_tags
    choice = anki.notes()[0]
    entries = lxml_html.fragment_fromstring(choice["Options"], "div").iter("li")
    assert [" ".join(entry.text_content().split()) for entry in entries] == [
        f"{shown} {which}" for which in ("one", "two", "three")
    ]
    assert phrased in text_of(choice["Mistakes"])


PAGE = r"""<!DOCTYPE html><meta charset="utf-8"><style>{css}</style>
<script>window.MathJax = {{tex: {{inlineMath: [["\\(", "\\)"]], displayMath: [["\\[", "\\]"]], processEscapes: false,
processEnvironments: false, processRefs: false}}, startup: {{typeset: true}}}};</script>
<script src="{mathjax}"></script><body class="card {night}">{side}</body>"""


BOXES = "all => all.map(one => one.getBoundingClientRect())"


@pytest.mark.parametrize("night", ["", "nightMode"])
def test_both_sides_in_a_browser(tmp_path: Path, anki: Anki, browser: Any, missing: Missing, night: str) -> None:
    """Every formula is drawn, nothing overflows, front and back differ, and no error is reported."""
    if not MATHJAX.is_file():
        missing("MathJax", "npm ci --ignore-scripts --prefix tests/consumers")
    anki.take(package(archive_of(tmp_path, ITEMS)))
    sides = [anki.sides(note) for note in anki.notes()]
    page = browser.new_page(viewport={"width": 480, "height": 800})
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    heights = []
    for place, name in enumerate(("front", "back")):
        shown = "".join(f"<section>{side[place]}</section>" for side in sides)
        path = tmp_path / f"{name}.html"
        text = PAGE.format(css=sides[0][2], mathjax=MATHJAX.as_uri(), night=night, side=shown)
        path.write_text(text, encoding="utf-8")
        page.goto(path.as_uri())
        page.evaluate("MathJax.startup.promise")
        formulas = page.locator("mjx-container").count()
        assert formulas == shown.count(r"\( ") + shown.count(r"\[ ") > 10
        assert page.locator("mjx-merror").count() == 0
        assert all(box["width"] > 5 for box in page.locator("mjx-container").evaluate_all(BOXES))
        assert page.evaluate("document.body.scrollWidth <= innerWidth")
        heights.append([box["height"] for box in page.locator("section").evaluate_all(BOXES)])
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
    page.close()
    assert all(back > front > 40 for front, back in zip(*heights, strict=True))
    assert complaints == []


def test_an_exam_never_becomes_a_deck(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot become a deck"):
        export(archive_of(tmp_path, ITEMS, "exam"), [FORMAT], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert fidelity(ITEMS[0].item, None).level is Level.NONE


def test_a_learner_gets_their_form_only(tmp_path: Path, anki: Anki) -> None:
    quiz = msgspec.structs.replace(examples.quiz_of(ITEMS), forms=(("ada", (ITEMS[2].item.id,)),))
    archive = write_archive(tmp_path / "quiz", quiz, ITEMS)
    anki.take(package(archive, learner="ada"))
    assert [note["Code"] for note in anki.notes()] == [ITEMS[2].item.code]


def test_a_full_disk_is_an_error_of_the_disk(tmp_path: Path) -> None:
    def cards() -> Iterator[Card]:
        raise full
        yield

    with closing(sqlite3.connect(tmp_path / "full")) as base:
        base.execute("PRAGMA max_page_count=1")
        with pytest.raises(sqlite3.OperationalError) as small:
            base.execute("CREATE TABLE notes (id)")
    full = small.value
    with pytest.raises(OSError, match="disk is full") as raised:
        write_collection(tmp_path / "c", [Deck("a", "A")], cards())
    assert raised.value.errno == errno.ENOSPC  # so that the folder that is full can be named
