"""Paper: what is in the PDF, read back; where it stands; what is not in it."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grading.keys import ChoiceKey, Criterion, EssayKey, MultipleAnswerKey, NumericKey, TextKey
from quizgen.archive import Archive, read_archive, write_archive
from quizgen.content import Formula, Gap, ListBlock
from quizgen.exporters import ExportError, Options, export, format_of, pdf, plan
from quizgen.exporters.paper.coverage import without_sign
from quizgen.exporters.paper.typst_notation import preamble
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.told_answers import offered
from quizgen.model import (
    ChoiceInteraction,
    EssayInteraction,
    GeneratedItem,
    MultipleAnswerInteraction,
    NumericInteraction,
    Part,
    Purpose,
    Quiz,
    Section,
    Sitting,
    TextInteraction,
)
from tests.exporters import example_items as examples
from tests.exporters.paper_reader import pages, printed, reader, rules, squeezed, typst, words, written
from tests.exporters.whole_bank import whole_bank

ITEMS = examples.everything()
IDS = tuple(generated.item.id for generated in ITEMS)
ADA = Sitting("ada-7", "Ada Lovelace", "Group 1", "A", "en", 90)
BEN = Sitting("ben-9", "Ben B.", "Group 2", "B", "de", 113, large_print=True)


def class_of_two(purpose: Purpose = "exam") -> Quiz:
    quiz = examples.quiz_of(ITEMS, purpose)
    forms = ((ADA.learner, IDS[::2]), (BEN.learner, IDS[1::2]))
    return msgspec.structs.replace(quiz, forms=forms, sittings=(ADA, BEN), titles=(("de", "Verdeckte Wörter"),))


@pytest.fixture(scope="module")
def of_class(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """An exam for two learners."""
    typst()
    return written(tmp_path_factory.mktemp("class"), "pdf", ITEMS, class_of_two())


def options_of(generated: GeneratedItem) -> list[str]:
    return [
        inline_text(one.content)
        for part in generated.item.parts
        for entries in offered(part.interaction)
        for one in entries
    ]


@pytest.mark.parametrize("text", examples.AWKWARD, ids=lambda text: repr(text[:12]))
def test_awkward_text_survives_in_every_kind(tmp_path: Path, text: str) -> None:
    typst()
    items = examples.awkward_items(text)
    quiz = examples.quiz_of(items, title=text)
    files = written(tmp_path, "pdf", items, msgspec.structs.replace(quiz, forms=(("ada", quiz_ids(items)),)))
    assert list(files) == ["learners/ada.pdf", "key/answers.pdf", "key/key.pdf"]
    assert all(b"pdfuaid" in data for data in files.values())
    shown = printed(files["learners/ada.pdf"])
    if "ש" in text:  # words from right to left come back in another order
        text = text.split()[0]
    plain = squeezed(text)
    for mark in ("one", "two", "three"):
        expected = sum(squeezed(option).endswith(mark) for item in items for option in options_of(item))
        assert shown.count(mark) >= expected
        if "ש" not in text:
            assert shown.count(plain + mark) == expected
    stems = 8 * (len(items) - 1) + 3  # paragraph, code, tokens, strong, two cells, caption, list; a cloze has three
    assert shown.count(plain) >= stems
    if len(text) < 1000:  # reading a hundred pages takes long
        assert printed(files["key/key.pdf"]).count(plain) >= 3 * len(items)
    for item in items:
        assert shown.count(squeezed(item.item.code)) == 2


def quiz_ids(items: tuple[GeneratedItem, ...]) -> tuple[str, ...]:
    return tuple(generated.item.id for generated in items)


def test_every_question_and_option_is_there_once(of_class: dict[str, bytes]) -> None:
    for path, mine in (("learners/ada-7.pdf", ITEMS[::2]), ("learners/ben-9.pdf", ITEMS[1::2])):
        text = squeezed("\n".join(pages(of_class[path])))
        for generated in mine:
            code = squeezed(generated.item.code)
            assert text.count(code) == 2, "once with the question, once on the answer sheet"
        for generated in ITEMS:
            assert (squeezed(generated.item.code) in text) == (generated in mine)
    text = squeezed("\n".join(pages(of_class["learners/ada-7.pdf"])))
    plain = [option for generated in ITEMS[::2] for option in map(squeezed, options_of(generated)) if len(option) > 7]
    assert "thecorruptedinput" in plain
    for option in {option for option in plain if "log" not in option}:
        assert text.count(f".{option}") == sum(other.startswith(option) for other in plain)
    assert [text.count(f"{letter}.{sign}logPr") for letter, sign in zip("ABCD", ("", "", "", "−"), strict=True)] == [
        1
    ] * 4


def test_learners_do_not_get_a_word_of_the_key(of_class: dict[str, bytes]) -> None:
    learners = squeezed("".join("".join(pages(of_class[path])) for path in of_class if path.startswith("learners/")))
    key = squeezed("".join(pages(of_class["key/key.pdf"])))
    secret = [
        *(rival.feedback or rival.title for g in ITEMS for p in g.key.parts for rival in getattr(p.key, "rivals", ())),
        *(hint for generated in ITEMS for hint in generated.key.hints),
        "names the log",
        "1.60944",
        "Solution",
        "Each selected position contributes",
        "✓",
    ]
    assert len(secret) > 20
    for words_ in secret:
        plain = squeezed(re.sub(r"(\$|x̄).*", "", words_))
        assert plain in key, words_
        assert not plain or plain not in learners, words_
    answers = "\n".join(pages(of_class["key/answers.pdf"]))
    assert re.search(r"ada-7 · Ada Lovelace · A · Group 1\s+1 Q-0838 B", answers)
    assert sorted(path.partition("/")[0] for path in of_class) == ["key", "key", "learners", "learners"]


def test_an_exam_keeps_its_keys_apart_and_says_so(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "quiz", class_of_two(), ITEMS)
    for format_id, suffix in (("typst", ".typ"), ("latex", ".tex")):
        (done,) = export(archive, [format_id], tmp_path / "out")
        assert not done.plan.stripped
        assert [path for path in done.files if path.startswith("key/")] == [f"key/answers{suffix}", f"key/key{suffix}"]
        for path in done.files:
            has_key = "First the input" in (done.folder / path).read_text("utf-8")
            assert has_key == (path == f"key/key{suffix}")
    (archive.folder / "keys.jsonl").unlink()
    from quizgen.archive import read_archive

    (done,) = export(read_archive(archive.folder), ["typst"], tmp_path / "given-away")
    assert done.files == ("learners/ada-7.typ", "learners/ben-9.typ")


def test_each_page_says_whose_it_is_and_which_of_how_many(of_class: dict[str, bytes]) -> None:
    for path, whose, title, page_words in (
        ("learners/ada-7.pdf", "ada-7", "Masked words · Version A", "Page {} of {}"),
        ("learners/ben-9.pdf", "ben-9", "Verdeckte Wörter · Version B", "Seite {} von {}"),
    ):
        texts = pages(of_class[path])
        assert len(texts) > 2
        for number, text in enumerate(texts, 1):
            assert f"{title} · {'Group 1' if whose == 'ada-7' else 'Group 2'} · {whose}" in text.replace("  ", " ")
            assert page_words.format(number, len(texts)) in text
    first = pages(of_class["learners/ben-9.pdf"])[0]
    assert "Name: Ben B." in first
    assert "113 Minuten" in first
    assert "18 Punkte insgesamt" in first


def test_large_print_is_large(of_class: dict[str, bytes]) -> None:
    sizes = {}
    for path in ("learners/ada-7.pdf", "learners/ben-9.pdf"):
        (size,) = {
            round(word.size) for word in words(of_class[path]) if "Choose one answer" in word.text.replace("  ", " ")
        } or {0}
        sizes[path] = size
    assert sizes["learners/ben-9.pdf"] >= 16
    assert sizes["learners/ada-7.pdf"] <= 11


def test_the_answer_sheet_has_a_place_for_every_part(of_class: dict[str, bytes]) -> None:
    texts = pages(of_class["learners/ada-7.pdf"])
    start = next(number for number, text in enumerate(texts) if "Answer sheet" in text and number)
    sheet = "\n".join(texts[start:])
    assert "Answer sheet" not in "".join(texts[:start])
    for number, generated in enumerate(ITEMS[::2], 1):
        assert re.search(rf"^{number}(?:\.1)?\s+{generated.item.code}", sheet, re.MULTILINE)
        if len(generated.item.parts) > 1:
            for place in range(2, len(generated.item.parts) + 1):
                assert f"{number}.{place}" in sheet
    assert re.search(r"Q-0838\s+A\s+B\s+C\s+D\s", sheet)
    assert "nats" in sheet


def long_items() -> tuple[GeneratedItem, ...]:
    """Forty questions of different length, and one that no page holds."""
    made = []
    for number in range(40):
        long = 900 if number == 17 else number % 6
        stem = (
            examples.paragraph(f"begin{number}x"),
            *[examples.paragraph("many words " * 12)] * (long // 12 + long % 6),
        )
        options = tuple(examples.option(f"o{k}", f"option {k} " * 9) for k in range(4))
        options += (examples.option("last", f"end{number}x"),)
        made.append(
            examples.single(f"long-{number:02d}", "single-choice", stem, ChoiceInteraction(options), ChoiceKey("o1"))
        )
    return tuple(made)


def test_a_question_is_not_broken_across_pages_unless_it_is_longer_than_one(tmp_path: Path) -> None:
    typst()
    items = long_items()
    quiz = examples.quiz_of(items)
    sitting = Sitting("ada", large_print=True)
    for name, quiz_ in (
        ("pool", quiz),
        ("large", msgspec.structs.replace(quiz, forms=(("ada", quiz_ids(items)),), sittings=(sitting,))),
    ):
        files = written(tmp_path / name, "pdf", items, quiz_)
        data = files["questions.pdf" if name == "pool" else "learners/ada.pdf"]
        texts = pages(data)
        place = {}
        for mark in ("begin", "end"):
            for number in range(40):
                (place[mark, number],) = (page for page, text in enumerate(texts) if f"{mark}{number}x" in text)
        assert [n for n in range(40) if place["begin", n] != place["end", n]] == [17]
        assert squeezed("".join(texts)).count("manywords") == sum(
            squeezed(inline_text(block.content)).count("manywords") for g in items for block in g.item.stem
        )
        assert len(set(place.values())) > 8
        assert all(30 < word.y < 812 and 30 < word.x < 565 for word in words(data))


def test_everything_is_tagged_and_named(of_class: dict[str, bytes]) -> None:
    found = reader(of_class["learners/ben-9.pdf"])
    root = found.trailer["/Root"]
    assert (found.metadata.title, root["/Lang"]) == ("Verdeckte Wörter", "de")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1<" in root["/Metadata"].get_object().get_data()
    roles, said = [], []

    def walk(element: object) -> None:
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list):
            for inner in element:
                walk(inner)
        elif isinstance(element, dict) and "/S" in element:
            roles.append(element["/S"])
            if element["/S"] == "/Formula":
                said.append(str(element.get("/Alt")))
            walk(element.get("/K", []))

    walk(root["/StructTreeRoot"]["/K"])
    assert {"/H1", "/Table", "/TH", "/TD", "/P", "/Formula", "/Caption"} <= set(roles)
    assert "log probability that x 2 is early, given x bar" in said


def test_the_same_bytes_twice_and_elsewhere(tmp_path: Path, of_class: dict[str, bytes]) -> None:
    again = written(tmp_path, "pdf", ITEMS, class_of_two())
    assert again == of_class
    assert all(b"/CreationDate" not in data for data in again.values())
    code = (
        "import sys, hashlib\n"
        "from quizgen.archive import read_archive\n"
        "from quizgen.exporters import format_of, Options\n"
        "parts = [c for _, c in format_of('pdf').write(read_archive(sys.argv[1]), Options())]\n"
        "print(hashlib.sha256(b''.join(parts)).hexdigest())"
    )
    environment = {
        "PYTHONPATH": ":".join(sys.path),
        "TZ": "Asia/Tokyo",
        "HOME": str(tmp_path),
        "SOURCE_DATE_EPOCH": "7",
    }
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "quiz"], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(b"".join(of_class.values())).hexdigest()


def test_the_number_of_processes_changes_no_byte(tmp_path: Path, of_class: dict[str, bytes]) -> None:
    archive = tmp_path / "quiz"
    write_archive(archive, class_of_two(), ITEMS)
    code = (
        "import sys, hashlib\n"
        "from quizgen.archive import read_archive\n"
        "from quizgen.exporters import Options, pdf\n"
        "pdf.WORTHWHILE = 1\n"
        "files = pdf.write(read_archive(sys.argv[1]), Options(processes=2))\n"
        "learners = [next(files)[1] for _ in range(2)]\n"
        "used = 'typst' in sys.modules\n"
        "print(used, hashlib.sha256(b''.join(learners + [c for _, c in files])).hexdigest())\n"
    )
    done = subprocess.run([sys.executable, "-c", code, archive], capture_output=True, text=True, check=True)
    expected = hashlib.sha256(b"".join(of_class.values())).hexdigest()
    assert done.stdout.split() == ["False", expected], "others set the booklets"
    again = dict(pdf.write(read_archive(archive), Options(processes=2)))
    assert again == of_class, "where Typst ran before, this process does it all"


def test_what_typst_forgets_between_files_changes_no_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_class: dict[str, bytes]
) -> None:
    forgotten = []
    forget = pdf._forget
    monkeypatch.setattr(pdf, "HELD", 1000)
    monkeypatch.setattr(pdf, "_forget", lambda compiler: forgotten.append(forget(compiler)))
    assert written(tmp_path, "pdf", ITEMS, class_of_two()) == of_class
    assert len(forgotten) == len(of_class)


def test_one_learner_alone(tmp_path: Path) -> None:
    files = written(tmp_path, "typst", ITEMS, class_of_two(), learner="ben-9")
    assert list(files) == ["learners/ben-9.typ", "key/answers.typ", "key/key.typ"]
    assert ITEMS[0].item.code.encode() not in b"".join(files.values())


def test_sections_versions_and_the_pool(tmp_path: Path) -> None:
    quiz = examples.quiz_of(ITEMS[:3])
    slots = tuple(msgspec.structs.replace(slot, section="First") for slot in quiz.slots)
    section = Section("First", "Read it all.", 30)
    quiz = msgspec.structs.replace(
        quiz, slots=slots, sections=(section,), forms=(("A", IDS[:3]),), sittings=(Sitting("A", version="A"),)
    )
    typst()
    files = written(tmp_path / "a", "pdf", ITEMS[:3], quiz)
    text = "\n".join(pages(files["learners/a.pdf"]))
    assert "First (30 minutes)" in text
    assert "Read it all." in text
    assert re.search(r"Name:\s*\n", text), "a version is nobody's, so the name is written by hand"
    pool = written(tmp_path / "b", "pdf", ITEMS, examples.quiz_of(ITEMS))
    assert list(pool) == ["questions.pdf", "key/key.pdf"]
    text = "\n".join(pages(pool["questions.pdf"]))
    assert [f"slot-{number} ·" in text for number in range(1, 18)] == [True] * 17
    assert "Answer sheet" not in text


def test_long_pools_become_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizgen.exporters.paper.booklets.VOLUME", 7)
    files = written(tmp_path, "typst", ITEMS, examples.quiz_of(ITEMS))
    assert list(files) == [f"{name}-00{number}.typ" for name in ("questions", "key/key") for number in (1, 2, 3)]
    assert b"".join(files.values()).count(b"#quizkey[") == len(ITEMS)


def test_what_no_font_has_is_named_and_a_box_is_printed(tmp_path: Path) -> None:
    typst()
    item = examples.single(
        "chinese",
        "true-false",
        (examples.paragraph("中文 text"),),
        ITEMS[1].item.parts[0].interaction,
        ITEMS[1].key.parts[0].key,
    )
    archive = write_archive(tmp_path / "quiz", examples.quiz_of((item,)), (item,))
    assert plan(archive, format_of("pdf")).lines()[1] == (
        "  text:no-sign: the fonts have no sign for 中 (U+4E2D), 文 (U+6587); a box stands in its place "
        f"(1 item: {item.item.code})"
    )
    (done,) = export(archive, ["pdf"])
    data = (done.folder / "questions.pdf").read_bytes()
    assert reader(data).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" not in data
    assert "text" in pages(data)[0]


def test_the_list_of_signs_is_that_of_the_fonts() -> None:
    from quizgen.exporters.pdf import _compiler

    typst()
    compiler = _compiler()
    listed = [sign for sign in map(chr, range(0x20, 0x30000)) if not without_sign(sign) and not "\x7f" <= sign < "\xa0"]
    assert len(listed) > 8_000
    shown = " ".join(f"a\\u{{{ord(sign):x}}}" for sign in listed)
    fonts = "".join(
        line for line in preamble().splitlines(keepends=True) if line.startswith(("#let quizserif", "#let quizmono"))
    )
    for style in ("", ", weight: 700", ', style: "italic"', ', style: "italic", weight: 700', ", font: quizmono"):
        source = f'{fonts}#set document(title: "t")\n#set text(font: quizserif{style})\n{shown}'.replace(
            "quizserif, font: ", ""
        )
        compiler.compile(source.encode(), format="pdf", pdf_standards=["ua-1"])
    for sign in "中অ𒀀":
        assert without_sign(sign) == sign
        with pytest.raises(Exception, match="could not be displayed"):
            compiler.compile(f'#set document(title: "t")\n{sign}'.encode(), format="pdf", pdf_standards=["ua-1"])


def test_without_typst_the_export_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.delitem(sys.modules, "typst", raising=False)
    archive: Archive = write_archive(tmp_path / "quiz", examples.quiz_of(ITEMS[:2]), ITEMS[:2])
    with pytest.raises(ExportError, match=r"Typst is not installed: pip install 'quizgen\[pdf\]'"):
        export(archive, ["json", "pdf"])
    assert not (archive.folder / "json").exists()


def test_what_is_asked_of_a_gap_names_the_gap(tmp_path: Path) -> None:
    """Not every gap has a heading; one whose unit is said below has."""
    parts = (
        (Part("a", TextInteraction(), F(1, 2)), TextKey(("x",)), ()),
        (Part("b", NumericInteraction("nats"), F(1, 2)), NumericKey("2", unit="nats"), ()),
    )
    made = examples.generated("t", "cloze", (examples.paragraph("A ", Gap("a"), " and ", Gap("b")),), parts)
    quiz = msgspec.structs.replace(examples.quiz_of((made,)), forms=(("ada", (made.item.id,)),))
    source = written(tmp_path, "typst", (made,), quiz)["learners/ada.typ"].decode()
    assert re.findall(r"#quiz(?:part|help)\[(.*?)\];", source) == ["Gap 1.2", "Give the number in nats."]


def test_a_long_text_has_room_also_in_large_print(tmp_path: Path) -> None:
    """Lines that do not fit a page go on on the next; none runs over the foot."""
    key = EssayKey((Criterion(F(1), "why"),), (200, 300))
    made = examples.single("long", "essay", (examples.paragraph("Why?"),), EssayInteraction((200, 300)), key)
    sittings = (Sitting("ada", large_print=True), Sitting("ben"))
    forms = tuple((sitting.learner, (made.item.id,)) for sitting in sittings)
    quiz = msgspec.structs.replace(examples.quiz_of((made,)), forms=forms, sittings=sittings)
    files = written(tmp_path, "pdf", (made,), quiz)
    for sitting in sittings:
        drawn = rules(files[f"learners/{sitting.learner}.pdf"])
        assert len(drawn) >= 24
        assert min(height for _, height in drawn) > FOOT


FOOT = 55
"""Points below which the foot of a page stands."""


def test_displayed_formulas_are_drawn(tmp_path: Path) -> None:
    """Typst leaves out what stands as a block inside a paragraph, and only warns of it."""
    shown = Formula("z^{2}", "", "z²", "z^2", "z squared", display=True)
    text = (examples.paragraph("Before ", shown, " between ", shown), examples.paragraph(shown))
    options = (examples.option("a", "One ", shown), examples.option("b", shown))
    made = examples.single(
        "shown", "single-choice", (*text, ListBlock((text,))), ChoiceInteraction(options), ChoiceKey("a"), solution=text
    )
    files = written(tmp_path, "pdf", (made,), examples.quiz_of((made,)))
    (page,) = pages(files["questions.pdf"])
    assert page.count("𝑧") == 8
    assert "𝑧" in "".join(pages(files["key/key.pdf"]))
    places = [page.index(word) for word in ("Before", "between", "One")]
    assert places == sorted(places)


def test_typst_warns_of_nothing(tmp_path: Path) -> None:
    compiler = typst_compiler()
    assembly = whole_bank()
    items = tuple(assembly.items())
    archive = write_archive(tmp_path / "bank", assembly.quiz, items)
    given_out = dict(format_of("typst").write(archive, Options()))
    warned = [str(warning) for text in given_out.values() for warning in compiler.compile_with_warnings(text)[1]]
    assert warned == []
    assert "$ " in given_out["questions.typ"].decode(), "a formula is displayed"


def typst_compiler() -> Any:
    typst()
    return pdf._compiler()


def test_the_key_says_so_where_no_option_is_right(tmp_path: Path) -> None:
    options = tuple(examples.option(f"o{place}", f"token {place}") for place in (1, 2))
    key = MultipleAnswerKey((), ("o1", "o2"))
    made = examples.single("none", "multiple-answer", (), MultipleAnswerInteraction(options), key)
    quiz = msgspec.structs.replace(examples.quiz_of((made,)), forms=(("ada", (made.item.id,)),))
    files = written(tmp_path, "typst", (made,), quiz)
    assert "#quizright[–];" in files["key/key.typ"].decode()
    assert "[–];" in files["key/answers.typ"].decode()
