"""Questions that compare outputs or models at one mask: judged again from the printed options by plain Python."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator
from fractions import Fraction

import msgspec
import pytest

from grading.answersheet import PartKey
from grading.keys import ChoiceKey
from quizgen.content import Paragraph, Table, text_of
from quizgen.generator import Generator
from quizgen.generator.radicals import radical_choices
from quizgen.model import GeneratedItem
from quizgen.sampling.draws import Source
from tests.bank.templates import BANK, TEMPLATES

COUNT = 40


def _variants(template: str) -> Iterator[GeneratedItem]:
    """Random variants under every choice of radicals."""
    numbers = random.Random(template)
    for radicals in radical_choices(TEMPLATES[template]):
        generator = Generator(TEMPLATES[template], BANK, Source(seed=numbers.randrange(10**6)), radicals=dict(radicals))
        for _ in range(COUNT):
            yield generator.item(numbers.randrange(2000))


def _stem(item: GeneratedItem) -> str:
    return " ".join(text_of(block.content) for block in item.item.stem if isinstance(block, Paragraph))


def _choice(item: GeneratedItem) -> tuple[ChoiceKey, dict[str, str], dict[str, str]]:
    """The key, the texts of the options by their ids, and by misconception the option that shows it."""
    (part,) = item.key.parts
    assert isinstance(part.key, ChoiceKey)
    believed = {rival.misconceptions[0]: rival.value for rival in part.key.rivals if rival.misconceptions}
    assert all(rival.credit == 0 for rival in part.key.rivals)
    return part.key, dict(part.options), believed


# ---------------------------------------------------------------- outputs at one mask

OUTPUT = re.compile(r"The test in which the model gives “(.+?)” the probability (0\.\d\d)(?:, another word (0\.\d\d))?")


def check_lowest_loss_single(item: GeneratedItem) -> str:
    key, options, believed = _choice(item)
    read = {name: OUTPUT.fullmatch(text) for name, text in options.items()}
    true = {name: Fraction(found[2]) for name, found in read.items() if found}
    assert len(true) == len(options) == len(set(true.values())) == 4
    asked = re.search(r"the correct word is “(.+?)”", _stem(item))
    assert asked is not None
    assert {found[1] for found in read.values() if found} == {asked[1]}
    assert true[key.correct] == max(true.values())
    assert true[believed.pop("lowest-prob-lowest-loss")] == min(true.values())
    confident = {name: found for name, found in read.items() if found and found[3]}
    assert list(believed.items()) == [("target-top-prediction", name) for name in confident]
    for name, found in confident.items():
        top = Fraction(found[3])
        assert top > max(true.values())
        assert top + true[name] < 1
        assert min(true.values()) < true[name] < max(true.values())
    assert ("most probable" in _stem(item)) == bool(confident)
    return f"{len(confident)} confident"


# ---------------------------------------------------------------- whole distributions at one mask

REASONS = {
    "it gives the correct word the most probability": "",
    "its most probable word is the correct one": "accuracy-as-loss",
    "its most probable word has the highest probability": "target-top-prediction",
    "it spreads its probability the least widely": "entropy-as-cross-entropy",
}


def check_lowest_loss_table(item: GeneratedItem) -> str:
    key, options, believed = _choice(item)
    (table,) = (block for block in item.item.stem if isinstance(block, Table))
    names = [text_of(name) for name in table.header[1:]]
    shown = {text_of(word): [Fraction(text_of(p)) for p in ps] for word, *ps in table.rows}
    models = {name: {word: ps[place] for word, ps in shown.items()} for place, name in enumerate(names)}
    asked = re.search(r"The word that was masked is “(.+?)”", _stem(item))
    assert asked is not None
    assert all(sum(model.values()) == 1 for model in models.values())

    def least(worth: Callable[[dict[str, Fraction]], float]) -> str:
        first, second = sorted(models, key=lambda name: worth(models[name]))[:2]
        assert worth(models[first]) < worth(models[second])
        return first

    best = least(lambda model: -math.log(model[asked[1]]))
    top = least(lambda model: -float(max(model.values())))
    sure = least(lambda model: -sum(float(p) * math.log(p) for p in model.values() if p))
    expected = {"": best, "accuracy-as-loss": best, "target-top-prediction": top, "entropy-as-cross-entropy": sure}
    assert best not in (top, sure)
    for name, text in options.items():
        model, _, reason = text.partition(", because ")
        belief = REASONS[reason]
        assert model == expected[belief]
        assert (key.correct if not belief else believed.pop(belief)) == name
    assert not believed
    assert len(options) == 4
    assert set(expected.values()) == set(names)
    return f"{len(names)} models"


CHECKS: dict[str, tuple[Callable[[GeneratedItem], str], set[str]]] = {
    "lowest-loss-single": (check_lowest_loss_single, {"0 confident", "1 confident"}),
    "lowest-loss-table": (check_lowest_loss_table, {"2 models", "3 models"}),
}
"""By template, what judges an item and says of which sort it is, and all sorts."""


@pytest.mark.parametrize("template", CHECKS)
def test_what_is_printed_has_this_answer(template: str) -> None:
    check, sorts = CHECKS[template]
    assert {check(item) for item in _variants(template)} == sorts


def _with(item: GeneratedItem, key: ChoiceKey) -> GeneratedItem:
    (part,) = item.key.parts
    changed: PartKey = msgspec.structs.replace(part, key=key)
    return msgspec.structs.replace(item, key=msgspec.structs.replace(item.key, parts=(changed,)))


@pytest.mark.parametrize("template", CHECKS)
def test_a_planted_mistake_is_found(template: str) -> None:
    """Another option is called right, two beliefs are exchanged, or one is left out."""
    check, _ = CHECKS[template]
    for item in _variants(template):
        key, options, _ = _choice(item)
        other = next(name for name in options if name != key.correct)
        named = [rival for rival in key.rivals if rival.misconceptions]
        plain = [rival for rival in key.rivals if not rival.misconceptions]
        planted = [ChoiceKey(other, key.rivals), ChoiceKey(key.correct, (*plain, *named[1:]))]
        if len(named) > 1:
            first, second = (msgspec.structs.replace(a, value=b.value) for a, b in (named[:2], named[1::-1]))
            planted.append(ChoiceKey(key.correct, (*plain, first, second, *named[2:])))
        for wrong in planted:
            with pytest.raises((AssertionError, KeyError)):
                check(_with(item, wrong))
