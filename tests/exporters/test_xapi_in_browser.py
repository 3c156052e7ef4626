"""The package of xAPI in a browser, launched with a record store: statements, marks, and no network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.exporters import example_items as examples
from tests.exporters.platforms import ANSWERS, ITEMS, answer, disagreements, expected_share, package, read_back
from tests.exporters.xapi_store import ACTIVITY, ADA, AUTH, REGISTRATION, Launched, Store

Launch = Callable[..., Launched]
RESPONSE, ITEM = "urn:x-quizgen:response", "urn:x-quizgen:item"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return {
        purpose: package(tmp_path_factory.mktemp(purpose), "xapi", ITEMS, purpose)["index.html"]  # type: ignore[arg-type]
        for purpose in ("practice", "exam")
    }


@pytest.fixture
def store() -> Iterator[Store]:
    found = Store()
    yield found
    found.close()


@pytest.fixture
def launch(browser: Any, store: Store, pages: dict[str, bytes]) -> Iterator[Launch]:
    """Opens the page; with ``fresh=True`` in another browser."""
    contexts = [browser.new_context()]
    launched: list[Launched] = []

    def open_(
        purpose: str = "practice", page: bytes = b"", fresh: bool = False, told: bool = True, **more: str
    ) -> Launched:
        if fresh:
            contexts.append(browser.new_context())
        store.html = page or pages[purpose]
        given = {"endpoint": store.endpoint, "auth": AUTH, "actor": json.dumps(ADA)} if told else {}
        given |= {"activity_id": ACTIVITY, "registration": REGISTRATION} | more
        launched.append(Launched(contexts[-1], store, **given))
        return launched[-1]

    yield open_
    for context in contexts:
        context.close()
    assert [complaint for visit in launched for complaint in visit.complaints] == []


def test_our_mark_of_every_canonical_response(
    launch: Launch, store: Store, run_node: Callable[[str, str], Any]
) -> None:
    """And each statement is one, by the validation of Learning Locker."""
    count, unread = disagreements(launch())
    assert count > 100
    assert unread < 25
    statements = list(store.statements.values())
    assert len(statements) > count
    found = run_node("xapi.cjs", json.dumps(statements))
    assert [warnings for warnings in found if warnings] == []
    spoilt = [{**statements[0], "verb": {"id": "answered"}}, {**statements[0], "timestamp": "yesterday"}]
    assert all(run_node("xapi.cjs", json.dumps(spoilt)))
    kinds = {each["object"]["definition"]["interactionType"] for each in store.of_verb("answered")}
    wanted = {"true-false", "choice", "fill-in", "long-fill-in", "matching", "sequencing", "numeric", "other"}
    assert kinds == wanted


@pytest.mark.parametrize(
    ("right", "planted"),
    [('"flip-sign":0.5', '"flip-sign":0.4'), ("scoreOf(earned, most)", "scoreOf(earned + 1, most)")],
)
def test_a_planted_mistake_is_found(launch: Launch, pages: dict[str, bytes], right: str, planted: str) -> None:
    text = pages["practice"].decode()
    assert right in text
    spoilt = re.sub("; script-src '[^']*'", "; script-src 'unsafe-inline'", text.replace(right, planted))
    with pytest.raises(AssertionError, match="is told otherwise"):
        disagreements(launch(page=spoilt.encode()))


def test_a_statement_says_who_answered_what_and_how(launch: Launch, store: Store) -> None:
    visit = launch()
    answer(visit, ANSWERS)
    visit.hand_in()
    assert read_back(visit) == ANSWERS
    assert store.verbs()[0] == "initialized"
    assert store.verbs()[-1] == "completed"
    (initialized,), (completed,) = store.of_verb("initialized"), store.of_verb("completed")
    assert initialized["object"]["id"] == completed["object"]["id"] == ACTIVITY
    assert initialized["object"]["definition"]["name"] == {"en": "Masked words"}
    assert abs(completed["result"]["score"]["scaled"] - expected_share(ANSWERS)) < 1e-6
    assert {json.dumps(each["actor"], sort_keys=True) for each in store.statements.values()} == {
        json.dumps(ADA, sort_keys=True)
    }
    assert {each["context"]["registration"] for each in store.statements.values()} == {REGISTRATION}
    item = examples.choice().item
    (chosen,) = [
        each for each in store.of_verb("answered") if each["object"]["definition"]["name"] == {"en": item.code}
    ]
    about, result = chosen["object"]["definition"], chosen["result"]
    assert chosen["object"]["id"] == f"{ACTIVITY}/{item.id}__{item.revision}__answer"
    assert chosen["context"]["contextActivities"]["parent"] == [{"id": ACTIVITY}]
    assert about["extensions"][ITEM] == {
        "item": item.id, "revision": item.revision, "code": item.code, "part": "answer", "quiz": "demo",
    }  # fmt: skip
    assert about["correctResponsesPattern"] == ["key"]
    assert {choice["id"] for choice in about["choices"]} == {"key", "flip-sign", "sum-of-probs", "product-of-logs"}
    assert all(choice["description"]["en"] for choice in about["choices"])
    assert (result["response"], result["success"]) == ("flip-sign", False)
    assert result["score"] == {"scaled": 0.5, "raw": 1, "min": 0, "max": 2}
    assert re.fullmatch(r"PT\d+\.\d\dS", result["duration"])
    canonical = {}
    for each in store.of_verb("answered"):
        named = each["object"]["definition"]["extensions"][ITEM]
        canonical[named["item"], named["part"]] = each["result"].get("extensions", {}).get(RESPONSE)
    for id_, response in ANSWERS.items():
        for part, given in response.items() if id_ == "fill-in-0001" else [("answer", response)]:
            assert canonical[id_, part] == given


def test_an_exam_reports_answers_and_no_marks(launch: Launch, store: Store) -> None:
    visit = launch("exam", passing_score="0.5")
    answer(visit, ANSWERS)
    visit.hand_in()
    assert read_back(visit) == ANSWERS
    assert set(store.verbs()) == {"initialized", "answered", "completed"}
    for word in ("score", "success", "correctResponsesPattern"):
        assert word not in json.dumps(list(store.statements.values())).replace("passing_score", "")
    assert visit.quiz.evaluate("document.querySelector('main').inert")


@pytest.mark.parametrize(("least", "verb"), [("0.6", "passed"), ("0.7", "failed"), ("", None), ("many", None)])
def test_passed_is_what_the_launch_asks_for(
    launch: Launch, store: Store, tmp_path_factory: pytest.TempPathFactory, least: str, verb: str | None
) -> None:
    items = (examples.choice(), examples.numeric())
    page = package(tmp_path_factory.mktemp("two"), "xapi", items)["index.html"]
    visit = launch(page=page, **({"passing_score": least} if least else {}))
    visit.enter((1, items[0], "flip-sign"), (2, items[1], "1.62"))
    visit.hand_in()
    assert abs(visit.score() - 0.625) < 1e-6
    assert set(store.verbs()) - {"initialized", "answered", "completed"} == ({verb} if verb else set())
    if verb:
        assert store.of_verb(verb)[0]["result"]["success"] is (verb == "passed")


@pytest.mark.parametrize("trouble", [0, 503])
def test_statements_wait_until_the_store_takes_them(launch: Launch, store: Store, trouble: int) -> None:
    store.trouble = trouble
    visit = launch()
    answer(visit, {"total-loss-0001": "1.62"})
    visit.quiz.locator("#q7 .check").click()
    visit.wait_for(lambda: visit.said().startswith("There is no connection."))
    visit.page.close(run_before_unload=True)
    assert store.statements == {}
    store.trouble = None
    again = launch()
    again.wait_for(lambda: "answered" in store.verbs() and not again.waiting())
    assert store.verbs() == ["initialized", "answered", "initialized"]
    assert again.said() == "Your answers are here again."
    assert again.quiz.locator("#q7 input").input_value() == "1.62"


def test_a_page_that_stays_open_sends_again_by_itself(launch: Launch, store: Store) -> None:
    store.trouble = 0
    visit = launch()
    answer(visit, {"total-loss-0001": "1.62"})
    visit.quiz.locator("#q7 .check").click()
    visit.wait_for(lambda: visit.said().startswith("There is no connection."))
    store.trouble = None
    visit.wait_for(lambda: store.verbs() == ["initialized", "answered"] and not visit.waiting())
    visit.wait_for(lambda: visit.said() == "")


def test_an_exam_is_handed_in_when_the_store_has_it(launch: Launch, store: Store) -> None:
    visit = launch("exam")
    visit.wait_for(lambda: store.statements)
    store.trouble = 503
    answer(visit, {"total-loss-0001": "1.62"})
    visit.quiz.locator("#hand-in").click()
    visit.quiz.locator("#hand-in").click()
    visit.wait_for(lambda: visit.said().startswith("There is no connection."))
    assert store.verbs() == ["initialized"]
    store.trouble = None
    visit.wait_for(lambda: visit.said() == "Your answers are handed in. You can close this page.")
    assert store.verbs() == ["initialized", "answered", "completed"]
    assert visit.quiz.evaluate("document.querySelector('main').inert")


def test_what_was_not_checked_is_sent_when_the_page_is_closed_or_opened_again(launch: Launch, store: Store) -> None:
    """What is still sent for a page that is gone is up to the browser; nothing is lost, and nothing counts twice."""
    visit = launch()
    answer(visit, ANSWERS)
    visit.page.close(run_before_unload=True)
    again = launch()
    again.wait_for(lambda: len(read_back(visit)) == len(ANSWERS) and not again.waiting())
    assert read_back(visit) == ANSWERS
    parts = sum(len(answer) if id_ == "fill-in-0001" else 1 for id_, answer in ANSWERS.items())
    assert sorted(store.verbs()) == ["answered"] * parts + ["initialized"] * 2


def test_a_store_that_refuses_is_told_apart(launch: Launch, store: Store) -> None:
    visit = launch(auth="Basic nobody")
    visit.wait_for(lambda: visit.said().startswith("The platform did not take your answers just now."))
    assert store.requests[0][2] == 401
    assert len(visit.waiting()) == 1


def test_one_statement_that_is_refused_keeps_back_no_other(launch: Launch, store: Store) -> None:
    """It stays in the browser and is tried again at the next visit; a store takes all of a request or nothing."""
    store.dislikes = lambda statement: "total-loss" in statement["object"]["id"]
    store.trouble = 503
    visit = launch()
    answer(visit, {"total-loss-0001": "1.62", "explain-0001": "So"})
    visit.quiz.locator("#q7 .check").click()
    visit.wait_for(lambda: len(visit.waiting()) == 2)
    store.trouble = None
    visit.wait_for(lambda: len(visit.waiting()) == 1)
    visit.wait_for(lambda: visit.said().startswith("The platform did not take your answers just now."))
    visit.page.close(run_before_unload=True)
    again = launch()
    again.wait_for(lambda: store.verbs().count("initialized") == 2)
    assert "total-loss-0001" not in read_back(visit)
    store.dislikes = lambda statement: False
    last = launch()
    last.wait_for(lambda: not last.waiting() and "total-loss-0001" in read_back(visit))
    assert [verb for verb in store.verbs() if verb == "initialized"] == ["initialized"] * 3


def test_a_statement_that_came_twice_counts_once(launch: Launch, store: Store) -> None:
    """An answer of the store that got lost: the same statements are sent again with the same ids."""
    visit = launch()
    visit.wait_for(lambda: len(store.statements) == 1 and not visit.waiting())
    (sent,) = store.statements.values()
    answer(visit, {"explain-0001": "So"})
    visit.wait_for(lambda: " answers" in visit.page.evaluate("Object.keys(localStorage).join()"))
    visit.page.evaluate(
        """(sent) => {
          const name = Object.keys(localStorage).find((name) => name.endsWith(" answers"));
          localStorage.setItem(name.replace(/answers$/, `statement 1 000001 ${sent.id}`), JSON.stringify(sent));
        }""",
        sent,
    )
    again = launch()
    again.wait_for(lambda: len(store.statements) == 2 and not again.waiting())
    assert store.verbs() == ["initialized", "initialized"]


def test_another_browser_finds_the_answers_in_the_store(launch: Launch, store: Store) -> None:
    visit = launch()
    answer(visit, ANSWERS)
    visit.wait_for(lambda: store.states)
    visit.page.close(run_before_unload=True)
    again = launch(fresh=True)
    again.wait_for(lambda: again.said() == "Your answers are here again.")
    assert again.quiz.locator("#answered").inner_text() == f"{len(ANSWERS)} of {len(ITEMS)} answered"
    other = launch(fresh=True, actor=json.dumps({"mbox": "mailto:bob@courses.example"}))
    other.page.wait_for_timeout(300)
    assert other.quiz.locator("#answered").inner_text() == f"0 of {len(ITEMS)} answered"


def test_actors_of_older_platforms_are_understood(
    launch: Launch, store: Store, run_node: Callable[[str, str], Any]
) -> None:
    account = {"accountServiceHomePage": "https://courses.example", "accountName": "ada"}
    visit = launch(actor=json.dumps({"name": ["Ada"], "account": [account]}))
    visit.wait_for(lambda: store.statements)
    (sent,) = store.statements.values()
    assert sent["actor"] == ADA
    assert run_node("xapi.cjs", json.dumps([sent])) == [[]]
    assert visit.quiz.locator("#learner").input_value() == "Ada"


@pytest.mark.parametrize("given", [{}, {"endpoint": "javascript:alert(1)", "actor": "{}"}, {"endpoint": "https://a.b"}])
def test_without_a_store_the_page_says_so_and_works(launch: Launch, given: dict[str, str]) -> None:
    visit = launch(told=False, **given)
    assert visit.said().startswith("No learning platform was found around this page, so nothing is sent.")
    assert not visit.quiz.locator("#hand-in").is_visible()
    answer(visit, {"total-loss-0001": "1.62"})
    visit.quiz.locator("#q7 .check").click()
    assert visit.quiz.locator("#q7 .verdict").inner_text() == "Partly right: 75 % of the points."
    assert visit.waiting() == []
