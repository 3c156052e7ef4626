"""Practice and exam: which half a variant is in, told as early as its options are known."""

from __future__ import annotations

import pytest

from quizgen import Source, load_bank
from quizgen.bank import Bank
from quizgen.generator import Generator
from quizgen.generator.draft import Draft
from quizgen.generator.halves import Halves


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


@pytest.mark.parametrize("name", ["swap-trap", "labels-array", "which-positions-contribute", "best-improvement"])
def test_the_half_is_that_of_the_whole_item(bank: Bank, name: str) -> None:
    generator, halves = Generator(bank.template(name), bank, Source(seed=3)), Halves(bank.template(name))
    exam = 0
    for variant in range(30):
        whole = generator.item(variant)
        half = halves.of_item(whole.item.stem, [part.options for part in whole.key.parts])
        assert generator.item_in(half, variant) == whole
        assert generator.item_in("practice" if half == "exam" else "exam", variant) is None
        exam += half == "exam"
    assert 5 < exam < 25


def test_what_is_put_away_is_not_finished(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = Generator(bank.template("swap-trap"), bank, Source(seed=3))
    kept = [variant for variant in range(20) if generator.item_in("exam", variant) is not None]
    ordered: list[int] = []
    shown_order = Draft.shown_order
    monkeypatch.setattr(
        Draft, "shown_order", lambda self, *rest: ordered.append(self.scene.variant) or shown_order(self, *rest)
    )
    for variant in range(20):
        generator.item_in("exam", variant)
    assert ordered == kept
