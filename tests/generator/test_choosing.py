"""Which texts and options a variant shows: by what is drawn, under a condition, at most one of a group, by size."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grading import grade
from grading.keys import MatchingKey
from quizgen.bank import Bank, load_bank
from quizgen.content import text_of
from quizgen.findings import FindingsError
from quizgen.generator import Generator
from quizgen.model import ChoiceInteraction, GeneratedItem, MatchingInteraction
from quizgen.sampling.draws import Source
from quizgen.source import read_text
from quizgen.template import read_template

BANK: Bank = load_bank()


def generator(yaml: str, language: str = "en", **radicals: str) -> Generator:
    template = read_template(read_text(yaml).documents[0])
    return Generator(template, BANK, Source(seed=3), language=language, radicals=radicals or None)


def stem(item: GeneratedItem) -> str:
    return text_of(item.item.stem[0].content)  # type: ignore[union-attr]  # a paragraph


VARYING = """template: t
kind: essay
stem: 'Explain {{ part }}.'
rubric: [{points: 1, text: 'Names {{ part }}.'}]
draw: {form: [inner, outer], k: 2..4}
texts:
  times: {by: k, 2: twice, 3: three times, 4: 'in all {{ k }} times'}
  part: {by: form, inner: 'the *inner* sum, {{ times }}', outer: 'the outer sum, {{ times }}'}
radicals: {form: [inner, outer]}
translations:
  de: {stem: 'Erkläre {{ part }}.', texts: {part: {inner: 'die innere Summe', outer: 'die äußere Summe'}}}
"""


def test_a_text_follows_what_is_drawn_and_may_hold_others() -> None:
    found = {stem(generator(VARYING).item(number)) for number in range(3)}
    assert found == {f"Explain the inner sum, {times}." for times in ("twice", "three times", "in all 4 times")}
    assert stem(generator(VARYING, form="outer").item(0)).startswith("Explain the outer sum")
    assert stem(generator(VARYING, "de", form="outer").item(0)) == "Erkläre die äußere Summe."


def test_the_rubric_holds_such_texts_too() -> None:
    key = generator(VARYING).item(0).key.parts[0].key
    assert key.rubric[0].text.startswith("Names the inner sum, ")  # type: ignore[union-attr]  # an essay


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("a: {by: k, 2: '{{ b }}', 3: x, 4: x}\n  b: {by: k, 2: '{{ a }}', 3: x, 4: x}", "contains itself"),
        ("a: {by: half, 1: one}", "no text for half"),
        ("a: {by: k, 2: x, 3: x, 4: x}", "takes no filter"),
    ],
)
def test_a_text_that_cannot_be_chosen_is_a_finding(texts: str, message: str) -> None:
    hole = "{{ a | upper }}" if "filter" in message else "{{ a }}"
    yaml = (
        f"template: t\nkind: true-false\nstem: 'It is {hole}.'\nkey: true\ndraw: {{k: 2..4}}\nlet: {{half: k/2}}\n"
        f"texts:\n  {texts}\n"
    )
    with pytest.raises(FindingsError, match=message):
        list(map(generator(yaml).item, range(3)))


PAIRS = """template: t
kind: matching
stem: What is it for {{ n }}?
draw: {n: [2, 3]}
key: {a: one, b: two, c: {text: three, when: n > 2}}
wrong: [{text: four, when: n = 2}, five]
confused: {static-dynamic-swap: [a, b], flip-sign: {c: a}}
"""


def matching(item: GeneratedItem) -> MatchingInteraction:
    interaction = item.item.parts[0].interaction
    assert isinstance(interaction, MatchingInteraction)
    return interaction


def texts(options: object) -> list[str]:
    return [text_of(option.content) for option in options]  # type: ignore[attr-defined]  # options


def test_pairs_and_left_over_sides_are_there_under_their_conditions() -> None:
    for number in range(2):
        item = generator(PAIRS).item(number)
        more = "3" in stem(item)
        assert texts(matching(item).left) == (["a", "b", "c"] if more else ["a", "b"])
        wanted = ["one", "two", "three", "five"] if more else ["one", "two", "four", "five"]
        assert sorted(texts(matching(item).right)) == sorted(wanted)


def test_confused_pairs_are_diagnosed_in_the_directions_that_are_named() -> None:
    item = next(item for item in map(generator(PAIRS).item, range(2)) if "3" in stem(item))
    part = item.key.parts[0]
    names = {text: id for id, text in part.options}

    def diagnosed(**given: str) -> list[tuple[str, ...]]:
        response = {names[left]: names[right] for left, right in given.items()}
        return [diagnosis.misconceptions for diagnosis in grade(part, response).diagnoses]

    assert diagnosed(a="two", b="one", c="three") == [("static-dynamic-swap",)]
    assert diagnosed(a="one", b="two", c="one") == [("flip-sign",)]
    assert diagnosed(a="three", b="two", c="three") == []
    assert diagnosed(a="five", b="two", c="three") == []


def test_a_known_wrong_order_is_diagnosed_also_among_the_entries_that_are_chosen() -> None:
    yaml = (
        "template: t\nkind: ordering\nstem: Order.\nkey: [a, b, c, d]\n"
        "confused: {only-last-mask: [d, a, b, c], flip-sign: [b, a, c, d]}\n"
    )

    def diagnosed(item: GeneratedItem, *order: str) -> list[tuple[str, ...]]:
        return [found.misconceptions for found in grade(item.key.parts[0], list(order)).diagnoses]

    whole = generator(yaml).item(0)
    assert diagnosed(whole, "d", "a", "b", "c") == [("only-last-mask",)]
    assert diagnosed(whole, "b", "a", "c", "d") == [("flip-sign",)]
    assert diagnosed(whole, "d", "c", "b", "a") == []
    for item in map(generator(yaml + "choose: 3\n").item, range(4)):
        entries = sorted(text for _, text in item.key.parts[0].options)
        known = [rival.misconceptions for rival in item.key.parts[0].key.rivals]  # type: ignore[union-attr]
        moved = diagnosed(item, entries[2], entries[0], entries[1])
        assert moved == ([("only-last-mask",)] if "d" in entries else [])
        assert (("flip-sign",) in known) == ({"a", "b"} <= set(entries))  # else the order is the right one


def test_right_sides_of_pairs_that_are_not_asked_are_left_over() -> None:
    yaml = (
        "template: t\nkind: matching\nstem: What?\nchoose: 2\nleft_over: 1\n"
        "key: {a: one, b: two, c: three, d: four}\nconfused: {flip-sign: [a, b]}\n"
    )
    seen = set()
    right_of = {"a": "one", "b": "two", "c": "three", "d": "four"}
    for item in map(generator(yaml).item, range(40)):
        left, right = texts(matching(item).left), texts(matching(item).right)
        assert len(left) == 2
        assert len(right) == 3
        own = {right_of[side] for side in left}
        assert own < set(right)
        seen |= set(right) - own
        key = item.key.parts[0].key
        assert isinstance(key, MatchingKey)
        assert len(key.rivals) == len({"a", "b"} & set(left)) * (len({"one", "two"} & set(right)) == 2)
    assert seen == {"one", "two", "three", "four"}


def test_at_most_one_of_a_group_is_offered() -> None:
    yaml = (
        "template: t\nkind: multiple-answer\nstem: Which?\nkey: [a]\nchoose: {key: 1, wrong: 2}\n"
        "wrong: [{text: b, group: g}, {text: c, group: g}, d, {text: e, group: h}]\n"
    )
    seen = {frozenset(text for _, text in generator(yaml).item(n).key.parts[0].options) - {"a"} for n in range(60)}
    assert seen == {frozenset(pair) for pair in ("bd", "be", "cd", "ce", "de")}


def test_too_few_options_without_the_others_of_their_group_are_a_finding() -> None:
    yaml = (
        "template: t\nkind: multiple-answer\nstem: Which?\nkey: [a]\nchoose: {key: 1, wrong: 2}\n"
        "wrong: [{text: b, group: g}, {text: c, group: g}]\n"
    )
    with pytest.raises(FindingsError, match="at most one of each group"):
        generator(yaml).item(0)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ("0.5, '0.125', 0.1, '−2'", ["−2", "0.1", "0.125", "0.5"]),
        ("10 %, 9 %, 100 %, 1 %", ["1 %", "9 %", "10 %", "100 %"]),
        ("3 nats, 20 nats, 1.5 nats, 10 nats", ["1.5 nats", "3 nats", "10 nats", "20 nats"]),
    ],
)
def test_options_that_are_only_numbers_stand_by_size(options: str, shown: list[str]) -> None:
    key, wrong = options.split(", ", 1)
    yaml = f"template: t\nkind: single-choice\nstem: Which?\nkey: {key}\nwrong: [{wrong}]\n"
    for number in range(5):
        interaction = generator(yaml).item(number).item.parts[0].interaction
        assert isinstance(interaction, ChoiceInteraction)
        assert texts(interaction.options) == shown
        assert not interaction.shuffle


def test_numbers_with_different_units_are_shuffled() -> None:
    yaml = "template: t\nkind: single-choice\nstem: Which?\nkey: 1 nats\nwrong: [2 bits, 3 nats, 4 bits]\n"
    orders = set()
    for number in range(20):
        interaction = generator(yaml).item(number).item.parts[0].interaction
        assert isinstance(interaction, ChoiceInteraction)
        orders.add(tuple(texts(interaction.options)))
    assert len(orders) > 5


def test_left_sides_that_are_numbers_stand_by_size() -> None:
    yaml = "template: t\nkind: matching\nstem: So?\ndraw: {n: 1..9}\nkey: {'{{ n }}': that, '5.5': this}\nwrong: [x]\n"
    for item in map(generator(yaml).item, range(9)):
        left = [Fraction(text) for text in texts(matching(item).left)]
        assert left == sorted(left)
        part = item.key.parts[0]
        assert isinstance(part.key, MatchingKey)
        assert grade(part, dict(part.key.pairs)).score == 1
