"""The report says what is true of a class, hides small groups, names nobody, and is the same every time."""

from __future__ import annotations

import json
import random
import re
from fractions import Fraction
from html.parser import HTMLParser

import jsonschema
import msgspec
import pytest
import yaml

from grading.answersheet import PartKey
from grading.bulk import grade_all
from grading.keys import ChoiceKey, Rival
from grading.responses import ResponseRow
from quizgen.archive import write_archive
from quizgen.class_report import class_report, report_html, report_json
from quizgen.class_report.words import FOLDER, LANGUAGES
from quizgen.content import Text
from quizgen.model import ChoiceInteraction, GeneratedItem, Item, Option, Part, Quiz, Slot, WorkedKey
from quizgen.schemas import published_schemas
from tests.class_report.classes import example_archive, example_results, report_of_a_class

COUNTS = {"chosen", "holders", "undecided", "lost", "gained"}


class Page(HTMLParser):
    """Texts, ids, links and headings of a page; complains of what is not closed."""

    VOID = frozenset(["meta", "line", "rect", "circle", "br"])

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.ids, self.links, self.headings, self.text = [], [], [], [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found[name] for name in ("href", "src") if name in found]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "svg":
            assert "aria-hidden" in found or found.get("aria-label"), "a picture has a name or is beside its number"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text.append(data)


def numbers(value, name=""):
    """Every number in JSON with the name of its field."""
    if isinstance(value, dict):
        for inner, entry in value.items():
            yield from numbers(entry, inner)
    elif isinstance(value, list):
        for entry in value:
            yield from numbers(entry, name)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, value


@pytest.mark.parametrize("learners", [1, 4, 5, 9, 12, 25, 40])
def test_groups_under_five_are_nowhere(learners):
    report = report_of_a_class(learners)
    data = json.loads(report_json(report))
    jsonschema.validate(data, published_schemas()["class-report"])
    for name, value in numbers(data):
        if name in COUNTS:
            assert not 0 < value < 5, name
    assert all(bar["learners"] == 0 or bar["learners"] >= 5 for bar in data["distribution"]["bars"])
    for question in data["questions"]:
        assert question["facility"] is None or question["scored"] >= 5
        assert not 0 < (question["answered"] or 0) < 5
        assert not 0 < (question["scored"] or 0) < 5
        assert (question["answered"] is None) == (learners < 5)
        assert question["tail"] == 0 or question["tail"] >= 5
        assert all(variant["learners"] >= 5 for variant in question["variants"])
    if learners < 5:
        assert data["distribution"]["mean"] is None
        assert data["reliability"] is None
        assert data["misconceptions"] == []
        assert "too-small" in data["warnings"]
    elif learners < 30:
        assert {"tiny-class", "small-class"} & set(data["warnings"])


def test_nobody_is_named(tmp_path):
    archive = example_archive(tmp_path / "quiz")
    rows = [
        ResponseRow(f"Zoë-{n}-Quist", item.id, response)
        for n in range(12)
        for item, response in zip(archive.items(), ["a", "true", ["a"], "1.6", {}, [], "An essay."], strict=True)
    ]
    report = class_report(archive, grade_all(rows, archive.keys()))
    for written in (report_html(report), report_json(report).decode()):
        assert "Zoë" not in written
        assert "Quist" not in written


def test_the_same_class_gives_the_same_bytes(tmp_path):
    archive = example_archive(tmp_path / "quiz")
    results = example_results(archive, 30)
    shuffled = msgspec.structs.replace(results, frame=results.frame.reverse())
    one, other = class_report(archive, results), class_report(archive, shuffled)
    assert report_html(one) == report_html(other)
    assert report_json(one) == report_json(other)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("learners", [3, 12, 60])
def test_the_page_is_whole_and_needs_nothing(learners, language):
    report = report_of_a_class(learners, language)
    written = report_html(report)
    page = Page(written)
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(page.headings, page.headings[1:], strict=False))
    assert f'<html lang="{language}">' in written
    assert not re.search(r"<script|https?:|url\(|@import", written)
    assert not re.search(r"\bNone\b|\bnan\b|\{\w*\}", " ".join(page.text))


def test_words_of_both_languages_have_the_same_holes():
    english, german = (yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")) for name in LANGUAGES)
    assert list(english) == list(german)
    for name in english:
        assert set(re.findall(r"\{(\w+)\}", english[name])) == set(re.findall(r"\{(\w+)\}", german[name])), name
    german_page = " ".join(Page(report_html(report_of_a_class(60, "de"))).text)
    assert "Lösungsquote" in german_page
    assert re.search(r"\d,\d\d", german_page)
    assert not re.search(r"\b\d\.\d\d\b", german_page)


def single(number, correct, title="Choose", rivals="abcd", variant=0):
    options = tuple(Option(letter, (Text(f"option {letter}"),)) for letter in "abcd")
    key = ChoiceKey(
        correct,
        tuple(
            Rival(letter, (f"belief-{letter}",), title=f"Believes {letter}") for letter in rivals if letter != correct
        ),
    )
    id_ = f"item-{number}-{variant}"
    item = Item(
        id_,
        "r",
        f"Q-{number}{variant}",
        "t",
        variant,
        "single-choice",
        "en",
        title,
        (),
        (Part("answer", ChoiceInteraction(options)),),
    )
    texts = tuple((letter, f"option {letter}") for letter in "abcd")
    return GeneratedItem(item, WorkedKey(id_, "r", item.code, (PartKey("answer", key, options=texts),), f"s{number}"))


def graded_class(tmp_path, items, learners, title="Choose"):
    """learners: their answers, slot by slot. Each slot has one item."""
    slots = tuple(Slot(f"s{n}", f"{title} {n}", ("t",), (made.item.id,)) for n, made in enumerate(items, 1))
    archive = write_archive(tmp_path / "quiz", Quiz(1, "0", "0", "q", title, "en", "practice", slots), items)
    rows = [
        ResponseRow(f"l{n:03}", items[k].item.id, answer)
        for n, mine in enumerate(learners)
        for k, answer in enumerate(mine)
    ]
    return archive, grade_all(rows, archive.keys())


def test_a_wrong_key_stands_first_on_the_list(tmp_path):
    """The key of question 3 is b, and everybody who knows something says a."""
    items = [single(n, "b" if n == 3 else "a") for n in range(1, 9)]
    draw = random.Random(5)
    learners = [["a" if draw.random() < 0.05 + n * 0.9 / 70 else draw.choice("bcd") for _ in items] for n in range(70)]
    report = class_report(*graded_class(tmp_path, items, learners))
    assert (report.look_at[0].question, report.look_at[0].reason) == (3, "key-doubtful")
    assert "check the key" in report.look_at[0].words
    suspected = [(entry.question, entry.reason) for entry in report.look_at if entry.reason == "option-doubtful"]
    assert suspected == [(3, "option-doubtful")]
    words = next(entry.words for entry in report.look_at if entry.reason == "option-doubtful")
    assert "Believes a" in words
    assert "accidental equivalence" in words
    assert all(entry.question == 3 for entry in report.look_at if entry.reason != "tells-nothing")


def test_a_quiet_class_has_nothing_to_look_at(tmp_path):
    items = [single(n, "a") for n in range(1, 6)]
    learners = [["a" if (n * 7 + k * 3) % 10 < 2 + n % 8 else "bcd"[(n + k) % 3] for k in range(5)] for n in range(40)]
    report = class_report(*graded_class(tmp_path, items, learners))
    assert report.look_at == ()
    assert "That is no proof" in report_html(report)


def test_text_of_others_is_never_mark_up(tmp_path):
    bad = "<script>alert(1)</script>\"'&"
    made = single(1, "a", bad)
    rivals = tuple(
        msgspec.structs.replace(rival, title=bad, misconceptions=(bad,)) for rival in made.key.parts[0].key.rivals
    )
    key = msgspec.structs.replace(made.key.parts[0].key, rivals=rivals)
    part = msgspec.structs.replace(made.key.parts[0], key=key)
    items = [GeneratedItem(made.item, msgspec.structs.replace(made.key, parts=(part,))), single(2, "a")]
    learners = [["b" if n % 2 else "a", "a" if n % 3 else "b"] for n in range(20)]
    archive, results = graded_class(tmp_path, items, learners, bad)
    page = report_html(class_report(archive, results))
    assert "<script" not in page
    Page(page)


def test_points_by_the_rules_of_the_course_are_those_of_the_distribution(tmp_path):
    archive = example_archive(tmp_path / "quiz")
    results = example_results(archive, 20)
    names = sorted(set(results.frame["learner"].to_list()))
    report = class_report(archive, results, "average", {name: Fraction(1, 4) for name in names})
    assert report.distribution.mean == 0.25
    assert report.policy == "average"
    assert class_report(archive, results).distribution.mean != 0.25


def test_a_void_question_counts_for_nothing(tmp_path):
    archive = example_archive(tmp_path / "quiz")
    (void,) = archive.quiz.slots[1].pool
    line = {"item": void, "action": "void", "reason": "two right options", "date": "2026-11-02"}
    (archive.folder / "amendments.jsonl").write_text(json.dumps(line) + "\n")
    report = class_report(archive, example_results(archive, 20, attempts=1))
    assert [question.void for question in report.questions] == [False, True, False, False, False, False, False]
    assert report.questions[1].facility is None
    assert "two right options" in report_html(report)


def test_beliefs_that_are_given_up_move(tmp_path):
    """Twenty learners show a belief in the first attempt and not in the second."""
    items = [single(n, "a") for n in range(1, 6)]
    slots = tuple(Slot(f"s{n}", f"Choose {n}", ("t",), (made.item.id,)) for n, made in enumerate(items, 1))
    archive = write_archive(tmp_path / "quiz", Quiz(1, "0", "0", "q", "t", "en", "practice", slots), items)
    rows = [
        ResponseRow(f"l{n:02}", made.item.id, "b" if n < 20 and attempt == 1 else "a", attempt=attempt)
        for n in range(40) for attempt in (1, 2) for made in items
    ]  # fmt: skip
    report = class_report(archive, grade_all(rows, archive.keys()))
    first = report.misconceptions[0]
    assert (first.id, first.title, first.holders, first.asked) == ("belief-b", "Believes b", 20, 40)
    assert (first.move.first, first.move.last, first.move.lost, first.move.gained) == (0.5, 0.0, 20, 0)
    assert first.move.probability < 0.001
    assert first.questions == (1, 2, 3, 4, 5)


def test_in_a_browser_it_fits_and_can_be_read(browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(report_html(report_of_a_class(40)), encoding="utf-8")
    for scheme in ("light", "dark"):
        for width in (360, 1000):
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
            errors = []
            page.on("console", lambda message, errors=errors: errors.append(message.text))
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert errors == []
            low = page.evaluate(CONTRAST)
            assert low == [], (scheme, width)
            page.close()


CONTRAST = """() => {
  const channel = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number); return
  .2126*channel(r)+.7152*channel(g)+.0722*channel(b); }; const behind = e => { for (; e; e = e.parentElement) { const
  c = getComputedStyle(e).backgroundColor;
    if (c !== 'rgba(0, 0, 0, 0)') return c; } return 'rgb(255, 255, 255)'; };
  const low = [];
  for (const e of document.querySelectorAll('body *:not(svg *)')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || e.matches('.skip, .unseen'))
    continue; const a = light(getComputedStyle(e).color), b = light(behind(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push(e.className + ' ' + e.textContent.slice(0, 20) + ' ' + ratio.toFixed(2));
  }
  for (const e of document.querySelectorAll('.plot text')) {
    const fill = getComputedStyle(e).fill, dot = e.parentElement.querySelector('circle');
    const a = light(fill), b = light(dot ? getComputedStyle(dot).fill : behind(e.closest('figure')));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push('svg ' + e.textContent + ' ' + ratio.toFixed(2));
  }
  return low;
}"""
