"""Packages of SCORM in the real run-time of scorm-again: it gets our marks, and gives a learner the answers back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from quizgen.archive import write_archive
from quizgen.model import GeneratedItem, Slot
from tests.exporters import example_items as examples
from tests.exporters.platforms import (
    ANSWERS,
    ITEMS,
    answer,
    disagreements,
    expected_share,
    package,
    packed,
    read_back,
)
from tests.exporters.qti_players import MODULES
from tests.exporters.scorm_platform import Platform

VERSIONS = ("scorm12", "scorm2004")

both = pytest.mark.parametrize("name", VERSIONS)
Open = Callable[..., Platform]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], bytes]:
    return {
        (name, purpose): package(tmp_path_factory.mktemp(name), name, ITEMS, purpose)["index.html"]  # type: ignore[arg-type]
        for name in VERSIONS
        for purpose in ("practice", "exam")
    }


@pytest.fixture
def visit(browser: Any, missing: Any, pages: dict[tuple[str, str], bytes]) -> Iterator[Open]:
    """Opens the page on a platform; afterwards nothing may have been complained about."""
    if not (MODULES / "scorm-again").is_dir():
        missing("scorm-again", "npm ci --ignore-scripts --prefix tests/consumers")
    opened: list[Platform] = []

    def open_(name: str, purpose: str = "practice", page: bytes = b"", **how: Any) -> Platform:
        opened.append(Platform(browser, name, page or pages[name, purpose], **how))
        return opened[-1]

    yield open_
    for platform in opened:
        platform.close()


@both
def test_our_mark_of_every_canonical_response(visit: Open, name: str) -> None:
    platform = visit(name)
    count, unread = disagreements(platform)
    assert platform.refused() == []
    assert count > 100
    assert unread < 25
    kinds = {entry.type for entry in platform.interactions()}
    wanted = {"true-false", "choice", "fill-in", "matching", "sequencing", "numeric"}
    assert kinds == (wanted if name == "scorm12" else wanted | {"long-fill-in", "other"})


@pytest.mark.parametrize(
    ("name", "right", "planted"),
    [
        ("scorm12", '"flip-sign":0.5', '"flip-sign":0.4'),
        ("scorm12", "decimal(old ? 100 * share : earned)", "decimal(old ? 99 * share : earned)"),
        ("scorm2004", '"scoring":"per-option"', '"scoring":"plus-minus"'),
        ("scorm2004", ": decimal(credit)", ": decimal(1 - credit)"),
        ("scorm2004", "ids.map(slug).join(comma)", "ids.slice(1).map(slug).join(comma)"),
    ],
)
def test_a_planted_mistake_is_found(
    visit: Open, pages: dict[tuple[str, str], bytes], name: str, right: str, planted: str
) -> None:
    text = pages[name, "practice"].decode()
    assert right in text
    spoilt = re.sub("; script-src '[^']*'", "; script-src 'unsafe-inline'", text.replace(right, planted, 1))
    with pytest.raises(AssertionError, match="is told otherwise"):
        disagreements(visit(name, page=spoilt.encode()))


@both
@pytest.mark.parametrize("purpose", ["practice", "exam"])
def test_answers_come_back_as_they_were_given(visit: Open, name: str, purpose: str) -> None:
    platform = visit(name, purpose)
    answer(platform, ANSWERS)
    platform.hand_in()
    assert read_back(platform) == ANSWERS
    assert platform.refused() == []
    assert platform.value("cmi.core.lesson_status" if platform.old else "cmi.completion_status") == "completed"
    results = {(entry.item, entry.part): entry.result for entry in platform.interactions()}
    if purpose == "exam":
        assert set(results.values()) == {"neutral"}
        told = [args[0] for name_, args, _, _ in platform.calls() if name_.endswith("SetValue")]
        assert not any("score" in element or "correct_responses" in element for element in told)
        assert not any(entry.patterns for entry in platform.interactions())
        assert platform.quiz.evaluate("document.querySelector('main').inert")
    else:
        assert results["objective-expression-0001", "answer"] == "0.5"
        assert results["total-loss-0001", "answer"] == "0.75"
        assert results["write-objective-0001", "answer"] == "neutral"


@both
def test_what_is_right_stands_beside_the_answer_at_practice(visit: Open, name: str) -> None:
    platform = visit(name)
    answer(platform, {"total-loss-0001": "1.62"})
    platform.hand_in()
    patterns = {entry.item: entry.patterns for entry in platform.interactions() if entry.patterns}
    comma, dot = (",", ".") if platform.old else ("[,]", "[.]")
    assert patterns["one-token-0001"] == ("false",)
    assert patterns["contributing-plus-minus-0001"] == (comma.join(("position-2", "position-4", "position-5")),)
    assert set(patterns["notation-0001"][0].split(comma)) == {f"x{dot}input", f"a{dot}selected", f"j{dot}objective"}
    assert patterns["write-words-0001"] == ("cross-entropy", "cross entropy", "2*2")
    (number,) = patterns["total-loss-0001"]
    if platform.old:
        assert number == "1.6094379124341"
    else:
        low, high = map(float, number.split("[:]"))
        assert (round(low, 9), round(high, 9)) == (1.604437912, 1.614437912)
        titles = {entry.item: entry.description for entry in platform.interactions()}
        assert titles["one-token-0001"].startswith(f"{examples.true_false().item.code} ")


@both
def test_a_learner_who_comes_back_finds_the_answers(visit: Open, name: str) -> None:
    first = visit(name)
    answer(first, ANSWERS)
    first.leave()
    assert first.value("cmi.core.exit" if first.old else "cmi.exit") == "suspend"
    assert first.value("cmi.core.lesson_status" if first.old else "cmi.completion_status") == "incomplete"
    assert first.calls()[-1][0] == ("LMSFinish" if first.old else "Terminate")
    assert read_back(first) == ANSWERS
    assert first.refused() == []
    kept = first.value("cmi.suspend_data")
    again = visit(name, kept={"suspend_data": kept})
    assert again.said() == "Your answers are here again."
    assert again.quiz.locator("#answered").inner_text() == f"{len(ANSWERS)} of {len(ITEMS)} answered"
    assert again.interactions() == []
    again.hand_in()
    assert {id_: response for id_, response in read_back(again).items() if response} == {}
    assert len(again.interactions()) > 8
    answer(again, {"explain-0001": "Another text."})
    again.leave()
    assert read_back(again) == {"explain-0001": "Another text."}
    assert again.value("cmi.core.exit" if again.old else "cmi.exit") == ("" if again.old else "normal")
    assert abs(again.score() - expected_share(ANSWERS)) < 1e-6


@both
def test_an_exam_that_was_handed_in_stays_closed(visit: Open, name: str) -> None:
    """A platform forgets what it keeps where a page is left as it is left for good, and gives it out anew."""
    platform = visit(name, "exam")
    answer(platform, ANSWERS)
    platform.hand_in()
    platform.leave()
    assert platform.value("cmi.core.exit" if platform.old else "cmi.exit") == "suspend"
    assert platform.value("cmi.core.lesson_status" if platform.old else "cmi.completion_status") == "completed"
    again = visit(name, "exam", kept={"suspend_data": platform.value("cmi.suspend_data")})
    assert again.quiz.evaluate("document.querySelector('main').inert")
    assert again.said().startswith("Your answers are handed in.")
    assert platform.refused() == again.refused() == []


def test_answers_of_another_state_of_the_questions_are_not_put_into_fields(visit: Open) -> None:
    for kept in ('{"drawn":[0],"set":1,"answers":{"0":"key"}}', "not json", '{"drawn":[7],"answers":[]}'):
        platform = visit("scorm12", kept={"suspend_data": kept})
        assert platform.quiz.locator("#answered").inner_text() == f"0 of {len(ITEMS)} answered"


def test_checking_records_at_once_and_typing_is_kept_after_a_moment(visit: Open) -> None:
    platform = visit("scorm12")
    question = platform.quiz.locator("#q7")
    question.locator("input").click()
    platform.page.keyboard.type("1.62")
    question.locator(".check").click()
    (entry,) = platform.interactions()
    assert (entry.item, entry.response, entry.result) == ("total-loss-0001", "1.62", "0.75")
    assert entry.latency > "00:00:00.00"
    platform.page.wait_for_timeout(1300)
    assert '"1.62"' in platform.value("cmi.suspend_data")
    assert any(name == "LMSCommit" for name, *_ in platform.calls())
    question.locator("input").fill("1.63")
    platform.quiz.locator("#hand-in").click()
    platform.page.wait_for_timeout(1300)
    assert platform.said().startswith("Not answered yet: ")


# ---- the limits of the standards ------------------------------------------------------------------------------------

LONG = "".join(f"Sentence {number} of a long essay about sums \U0001f600 of logarithms. " for number in range(90))[
    :5000
].strip()


@both
def test_a_long_text_comes_whole(visit: Open, name: str) -> None:
    """In pieces that the version takes; if not all can be kept, the learner is told which."""
    platform = visit(name)
    answer(platform, {**ANSWERS, "explain-0001": LONG})
    platform.hand_in()
    assert read_back(platform)["explain-0001"] == LONG
    said = platform.said()
    platform.leave()
    kept = platform.value("cmi.suspend_data")
    assert (LONG in kept) is (not platform.old)
    assert platform.refused() == []
    if platform.old:
        answer_again = visit(name)
        answer(answer_again, {"explain-0001": LONG})
        answer_again.page.wait_for_timeout(1300)
        code = examples.essay().item.code
        assert f"what you wrote for {code} will not be here when you come back" in answer_again.said()
        assert said.startswith("Your answers are handed in.")


def test_the_limits_of_scorm_12_are_kept(visit: Open) -> None:
    """The run-time of the tests takes more than the standard."""
    platform = visit("scorm12")
    answer(platform, {**ANSWERS, "explain-0001": LONG, "write-words-0001": "w" * 600})
    platform.hand_in()
    platform.leave()
    names = {"id": r"[A-Za-z0-9_-]{1,255}", "time": r"\d\d:\d\d:\d\d", "latency": r"\d\d+:\d\d:\d\d\.\d\d"}
    names |= {"weighting": r"\d+(\.\d+)?", "result": r"correct|wrong|neutral|unanticipated|\d(\.\d+)?"}
    seen = set()
    for name, (element, *value), _, _ in platform.calls():
        if not name.endswith("SetValue"):
            continue
        assert len(value[0]) <= (4096 if element == "cmi.suspend_data" else 255), element
        last = element.rpartition(".")[2]
        if last in names:
            assert re.fullmatch(names[last], value[0]), (element, value)
            seen.add(last)
    assert seen == set(names)


# ---- other platforms, or none ----------------------------------------------------------------------------------------


@both
def test_without_a_platform_the_page_says_so_and_works(visit: Open, name: str) -> None:
    platform = visit(name, api=False)
    assert platform.said().startswith("No learning platform was found around this page, so nothing is sent.")
    assert not platform.quiz.locator("#hand-in").is_visible()
    answer(platform, ANSWERS)
    platform.quiz.locator("#q7 .check").click()
    assert platform.quiz.locator("#q7 .verdict").inner_text() == "Partly right: 75 % of the points."
    with platform.page.expect_download() as download:
        platform.quiz.locator("#download").click()
    assert "8/5" in Path(download.value.path()).read_text("utf-8")
    assert platform.calls() == []


@both
def test_without_a_platform_a_reload_keeps_the_answers(visit: Open, name: str) -> None:
    """As it does on the page that `html` writes."""
    platform = visit(name, api=False)
    platform.page.on("dialog", lambda dialog: dialog.accept())
    answer(platform, ANSWERS)
    platform.quiz.evaluate("location.reload()")
    platform.quiz.wait_for_function("document.getElementById('platform').textContent")
    assert platform.quiz.locator("#answered").inner_text() == f"{len(ANSWERS)} of {len(ITEMS)} answered"
    with platform.page.expect_download() as download:
        platform.quiz.locator("#download").click()
    assert "8/5" in Path(download.value.path()).read_text("utf-8")


@both
def test_the_api_of_a_window_that_opened_the_page_is_found(visit: Open, name: str) -> None:
    platform = visit(name, framed=False)
    with platform.context.expect_page() as opened:
        platform.page.evaluate("() => { window.open('/quiz/index.html'); }")
    window = opened.value
    window.wait_for_selector("#hand-in")
    window.locator("#q7 input").fill("1.62")
    window.locator("#q7 .check").click()
    assert [entry.response for entry in platform.interactions()] == ["1.62"]
    window.close(run_before_unload=True)
    platform.page.wait_for_function("calls.some(([name]) => /Terminate|LMSFinish/.test(name))")


@both
def test_a_platform_that_takes_nothing_is_reported(visit: Open, name: str) -> None:
    commit = "LMSCommit" if name == "scorm12" else "Commit"
    platform = visit(name, settings=f'platform.{commit} = () => "false";')
    answer(platform, {"total-loss-0001": "1.62"})
    assert platform.hand_in().startswith("The platform did not take your answers just now.")


WITHOUT_INTERACTIONS = """
const [ask, tell, why] = ["LMSGetValue", "LMSSetValue", "LMSGetLastError"].map((name) => platform[name].bind(platform));
let refused = 0;
const told = (name) => { refused = name.startsWith("cmi.interactions") ? 401 : 0; return refused; };
platform.LMSGetValue = (name) => told(name) ? "" : ask(name);
platform.LMSSetValue = (name, value) => told(name) ? "false" : tell(name, value);
platform.LMSGetLastError = () => refused ? String(refused) : why();
"""


@pytest.mark.parametrize("purpose", ["practice", "exam"])
def test_a_platform_that_keeps_no_interactions(visit: Open, purpose: str) -> None:
    """SCORM 1.2 leaves them to the platform: practice has its score without them, an exam is told to nobody."""
    platform = visit("scorm12", purpose, settings=WITHOUT_INTERACTIONS)
    answer(platform, ANSWERS)
    said = platform.hand_in()
    if purpose == "practice":
        assert said.startswith("Your answers are handed in.")
        assert abs(platform.score() - expected_share(ANSWERS)) < 1e-6
    else:
        assert said.startswith("The platform did not take your answers just now.")


@pytest.mark.parametrize(("least", "status"), [("1", "passed"), ("90", "failed"), ("", "completed")])
def test_passed_is_what_the_platform_asks_for(visit: Open, tmp_path: Path, least: str, status: str) -> None:
    items = (examples.choice(), examples.numeric())
    for name, asked in (("scorm12", {"student_data": {"mastery_score": least}}),
                        ("scorm2004", {"scaled_passing_score": str(int(least) / 100)} if least else None)):  # fmt: skip
        page = package(tmp_path / name, name, items)["index.html"]
        platform = visit(name, page=page, kept=asked)
        platform.enter((1, items[0], "flip-sign"), (2, items[1], "1.62"))
        platform.hand_in()
        assert abs(platform.score() - 0.625) < 1e-6
        if platform.old:
            assert platform.value("cmi.core.lesson_status") == status
        else:
            assert platform.value("cmi.completion_status") == "completed"
            assert platform.value("cmi.success_status") == (status if least else "unknown")


def test_each_learner_gets_a_variant_and_keeps_it(visit: Open, tmp_path: Path) -> None:
    """The pools are drawn from, and the same learner gets the same items."""
    items = tuple(
        GeneratedItem(
            msgspec.structs.replace(g.item, id=f"{g.item.id}-{number}"),
            msgspec.structs.replace(g.key, item=f"{g.item.id}-{number}"),
        )
        for g, count in ((examples.choice(), 3), (examples.numeric(), 2))
        for number in range(count)
    )
    slots = tuple(Slot(f"s{n}", "s", (), tuple(g.item.id for g in items[3 * n : 3 * n + 3])) for n in range(2))
    quiz = msgspec.structs.replace(examples.quiz_of(items), slots=slots)
    page = packed(write_archive(tmp_path / "quiz", quiz, items), "scorm12")["index.html"]
    drawn: dict[str, tuple[str, ...]] = {}
    for learner in ("", "ada", "ian", "joe", "ada"):
        platform = visit("scorm12", page=page, kept={"core": {"student_id": learner}})
        sections = platform.quiz.locator("section.question").all()
        shown = tuple(str(section.get_attribute("data-item")).removesuffix("-0001") for section in sections)
        assert drawn.setdefault(learner, shown) == shown
        assert platform.quiz.locator("#answered").inner_text() == "0 of 2 answered"
        assert platform.quiz.locator("template").count() == 0
    assert drawn[""] == (items[0].item.id, items[3].item.id)
    assert len({first for first, _ in drawn.values()}) == 3
    assert len({second for _, second in drawn.values()}) == 2
    last = next(learner for learner, shown in drawn.items() if shown[0] == items[2].item.id)
    first = visit("scorm12", page=page, kept={"core": {"student_id": last}})
    first.quiz.locator("#q1 input").first.check()
    first.leave()
    other = next(learner for learner, shown in drawn.items() if shown[0] != items[2].item.id)
    kept = {"core": {"student_id": other}, "suspend_data": first.value("cmi.suspend_data")}
    again = visit("scorm12", page=page, kept=kept)
    assert again.quiz.locator("section.question").first.get_attribute("data-item") == items[2].item.id
    assert again.quiz.locator("#q1 input").first.is_checked()
    assert {entry.item for entry in first.interactions()} == {items[2].item.id}
