"""What a quiz asks for, slot by slot, before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from quizgen.findings import Finding, FindingsError, Place, Severity

if TYPE_CHECKING:
    from quizgen.bank import Bank, Banks

QUESTIONS_OF_WHOLE_BANK = 20


class SlotPlan(msgspec.Struct, frozen=True):
    """What a slot asks for.

    templates: names in the bank, of equal radicals. radicals: the values that are fixed, by dotted path. variants: how
    many distinct ones the pool has. optional: left out, without a word, if the templates have nothing more to give.
    minutes: 0 and difficulty: "" where nobody said. place: where the slot was asked for, None if that is no file. line:
    what is written there.
    """

    id: str
    title: str
    templates: tuple[str, ...]
    variants: int
    points: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    section: str = ""
    radicals: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    minutes: Fraction = msgspec.field(default_factory=Fraction)
    difficulty: str = ""
    place: Place | None = None
    line: str = ""

    def finding(
        self, code: str, message: str, remedy: str, elsewhere: Place, severity: Severity = Severity.ERROR
    ) -> Finding:
        """A finding about this slot where it was asked for; else at `elsewhere`."""
        if self.place is None:
            return Finding(elsewhere, code, message, remedy, severity)
        return Finding(self.place, code, message, remedy, severity, self.line)


def plan_slots(bank: Bank | Banks, templates: Sequence[str] | None, variants: int) -> tuple[SlotPlan, ...]:
    """One slot for each named template, or 20 questions from the whole bank.

    The whole bank is gone through in order; when it has fewer templates than 20, it starts again with the next
    values of their radicals, so that a second question of a template is harder or easier, not the same again.
    """
    from quizgen.generator.difficulty import difficulty_of
    from quizgen.generator.radicals import radical_choices

    names = [bank.listed(name) for name in templates] if templates else [row.template for row in bank.listing()]
    if not names:
        remedy = "add one: quizgen new NAME --kind KIND"
        raise FindingsError([Finding(Place(bank.shown), "Q710", "the bank has no templates", remedy)])
    total = len(names) if templates else QUESTIONS_OF_WHOLE_BANK
    plans = []
    for number in range(total):
        name = names[number % len(names)]
        template = bank.template(name)
        radicals = radical_choices(template)
        chosen = radicals[(number // len(names)) % len(radicals)]
        plans.append(
            SlotPlan(
                id=f"s{number + 1:02d}-{template.id}",
                title=template.title,
                templates=(name,),
                variants=variants,
                points=template.points,
                radicals=chosen,
                optional=number >= len(names),
                difficulty=difficulty_of(template, dict(chosen)),
            )
        )
    return tuple(plans)
