"""Web pages in a real browser: answered with the keyboard, checked, saved, read back; no network, no errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grading.keys import NumericKey, Rival
from grading.marking import canonical_responses, grade_item
from grading.responses import read_responses
from grading.verdicts import Verdict
from quizgen.archive import Archive, write_archive
from quizgen.exporters import export, format_of
from quizgen.exporters.preview import contact_sheet
from quizgen.findings import Finding, Place
from quizgen.model import NumericInteraction, Purpose
from quizgen.schemas import PageAnswers
from tests.exporters import example_items as examples
from tests.exporters.whole_bank import whole_bank

ITEMS = examples.everything()
NUMBER = {generated.item.id: number for number, generated in enumerate(ITEMS, 1)}


class Watched:
    """A page that remembers everything that must not happen."""

    def __init__(self, page: Any) -> None:
        self.page, self.requests, self.complaints = page, [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def q(self, name: str) -> Any:
        return self.page.locator(f"#q{NUMBER[name + '-0001']}")


def archive_of(folder: Path, purpose: Purpose = "practice") -> Archive:
    return write_archive(folder / "quiz", examples.quiz_of(ITEMS, purpose), ITEMS)


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    purposes: tuple[Purpose, ...] = ("practice", "exam")
    for purpose in purposes:
        folder = tmp_path_factory.mktemp(purpose)
        export(archive_of(folder, purpose), [format_of("html")], folder / "out")
        found[purpose] = folder / "out" / "html" / "index.html"
    return found


@pytest.fixture
def opened(browser: Any, pages: dict[str, Path]) -> Iterator[Any]:
    """Opens a page by its purpose; afterwards checks that it kept to itself."""
    context = browser.new_context(accept_downloads=True)
    opened: list[tuple[Watched, str]] = []

    def open_(purpose: str, **options: Any) -> Watched:
        page = context.new_page()
        if options:
            page.emulate_media(**options)
        watched, url = Watched(page), pages[purpose].as_uri()
        page.goto(url)
        opened.append((watched, url))
        return watched

    yield open_
    context.close()
    for watched, url in opened:
        assert watched.complaints == []
        assert [request for request in watched.requests if not request.startswith("blob:")] == [url]


def answer_everything(watched: Watched) -> None:
    """Right, partly right and wrong answers, with the keyboard alone where that is the point."""
    page, q = watched.page, watched.q
    q("objective-expression").locator("input").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    for place in (1, 3, 4):
        q("contributing-plus-minus").locator("input").nth(place).focus()
        page.keyboard.press("Space")
    q("total-loss").locator("input").focus()
    page.keyboard.type("1.62")
    q("write-objective").locator("input").fill("log(p_2)")
    for place, partner in enumerate(("input", "selected", "loss")):
        q("notation").locator("select").nth(place).select_option(partner)
    q("training-step-per-position").locator("li").first.locator("button").nth(1).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    q("write-tokens").locator("input").fill("the <mask> bird")
    q("explain").locator("textarea").fill("Because logs add up.")
    gaps = q("fill-in").locator("input")
    gaps.nth(0).fill("1")
    gaps.nth(1).fill("Early")
    q("fill-in").locator("select").select_option("mask")
    q("two-steps").locator("input[type=text]").fill("-0.693")


EXPECTED: dict[str, tuple[Any, F | None]] = {
    "objective-expression": ("flip-sign", F(1, 2)),
    "contributing-plus-minus": (["position-2", "position-4", "position-5"], F(1)),
    "total-loss": ("1.62", F(3, 4)),
    "write-objective": ("log(p_2)", F(1)),
    "notation": ({"x": "input", "a": "selected", "j": "loss"}, F(2, 3)),
    "training-step-per-position": (["mask", "loss", "update"], F(1)),
    "write-tokens": ("the <mask> bird", F(1)),
    "explain": ("Because logs add up.", None),
    "fill-in": ({"position": "1", "sees": "mask", "word": "Early"}, F(1, 2)),
    "two-steps": ({"J1": "-0.693"}, F(1, 3)),
}


def test_answers_are_downloaded_and_graded(opened: Any, tmp_path: Path) -> None:
    watched = opened("practice")
    answer_everything(watched)
    assert watched.page.locator("#answered").inner_text() == f"{len(EXPECTED)} of {len(ITEMS)} answered"
    watched.page.locator("#learner").fill("Ada Löv/elace")
    with watched.page.expect_download() as download:
        watched.page.locator("#download").click()
    assert download.value.suggested_filename == "demo-Ada-Löv-elace.json"
    download.value.save_as(tmp_path / "answers.json")
    assert "Not answered yet: " + examples.true_false().item.code in watched.page.locator("#saved").inner_text()

    import msgspec

    answers = msgspec.json.decode((tmp_path / "answers.json").read_bytes(), type=PageAnswers)
    assert (answers.format, answers.version, answers.quiz, answers.learner) == (
        "quizgen-answers",
        1,
        "demo",
        "Ada Löv/elace",
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", answers.submitted_at)
    rows = {row.item.removesuffix("-0001"): row.response for row in read_responses(tmp_path / "answers.json")}
    assert rows == {name: response for name, (response, _) in EXPECTED.items()}
    keys = {generated.item.id: generated.key for generated in ITEMS}
    for name, (response, score) in EXPECTED.items():
        assert grade_item(keys[f"{name}-0001"], response).score == score, name


def test_half_a_sign_spoils_no_file(opened: Any, tmp_path: Path) -> None:
    """It can come with a pasted text, and no reader of JSON takes it."""
    watched = opened("practice")
    fields = {"explain": "textarea", "write-words": "input", "total-loss": "input", "counterexample": "input"}
    for name, kind in fields.items():
        watched.q(name).locator(kind).first.evaluate("(field) => { field.value = 'a \\ud83d b \\ud83d\\ude00'; }")
    watched.page.locator("#learner").evaluate("(field) => { field.value = 'Ada\\udc00'; }")
    with watched.page.expect_download() as download:
        watched.page.locator("#download").click()
    download.value.save_as(tmp_path / "answers.json")
    rows = list(read_responses(tmp_path / "answers.json"))
    assert {row.learner for row in rows} == {"Ada\ufffd"}
    assert {str(row.response) for row in rows} == {"a \ufffd b \U0001f600", str({"b_1": "a \ufffd b \U0001f600"})}


def test_a_reload_keeps_the_answers_until_they_are_downloaded(
    opened: Any, pages: dict[str, Path], tmp_path: Path
) -> None:
    watched = opened("exam")
    page, answered = watched.page, watched.page.locator("#answered")
    page.on("dialog", lambda dialog: dialog.accept())
    answer_everything(watched)
    page.locator("#learner").fill("Ada")
    page.reload()
    assert answered.inner_text() == f"{len(EXPECTED)} of {len(ITEMS)} answered"
    other = opened("exam")
    assert other.page.locator("#answered").inner_text() == f"0 of {len(ITEMS)} answered"
    with page.expect_download() as download:
        page.locator("#download").click()
    download.value.save_as(tmp_path / "answers.json")
    rows = list(read_responses(tmp_path / "answers.json"))
    assert {row.item.removesuffix("-0001"): row.response for row in rows} == {
        name: response for name, (response, _) in EXPECTED.items()
    }
    assert {row.learner for row in rows} == {"Ada"}
    page.reload()
    assert answered.inner_text() == f"0 of {len(ITEMS)} answered"
    assert page.locator("#learner").input_value() == ""
    url = pages["exam"].as_uri()
    assert [request for request in watched.requests if not request.startswith("blob:")] == [url] * 3
    watched.requests[:] = [url]


def test_answers_that_were_kept_are_of_one_learner_only(browser: Any, tmp_path: Path) -> None:
    ids = tuple(made.item.id for made in ITEMS)
    quiz = msgspec.structs.replace(examples.quiz_of(ITEMS), forms=(("ada", ids), ("bob", ids)))
    archive = write_archive(tmp_path / "quiz", quiz, ITEMS)
    export(archive, [format_of("html")], tmp_path / "out")
    ada, bob = ((tmp_path / "out" / "html" / f"{name}.html").as_uri() for name in ("ada", "bob"))
    page = browser.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(ada)
    answer_everything(Watched(page))
    for url, name, answered in ((bob, "bob", 0), (ada, "ada", len(EXPECTED))):
        page.goto(url)
        assert page.locator("#learner").input_value() == name
        assert page.locator("#answered").inner_text() == f"{answered} of {len(ITEMS)} answered"
    page.close()


def test_checking_says_what_grading_says(opened: Any) -> None:
    watched = opened("practice")
    answer_everything(watched)
    verdicts = {
        "objective-expression": "Partly right: 50 % of the points.",
        "contributing-plus-minus": "Right.",
        "total-loss": "Partly right: 75 % of the points.",
        "notation": "Partly right: 67 % of the points.",
        "training-step-per-position": "Right.",
        "write-tokens": "Right.",
        "fill-in": "Partly right: 50 % of the points.",
        "two-steps": "Partly right: 33 % of the points.",
        "one-token": "Nothing to check yet.",
    }
    for name, verdict in verdicts.items():
        watched.q(name).locator(".check").press("Enter")
        assert watched.q(name).locator(".verdict").inner_text() == verdict, name
    shown = watched.q("objective-expression").locator(".feedback:visible")
    assert shown.count() == 1
    assert "is the loss" in shown.inner_text()
    assert "rounded too early" in watched.q("total-loss").locator(".feedback:visible").inner_text()
    assert "The loss has the other sign." in watched.q("notation").locator(".feedback:visible").inner_text()
    assert watched.q("write-objective").locator(".check").count() == 0
    watched.q("objective-expression").locator("input").nth(1).check()
    watched.q("objective-expression").locator(".check").click()
    assert watched.q("objective-expression").locator(".verdict").inner_text() == "Right."
    assert watched.q("objective-expression").locator(".feedback:visible").count() == 0


def test_every_canonical_response_gets_our_mark_on_the_page(opened: Any) -> None:
    """The script's own marks, asked directly for each response that grading knows of."""
    watched = opened("practice")
    asked = 0
    for generated in ITEMS:
        if len(generated.item.parts) > 1 or generated.item.kind in ("symbolic", "essay"):
            continue
        question = watched.page.locator(f"#q{NUMBER[generated.item.id]}")
        for expected in canonical_responses(generated.key):
            if expected.verdict in (Verdict.INVALID, Verdict.UNDECIDED) or not expected.response:
                continue
            if not give(question, generated.item.kind, expected.response):
                continue
            question.locator(".check").click()
            shown = question.locator(".verdict").inner_text()
            score = expected.score
            assert score is not None
            percent = int(score * 100 + F(1, 2))
            wanted = (
                "Right." if score == 1 else "Not right." if score == 0 else f"Partly right: {percent} % of the points."
            )
            assert shown == wanted, (generated.item.id, expected.response)
            asked += 1
    assert asked > 40


def give(question: Any, kind: str, response: Any) -> bool:
    """Puts a response into the fields; False if a page cannot give it."""
    match kind:
        case "single-choice" | "true-false":
            question.locator(f'input[value="{response}"]').check()
        case "multiple-answer":
            for box in question.locator("input").all():
                box.set_checked(box.get_attribute("value") in response)
        case "numeric" | "short-answer":
            question.locator("input").fill(response)
        case "numeric-tuple":
            if not isinstance(response, dict):
                return False
            for field in question.locator("input").all():
                field.fill(response.get(field.get_attribute("data-name"), ""))
        case "matching":
            for select in question.locator("select").all():
                select.select_option(response.get(select.get_attribute("data-left"), ""))
        case "ordering":
            if sorted(response) != sorted(
                row.get_attribute("data-id") for row in question.locator("li[data-id]").all()
            ):
                return False
            for place, id_ in enumerate(response):
                row = question.locator(f'li[data-id="{id_}"]')
                while [r.get_attribute("data-id") for r in question.locator("li[data-id]").all()].index(id_) > place:
                    row.locator('[data-way="-1"]').click()
    return True


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("1.6144379124341003746", "Right."),
        ("1.61443791243410037461", "Partly right: 75 % of the points."),
        ("1,609", "Write the decimal mark as a point, such as 1.5, and thousands without a comma."),
        ("1.609 nats", "Right."),
        ("−1.609", "Not right."),
        ("16.09e-1", "Right."),
        ("161/100", "Right."),
        ("-log(0.2)", "This page reads decimals"),
        ("1/0", "This page reads decimals"),
        ("1.6 09", "This page reads decimals"),
        ("- 1.609", "Not right."),
    ],
)  # fmt: skip
def test_numbers_are_compared_exactly(opened: Any, typed: str, verdict: str) -> None:
    question = opened("practice").q("total-loss")
    question.locator("input").fill(typed)
    question.locator("input").press("Enter")
    assert question.locator(".verdict").inner_text().startswith(verdict)


@pytest.mark.parametrize(
    ("b_1", "b_2", "verdict", "said"),
    [
        ("0.9", "0.25", "Right.", ""),
        ("9/10", ".25", "Right.", ""),
        ("0.25", "9e-1", "Right.", ""),
        ("1", "0.10000000000000000000000000001", "Right.", ""),
        ("0.65", "0.60", "Not right.", "The loss is smaller"),
        ("13/20", "0.6", "Not right.", "The loss is smaller"),
        ("0.7", "0.6", "Not right.", "The loss is smaller"),
        ("0.96", "0.25", "Not right.", "The loss is smaller"),
        ("0.9", "0.2", "Not right.", "The sums are equal."),
        ("0.75", "0.25", "Not right.", "The sum is smaller."),
        ("0.50", "0.55", "Partly right: 25 % of the points.", "Both are smaller."),
        ("0.8", "0.3", "Not right.", "The sums are equal. The loss is smaller"),
        ("90", "25", "Not right.", "● is no probability. ● is no probability."),
        ("1.2", "0.1", "Not right.", "● is no probability."),
        ("−0.5", "0.1", "Not right.", "● is no probability."),
        ("0", "1", "Not right.", "● is no probability."),
        ("0.9", "", "Not right.", ""),
        ("", "", "Nothing to check yet.", ""),
        ("0,9", "0.25", "b₁: Write the decimal mark as a point", ""),
        ("0.9", "a quarter", "b₂: This page reads decimals", ""),
        ("0.9", "1/0", "b₂: This page reads decimals", ""),
    ],
)
def test_several_numbers_are_judged_together(opened: Any, b_1: str, b_2: str, verdict: str, said: str) -> None:
    """As `quizgen grade` judges them, wherever the page can read the numbers."""
    question = opened("practice").q("counterexample")
    for field, text in zip(question.locator("input").all(), (b_1, b_2), strict=True):
        field.fill(text)
    question.locator("input").last.press("Enter")
    assert question.locator(".verdict").inner_text().startswith(verdict)
    blocks = question.locator(".feedback:visible").all()
    words = " ".join(re.sub(r"\s+", " ", math_as_text(block)) for block in blocks)
    assert words.startswith(said) if said else words == ""
    if "right" in verdict.lower():
        graded = grade_item(examples.numeric_tuple().key, {"b_1": b_1, "b_2": b_2})
        assert graded.score == (1 if verdict == "Right." else F(1, 4) if "25 %" in verdict else 0)
        assert re.sub(r"\$[^$]*\$", "●", " ".join(each.feedback for each in graded.diagnoses)) == words


def math_as_text(block: Any) -> str:
    """The words of an element, with a sign for each formula."""
    shown: str = block.evaluate(
        """(element) => {
          const copy = element.cloneNode(true);
          for (const math of copy.querySelectorAll("math")) math.replaceWith("●");
          return copy.textContent.trim();
        }"""
    )
    return shown


def test_nearly_right_is_not_all_and_hardly_right_not_nothing(browser: Any, tmp_path: Path) -> None:
    shares = ("999/1000", "1/1000")
    rivals = tuple(Rival(share, (share,), F(share)) for share in shares)
    made = examples.single("n", "numeric", (), NumericInteraction(), NumericKey("2", rivals=rivals))
    export(write_archive(tmp_path / "quiz", examples.quiz_of((made,)), (made,)), [format_of("html")], tmp_path / "out")
    page = browser.new_page()
    page.goto((tmp_path / "out" / "html" / "index.html").as_uri())
    for share, percent in zip(shares, (99, 1), strict=True):
        page.locator("#q1 input").fill(share)
        page.locator("#q1 input").press("Enter")
        assert page.locator("#q1 .verdict").inner_text() == f"Partly right: {percent} % of the points."
    page.close()


def test_hints_come_one_by_one_and_the_solution_on_demand(opened: Any) -> None:
    question = opened("practice").q("objective-expression")
    assert "Which positions were selected?" not in question.inner_text()
    button = question.locator(".hint")
    button.click()
    assert "Which positions were selected?" in question.inner_text()
    assert "What is conditioned on?" not in question.inner_text()
    assert button.inner_text() == "Another hint"
    button.click()
    assert "What is conditioned on?" in question.inner_text()
    assert button.is_disabled()
    reveal = question.locator(".reveal")
    assert (reveal.get_attribute("aria-expanded"), question.locator(".solution").is_visible()) == ("false", False)
    reveal.press("Enter")
    assert (reveal.get_attribute("aria-expanded"), question.locator(".solution").is_visible()) == ("true", True)


def test_moving_an_entry_keeps_the_focus_and_is_announced(opened: Any) -> None:
    watched = opened("practice")
    button = watched.q("training-step-per-position").locator("li").first.locator("button").nth(1)
    button.focus()
    watched.page.keyboard.press("Enter")
    assert watched.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move down: update the weights"
    assert watched.page.locator("#status").inner_text() == "update the weights: now at place 2 of 3"


def test_an_exam_page_takes_answers_and_knows_nothing(opened: Any, tmp_path: Path) -> None:
    watched = opened("exam")
    assert watched.page.locator(".check, .hint, .reveal, .feedback, .solution, .verdict").count() == 0
    answer_everything(watched)
    with watched.page.expect_download() as download:
        watched.page.locator("#download").click()
    download.value.save_as(tmp_path / "answers.json")
    saved = json.loads((tmp_path / "answers.json").read_text("utf-8"))["answers"]
    assert {answer["item"].removesuffix("-0001"): answer["response"] for answer in saved} == {
        name: response for name, (response, _) in EXPECTED.items()
    }


ACCESSIBILITY = """() => {
  const problems = [];
  if (document.querySelector("[inputmode]")) problems.push("a keyboard that may have no minus sign");
  if (document.getElementById("quiz-data"))
    for (const told of document.querySelectorAll(".feedback, .hints, .verdict"))
      if (!told.closest("[aria-live=polite]:not(.hints), [role=status]")) problems.push("not said: " + told.className);
  const name = (element) => (element.getAttribute("aria-label") || "").trim()
    || [...(element.labels || [])].map((label) => label.textContent.trim()).join(" ")
    || (element.tagName === "BUTTON" ? element.textContent.trim() : "");
  for (const element of document.querySelectorAll("input, select, textarea, button"))
    if (!name(element)) problems.push("no name: " + element.outerHTML.slice(0, 80));
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) problems.push("id twice: " + id);
  for (const attribute of ["for", "aria-describedby", "aria-controls", "aria-labelledby"])
    for (const element of document.querySelectorAll(`[${attribute}]`))
      if (!document.getElementById(element.getAttribute(attribute))) problems.push(attribute + " of nothing");
  for (const fieldset of document.querySelectorAll("fieldset"))
    if (fieldset.firstElementChild?.tagName !== "LEGEND") problems.push("fieldset without a legend");
  for (const math of document.querySelectorAll("math"))
    if (math.closest("[aria-hidden]")?.closest("[role=math][aria-label]:not([aria-label=''])")) continue;
    else if (!math.getAttribute("aria-label") || !math.getAttribute("alttext")) problems.push("formula without words");
  for (const th of document.querySelectorAll("th")) if (!th.scope) problems.push("th without scope");
  if (document.querySelectorAll("h1").length !== 1) problems.push("not one h1");
  if (!document.documentElement.lang || !document.title) problems.push("no language or title");
  if (document.querySelectorAll("main").length !== 1) problems.push("not one main");
  if (document.documentElement.scrollWidth > innerWidth) problems.push("wider than the window");
  return problems;
}"""

CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (c) => c / 255 <= .03928 ? c / 255 / 12.92 : ((c / 255 + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const seen = element.getClientRects().length && !element.matches(":disabled, script, style, .unseen, .skip");
    if (!own || !seen) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) low.push(element.className + " " + element.tagName + " " + ratio.toFixed(2));
  }
  return low;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("purpose", ["practice", "exam"])
def test_names_structure_and_contrast(opened: Any, purpose: str, scheme: str) -> None:
    watched = opened(purpose, color_scheme=scheme)
    page = watched.page
    if purpose == "practice":
        answer_everything(watched)
        page.evaluate("document.querySelectorAll('[hidden]').forEach((element) => { element.hidden = false; })")
        for button in page.locator(".check").all():
            button.click()
    assert page.evaluate(ACCESSIBILITY) == []
    assert page.evaluate(CONTRAST) == []
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate(ACCESSIBILITY) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_page_of_the_bank_fits_a_phone(browser: Any, tmp_path: Path, language: str) -> None:

    assembly = whole_bank(seed=3, language=language)
    archive = write_archive(tmp_path / "quiz", assembly.quiz, assembly.items())
    export(archive, [format_of("html")])
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    watched = Watched(page)
    page.goto((archive.folder / "html" / "index.html").as_uri())
    page.evaluate("document.querySelectorAll('[hidden]').forEach((element) => { element.hidden = false; })")
    assert page.locator("section.question").count() > 10
    assert (page.evaluate(ACCESSIBILITY), page.evaluate(CONTRAST), watched.complaints) == ([], [], [])
    context.close()


@pytest.mark.parametrize("word", ["Wahrscheinlichkeitsverteilungsfunktionsparameter", "x" * 300, "\u05e9" * 300])
def test_a_long_word_is_no_wider_than_a_phone(browser: Any, tmp_path: Path, word: str) -> None:
    items = examples.awkward_items(word)
    archive = write_archive(tmp_path / "quiz", examples.quiz_of(items, title=word), items)
    export(archive, [format_of("html")])
    page = browser.new_page(viewport={"width": 320, "height": 700})
    page.goto((archive.folder / "html" / "index.html").as_uri())
    page.evaluate("document.querySelectorAll('[hidden]').forEach((element) => { element.hidden = false; })")
    assert page.evaluate(ACCESSIBILITY) == []
    page.close()


def test_light_and_dark_can_be_chosen(opened: Any) -> None:
    page = opened("practice", color_scheme="dark").page
    colours = []
    for _ in range(2):
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.locator("#theme").click()
    assert colours == ["rgb(20, 23, 27)", "rgb(251, 250, 246)"]


def test_the_skip_link_is_the_first_stop(opened: Any) -> None:
    page = opened("practice").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#q1")


def test_on_paper_there_are_no_buttons_and_gaps_show_their_choices(opened: Any) -> None:
    page = opened("practice", media="print").page
    assert page.locator("button:visible").count() == 0
    assert "([MASK] / the word itself)" in page.locator(f"#q{NUMBER['fill-in-0001']}").inner_text()
    assert page.locator(".partners:visible li").count() == 4
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_awkward_text_stays_text(browser: Any, tmp_path: Path) -> None:
    for number, text in enumerate(examples.AWKWARD):
        items = examples.awkward_items(text)
        archive = write_archive(tmp_path / str(number), examples.quiz_of(items, title=text), items)
        export(archive, [format_of("html")])
        page = browser.new_page()
        watched = Watched(page)
        page.goto((archive.folder / "html" / "index.html").as_uri())
        shown = " ".join(re.sub("[\x00\x07]", "", text).split())
        for section in page.locator("section.question").all():
            assert shown in " ".join(section.locator(".stem").text_content().split())
        assert page.locator("#answered").inner_text() == f"0 of {len(items)} answered"
        assert watched.complaints == []
        assert page.evaluate(ACCESSIBILITY) == []
        page.close()


def test_the_contact_sheet_shows_everything(browser: Any, tmp_path: Path) -> None:
    finding = Finding(Place("bank/x.yaml", 3, 1), "Q104", "too few <wrong> options", "add one")
    (tmp_path / "sheet.html").write_bytes(contact_sheet(ITEMS, [finding], "All kinds"))
    page = browser.new_page()
    watched = Watched(page)
    page.goto((tmp_path / "sheet.html").as_uri())
    assert page.locator(".card").count() == len(ITEMS)
    text = page.locator("body").inner_text()
    for shown in ("Q104", "too few <wrong> options; add one", "bank/x.yaml:3:1", "✓ right", "1.60944 ± 0.005 nats",
                  "Adds probabilities instead of their logarithms", "What is conditioned on?", "log(p_2)",
                  "2.32193 ± 0.005 → 1/2", "mask the input → compute the loss → update the weights"):  # fmt: skip
        assert shown in text, shown
    assert page.evaluate(ACCESSIBILITY) == []
    assert page.evaluate(CONTRAST) == []
    assert (watched.complaints, len(watched.requests)) == ([], 1)
    page.close()
