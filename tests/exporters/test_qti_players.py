"""Items of QTI 3 in real players: they give our mark for every canonical response, and say what we say about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction as F
from typing import Any

import msgspec
import pytest

from grading.keys import Band, ChoiceKey, NumericKey, Rival, TextKey, Tolerance
from grading.marking import canonical_responses, grade_item
from quizgen.content import Gap
from quizgen.exporters.contract import Level
from quizgen.exporters.qti.fidelity import fidelity
from quizgen.exporters.qti.names import QTI21
from quizgen.exporters.qti.scoring import xml_line
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.model import ChoiceInteraction, GeneratedItem, NumericInteraction, Part, TextInteraction
from tests.exporters import example_items as examples
from tests.exporters.qti_players import MODULES, PLAYERS, POINTS, Components, ItemPlayer, Player, given, xml_of
from tests.exporters.whole_bank import whole_bank

EXACT = [g for g in examples.everything() if fidelity(g.item, g.key).level is Level.EXACT]


@pytest.fixture(scope="module")
def opened(started_browser: Any) -> Iterator[dict[str, Player]]:
    """The players, each opened when it is first asked for."""
    found: dict[str, Player] = {}
    yield found
    for player in found.values():
        player.page.close()


@pytest.fixture
def open_player(browser: Any, opened: dict[str, Player], missing: Any) -> Any:
    def open_(name: str) -> Player:
        if not MODULES.is_dir():
            missing("Players of QTI", "npm ci --ignore-scripts --prefix tests/consumers")
        if name not in opened:
            opened[name] = PLAYERS[name](browser)
        return opened[name]

    return open_


@pytest.fixture(params=PLAYERS)
def player(request: pytest.FixtureRequest, open_player: Any) -> Any:
    return open_player(request.param)


def disagreements(player: Player, generated: GeneratedItem, xml: str = "") -> tuple[int, list[tuple[Any, Any, float]]]:
    """How many responses were scored, and those that got another mark than ours."""
    asked = [(e.response, given(generated, e.response)) for e in canonical_responses(generated.key)]
    asked = [(response, values) for response, values in asked if values is not None]
    scored = player.outcomes(xml or xml_of(generated), [values for _, values in asked])
    wrong = []
    for (response, _), outcomes in zip(asked, scored, strict=True):
        ours = float((grade_item(generated.key, response).score or 0) * POINTS)
        assert float(outcomes["MAXSCORE"]) == POINTS
        if abs(float(outcomes["SCORE"] or 0) - ours) > player.exact:
            wrong.append((response, outcomes["SCORE"], ours))
    return len(asked), wrong


@pytest.mark.parametrize("generated", EXACT, ids=lambda g: g.item.id)
def test_our_mark(player: Player, generated: GeneratedItem) -> None:
    count, wrong = disagreements(player, generated)
    assert wrong == []
    assert count >= (2 if generated.item.kind == "essay" else 3)


def test_our_mark_of_the_choice_that_stands_for_several_numbers(player: Player) -> None:
    generated = examples.numeric_tuple()
    choice = GeneratedItem(chosen(generated.item), chosen_key(generated.key))
    count, wrong = disagreements(player, choice)
    assert wrong == []
    assert count >= 4
    asked = (expected.response for expected in canonical_responses(choice.key) if expected.score is not None)
    assert all(grade_item(choice.key, answer).score == grade_item(generated.key, answer).score for answer in asked)


@pytest.fixture
def upgraded(missing: Any) -> Any:
    """Version 2.1 of an item as the converter makes version 3.0 of it."""
    try:
        from qti_convert import upgrade_qti2_to_qti3
    except ImportError:
        missing("The converter of QTI", "pip install citolab-qti-convert")
    return lambda generated: upgrade_qti2_to_qti3(xml_of(generated, QTI21))


@pytest.mark.parametrize("generated", EXACT, ids=lambda g: g.item.id)
def test_our_mark_after_the_upgrade(open_player: Any, upgraded: Any, generated: GeneratedItem) -> None:
    assert disagreements(open_player("qti-components"), generated, upgraded(generated))[1] == []


@pytest.mark.parametrize("make", [examples.choice, examples.matching, lambda: examples.short_answer("words")])
def test_the_other_player_agrees_after_the_upgrade(open_player: Any, upgraded: Any, make: Any) -> None:
    assert disagreements(open_player("qti3-item-player"), make(), upgraded(make()))[1] == []


def test_numbers_as_places_of_an_order_are_not_read_everywhere(open_player: Any, upgraded: Any) -> None:
    """Why version 3.0 has a variable for each place of an order."""
    assert ' n="1"' in upgraded(examples.ordering())
    assert ' n="1"' not in xml_of(examples.ordering())
    assert disagreements(open_player("qti3-item-player"), examples.ordering(), upgraded(examples.ordering()))[1]


@pytest.mark.parametrize(
    "name", ["one-token-0001", "total-loss-0001", "notation-0001", "training-step-per-position-0001"]
)
def test_a_planted_mistake_is_found(player: Player, name: str) -> None:
    generated = next(g for g in EXACT if g.item.id == name)
    spoilt = re.sub(r'mapped-value="[\d.]+"|(?<=base-type="float">)(2|0\.6666\d+)(?=<)', _halved, xml_of(generated))
    assert spoilt != xml_of(generated)
    assert disagreements(player, generated, spoilt)[1]


def _halved(match: re.Match[str]) -> str:
    return 'mapped-value="0.4"' if match[0].startswith("mapped") else "0.4"


@pytest.mark.parametrize("value", ["-log(0.5) - log(0.4)", "8/5", "exp(2)", "-1/3", "12.34", "0"])
@pytest.mark.parametrize(
    "tolerance",
    [
        Tolerance("absolute", F(5, 1000)),
        Tolerance("relative", F(1, 100)),
        Tolerance("significant", F(3)),
        Tolerance("decimals", F(2)),
        Tolerance("absolute", F(5, 1000), "outside"),
        Tolerance("relative", F(1, 100), "outside"),
    ],
    ids=lambda tolerance: f"{tolerance.kind}-{tolerance.boundary}",
)
def test_numbers_of_every_tolerance(open_player: Any, value: str, tolerance: Tolerance) -> None:
    rivals = (Rival("2.5", ("a",), F(1, 2)), Rival("log(7)", ("b",)), Rival("log(7)", ("b", "c"), F(1, 4)))
    bands = (Band(F(1, 50), F(3, 4)),) if tolerance.kind == "absolute" else ()
    key = NumericKey(value, tolerance, bands, rivals=rivals)
    count, wrong = disagreements(
        open_player("qti-components"), examples.single("n", "numeric", (), NumericInteraction(), key)
    )
    assert wrong == []
    assert count > 5


def test_every_template_of_the_bank(open_player: Any) -> None:
    items = tuple(whole_bank().items())
    exact = [g for g in items if fidelity(g.item, g.key).level is Level.EXACT]
    results = {g.item.id: disagreements(open_player("qti-components"), g) for g in exact}
    assert {name: wrong for name, (_, wrong) in results.items() if wrong} == {}
    assert len(exact) > len(items) / 2
    assert sum(count for count, _ in results.values()) > 4 * len(exact)


@pytest.mark.parametrize("text", examples.AWKWARD, ids=lambda text: text[:12].encode("unicode_escape").decode())
def test_awkward_text_is_played(open_player: Any, text: str) -> None:
    """The right answer to each kind of question gets its points, whatever stands in its texts."""
    for given_out in examples.awkward_items(text):
        generated = GeneratedItem(chosen(given_out.item), chosen_key(given_out.key))
        symbolic = generated.item.kind == "symbolic"
        right = "p" if symbolic else canonical_responses(generated.key)[0].response
        values = given(generated, right)
        assert values is not None
        values = {name: typed(value) for name, value in values.items()}
        (outcomes,) = open_player("qti-components").outcomes(xml_of(generated), [values])
        by_person = {"essay": 2, "symbolic": 2, "parts": 1}.get(generated.item.kind, 0)
        assert float(outcomes["SCORE"]) == POINTS - by_person, generated.item.id


def typed(value: Any) -> Any:
    """A text as a field of one line can hold it."""
    return xml_line(value) if isinstance(value, str) else value


@pytest.mark.parametrize("text", ["a<b <script>alert(1)</script>", "~=#{}%50%", "{{ 1 + 1 }} }}"])
def test_awkward_text_is_shown(player: Player, text: str) -> None:
    generated = examples.awkward_items(text)[0]
    player.outcomes(xml_of(generated), [{"RESPONSE": "b"}])
    shown = " ".join(player.page.locator("p", has_text=text[-5:]).first.inner_text().split())
    assert shown == text


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("objective-expression-0001", {"RESPONSE": "sum-of-probs"}, "Adding raw probabilities lets one position"),
        ("total-loss-0001", {"RESPONSE": "1.62"}, "it looks as if you rounded too early"),
        ("total-loss-0001", {"RESPONSE": "0.80"}, "The sum was asked for."),
        ("contributing-plus-minus-0001", {"RESPONSE": ["position-1"]}, "Position 1 was not selected."),
        ("contributing-plus-minus-0001", {"RESPONSE": ["position-2"]}, "If you left out “position 4”:"),
        ("training-step-per-position-0001", {"RESPONSE": ["update", "mask", "loss"]}, "First the input."),
        ("write-words-0001", {"RESPONSE": "Entropy"}, "Of which distribution?"),
        ("fill-in-0001", {"RESPONSE_sees": "early"}, "It sees ~ x̄ # not x}."),
        ("notation-0001", {"RESPONSE": ["left-x right-loss"]}, "The loss has the other sign."),
    ],
)  # fmt: skip
def test_what_is_said_about_an_answer(player: Player, name: str, values: dict[str, Any], said: str) -> None:
    xml = xml_of(next(g for g in examples.everything() if g.item.id == name))
    if name not in SAID_BEFORE:
        player.outcomes(xml, [{}])
        assert not seen(player, said)
    player.outcomes(xml, [values])
    assert seen(player, said)


SAID_BEFORE = {"notation-0001", "training-step-per-position-0001"}
"""The solution names all wrong pairs; a player takes the order that is shown at first for an answer."""


def seen(player: Player, text: str) -> bool:
    player.page.wait_for_timeout(50)
    return any(place.is_visible() for place in player.page.get_by_text(text).all())


def test_a_hint_for_each_try_and_then_the_solution(open_player: Any) -> None:
    player = open_player("qti-components")
    tries = player.outcomes(xml_of(examples.choice()), [{"RESPONSE": "flip-sign"}] * 4)
    assert [(found["HINT"], found["SOLUTION"]) for found in tries] == [
        ("hint-1", None), ("hint-2", None), (None, "solution"), (None, "solution"),
    ]  # fmt: skip
    (right,) = player.outcomes(xml_of(examples.choice()), [{"RESPONSE": "key"}])
    assert (right["HINT"], right["SOLUTION"]) == (None, "solution")
    assert seen(player, "Each selected position contributes")


def test_answers_of_a_learner(open_player: Any) -> None:
    """Typed and ticked in the page, not set from outside."""
    player = open_player("qti3-item-player")
    assert isinstance(player, ItemPlayer)
    player.outcomes(xml_of(examples.cloze()), [{}])
    fields = player.page.locator("input")
    fields.nth(0).fill("2")
    fields.nth(1).fill("Early")
    ended = "() => new Promise((done) => { window.itemEnded = done; window.player.endAttempt('test'); })"
    state = player.page.evaluate(ended)["state"]
    scores = {found["identifier"]: found["value"] for found in state["outcomeVariables"]}
    assert scores["SCORE"] == 1.5
    player.outcomes(xml_of(examples.true_false(F(1, 2))), [{}])
    player.page.locator("[role=radio]", has_text="True").click()
    state = player.page.evaluate(ended)["state"]
    assert {found["identifier"]: found["value"] for found in state["outcomeVariables"]}["SCORE"] == 1


def test_formulas_are_drawn_and_spoken(open_player: Any) -> None:
    player = open_player("qti3-item-player")
    player.outcomes(xml_of(examples.choice()), [{}])
    drawn = player.page.locator("[role=math][aria-label^='log probability that x']").evaluate_all(
        """(all) => all.map((place) => {
          const math = place.querySelector("math"), height = (found) => found.getBoundingClientRect().height;
          return [math.namespaceURI, height(math), height(math.querySelector("msub mn"))];
        }).filter(([_, whole]) => whole)"""
    )
    assert len(drawn) >= 8
    assert all(space == "http://www.w3.org/1998/Math/MathML" and low < whole for space, whole, low in drawn)


def test_an_exam_says_nothing(open_player: Any) -> None:
    player = open_player("qti-components")
    assert isinstance(player, Components)
    for generated in EXACT:
        xml = xml_of(generated, feedback=False)
        assert "feedback" not in xml
        assert disagreements(player, generated, xml)[1] == []


ANSWERS = ("don't", 'say "so"', "{{ bos_token }}", "a<b & c", "\\'", "]]>")


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("case_sensitive", [False, True])
def test_signs_of_short_answers(player: Player, answer: str, case_sensitive: bool) -> None:
    """Quotation marks and braces in what is compared, alone and in a gap."""
    rival = Rival(f"{answer}?", ("m",), F(1, 2), feedback="No question mark.")
    key = TextKey((answer,), case_sensitive=case_sensitive, rivals=(rival,))
    count, wrong = disagreements(player, examples.single("t", "short-answer", (), TextInteraction(), key))
    assert (wrong, count > 3) == ([], True)


def test_drop_downs_show_braces(player: Player) -> None:
    options = (examples.option("a", "{{ 1 + 1 }}"), examples.option("b", "don't"))
    part = (Part("gap", ChoiceInteraction(options)), ChoiceKey("a"), examples.texts(options))
    other = (Part("two", ChoiceInteraction(options)), ChoiceKey("b"), examples.texts(options))
    made = examples.generated("t", "cloze", (examples.paragraph("It is ", Gap("gap"), Gap("two")),), (part, other))
    assert disagreements(player, halved(made))[1] == []
    assert player.page.get_by_text("1 + 1").count()


def halved(made: GeneratedItem) -> GeneratedItem:
    """The item with parts that weigh the same."""
    item, key = (
        msgspec.structs.replace(found, parts=tuple(msgspec.structs.replace(p, weight=F(1, 2)) for p in found.parts))
        for found in (made.item, made.key)
    )
    return GeneratedItem(item, key)


def test_what_is_spoken_has_its_apostrophes(player: Player) -> None:
    formula = msgspec.structs.replace(examples.log_pr(2, "early"), spoken="Bayes' rule")
    xml = xml_of(examples.single("t", "numeric", (examples.paragraph(formula),), NumericInteraction(), NumericKey("2")))
    player.outcomes(xml, [{}])
    assert player.page.locator('[aria-label="Bayes\' rule"]').count()
