"""Two players of QTI 3 in Chromium, and our canonical responses as a learner gives them there."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, MatchingKey, MultipleAnswerKey, OrderingKey
from quizgen.exporters.qti.items import Written, item_xml
from quizgen.exporters.qti.names import QTI3, Version, identifier
from quizgen.exporters.qti.scoring import LEFT, RESPONSE, RIGHT
from quizgen.model import GeneratedItem, Part

CONSUMERS = Path(__file__).parents[1] / "consumers"
MODULES = CONSUMERS / "node_modules"
POINTS = Fraction(2)
PATIENCE = 20_000
"""Milliseconds until a player that says nothing any more is given up."""

MOUNT = """
() => new Promise((done) => {
  const player = window.qti3Player.default || window.qti3Player;
  const on = {
    notifyQti3PlayerReady: (found) => { window.player = found; done(); },
    notifyQti3ItemReady: () => window.itemReady(),
    notifyQti3EndAttemptCompleted: (data) => window.itemEnded(data),
    notifyQti3SuspendAttemptCompleted: (data) => window.itemEnded(data),
  };
  new Vue({ render: (h) => h(player, { on }) }).$mount("#app");
})
"""


class Player:
    """A page with a player in it. complaints: what must not happen, since the last score."""

    exact = 1e-6
    """How far a score may be from ours."""

    def __init__(self, browser: Any) -> None:
        self.page, self.complaints = browser.new_page(), list[str]()
        self.page.on("console", lambda message: self.complaints.extend(self.complaint(message)))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.set_content('<!doctype html><html lang="en"><body><div id="app"></div></body></html>')
        self.mount()

    def mount(self) -> None:
        raise NotImplementedError

    def complaint(self, message: Any) -> list[str]:
        return [message.text] if message.type == "error" else []

    def outcomes(self, xml: str, responses: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The outcome variables after each response. Raises AssertionError if the player complains."""
        self.complaints.clear()
        patient = f"(job) => Promise.race([({self.script()})(job), new Promise((_, give_up) => setTimeout("
        patient += f"() => give_up(new Error('the player says nothing any more')), {PATIENCE}))])"
        found: list[dict[str, Any]] = self.page.evaluate(patient, {"xml": xml, "responses": responses})
        assert self.complaints == []
        return found

    def script(self) -> str:
        raise NotImplementedError


class ItemPlayer(Player):
    """npm ``qti3-item-player``, which is certified."""

    def script(self) -> str:
        return _expression("qti3_item_player.js")

    def complaint(self, message: Any) -> list[str]:
        """It logs its own exceptions as ordinary lines."""
        return [message.text] if message.type == "error" or message.text.startswith("[Error]") else []

    def mount(self) -> None:
        self.page.add_style_tag(path=MODULES / "qti3-item-player" / "dist" / "qti3Player.css")
        self.page.add_script_tag(path=MODULES / "vue" / "dist" / "vue.min.js")
        self.page.add_script_tag(path=MODULES / "qti3-item-player" / "dist" / "qti3Player.umd.min.js")
        self.page.evaluate(MOUNT)


class Components(Player):
    """npm ``@citolab/qti-components``. It rounds every number that it computes to three decimals."""

    exact = 2e-3

    def script(self) -> str:
        return _expression("qti_components.js")

    def mount(self) -> None:
        self.page.add_script_tag(path=MODULES / "@citolab" / "qti-components" / "cdn" / "index.js", type="module")
        self.page.wait_for_function("() => !!customElements.get('qti-assessment-item')")


PLAYERS = {"qti3-item-player": ItemPlayer, "qti-components": Components}


def _expression(script: str) -> str:
    return (CONSUMERS / script).read_text("utf-8").strip().removesuffix(";").partition("\n")[2]


def xml_of(generated: GeneratedItem, version: Version = QTI3, feedback: bool = True) -> str:
    return item_xml(Written(version, generated.item, generated.key, POINTS, feedback, True)).decode()


def given(generated: GeneratedItem, response: Any) -> dict[str, Any] | None:
    """A canonical response as values of the response variables; None where a learner cannot give it there."""
    item, keys = generated.item, generated.key.parts
    several = len(item.parts) > 1
    if several and not isinstance(response, dict):
        return None
    values = {}
    for part, part_key in zip(item.parts, keys, strict=True):
        value = response.get(part.id) if several else response
        if value in (None, "", [], {}):
            value = None
        elif not can_be_given(part, part_key, value):
            return None
        else:
            value = as_value(part_key, value)
        values[RESPONSE + identifier(part.id, "_") if several else RESPONSE] = value
    return values


def can_be_given(part: Part, part_key: PartKey, response: Any) -> bool:
    interaction: Any = part.interaction
    match part_key.key:
        case ChoiceKey():
            return response in [option.id for option in interaction.options]
        case MultipleAnswerKey():
            return set(response) <= {option.id for option in interaction.options}
        case MatchingKey():
            return isinstance(response, dict) and set(response.values()) <= {o.id for o in interaction.right}
        case OrderingKey(order):
            return isinstance(response, list) and sorted(response) == sorted(order)
    return isinstance(response, str)


def as_value(part_key: PartKey, response: Any) -> Any:
    match part_key.key:
        case ChoiceKey():
            return identifier(response)
        case MultipleAnswerKey() | OrderingKey():
            return [identifier(id_) for id_ in response]
        case MatchingKey():
            return [f"{identifier(left, LEFT)} {identifier(right, RIGHT)}" for left, right in response.items()]
    return response
