"""Filling the pools of a quiz: distinct items, in every language that is read, none of them shown before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from quizgen.assembly.matching import Candidate, Unmatched, matched
from quizgen.assembly.plans import SlotPlan
from quizgen.assembly.spool import Spool
from quizgen.assembly.used import Used
from quizgen.findings import Finding, FindingsError, Place, Severity
from quizgen.model import GeneratedItem, Purpose, Slot

if TYPE_CHECKING:
    from quizgen.bank import Bank, Banks
    from quizgen.generator import Generator
    from quizgen.sampling.draws import Source
    from quizgen.sampling.predictions import Predictor

PASSED_OVER_IN_A_ROW = 60
"""So many variants in a row that read like earlier ones end the search: the template has no more to give."""

FEW = 100
"""Variants. A template with fewer is not divided between practice and exams: too little would be left for both."""

FRESH = 20
"""For each item that is wanted, so many may be put aside because their sentence was met in an earlier quiz."""

Progress = Callable[[int, int], None]
"""Called with (items done, items in all)."""

Mark = tuple[str, str]
"""What a paper shows once: ``("sentence", id)`` or ``("group", name)``."""


_Drawn = tuple[str, tuple[tuple[str, str], ...], str, int | None]
"""What a generator draws: the template, its radicals, the language, and the slot to which sentences are dealt (None:
all of them)."""


class Pools:
    """Fills the pools of one quiz; no two items of a quiz read alike or have the same code.

    used: items and scenes of earlier quizzes. apart: each sentence is dealt to one slot, so that a platform which
    draws from the pools itself shows it once. predictor: gives the probabilities of true words. marks: of every item,
    by id.
    """

    def __init__(
        self,
        bank: Bank | Banks,
        source: Source,
        language: str,
        purpose: Purpose,
        plans: Sequence[SlotPlan],
        *,
        others: Sequence[str] = (),
        used: Used | None = None,
        apart: bool = False,
        predictor: Predictor | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        self.bank = bank
        self.made = Spool()
        self.marks: dict[str, tuple[Mark, ...]] = {}
        self.findings: list[Finding] = []
        self._source, self._language, self._others, self._purpose = source, language, tuple(others), purpose
        self._plans, self._used, self._on_progress = plans, used or Used(), on_progress
        self._predictor = predictor
        self._wanted = sum(plan.variants for plan in plans) * (1 + len(self._others))
        self._generators: dict[_Drawn, Generator] = {}
        self._next_variant: dict[tuple[str, str], int] = {}  # of a template in a language: an item is named by it
        self._tried: dict[_Drawn, int] = {}
        self._signatures: set[bytes] = set()
        self._codes: set[str] = set()
        self._of_both_halves: set[_Drawn] = set()
        self._dealt = {code: self._deal(code) if apart else {} for code in (language, *self._others)}

    def slots(self) -> tuple[Slot, ...]:
        """The slots with their pools; an optional one that stays empty is left out."""
        return tuple(slot for slot in map(self._slot, range(len(self._plans))) if slot is not None)

    def _slot(self, number: int) -> Slot | None:
        plan = self._plans[number]
        pool = self._pool(number, self._language)
        if not pool:
            if plan.optional:
                return None
            remedy = "see the findings above"
            empty = plan.finding("Q711", f"slot '{plan.id}' is empty", remedy, Place(self.bank.shown))
            raise FindingsError([*self.findings, empty])
        translations = tuple((code, tuple(self._pool(number, code))) for code in self._others)
        for code, ids in translations:
            if not ids:
                message, remedy = f"slot '{plan.id}' is empty in the language '{code}'", "see the findings above"
                empty = plan.finding("Q711", message, remedy, Place(self.bank.shown))
                raise FindingsError([*self.findings, empty])
        return Slot(
            plan.id, self._title(plan), plan.templates, tuple(pool), plan.points, plan.section,
            translations, plan.minutes, plan.difficulty,
        )  # fmt: skip

    def _pool(self, number: int, language: str) -> list[str]:
        plan, pool = self._plans[number], list[str]()
        for template, count in zip(plan.templates, _shares(plan.variants, len(plan.templates)), strict=True):
            dealt = number if number in self._dealt[language] else None
            share = count if dealt is not None else self._share(number, template, count, language)
            got = self._fill(plan, (template, plan.radicals, language, dealt), share, pool)
            if got < count and not (plan.optional and not pool):
                kept = self._other_purpose if self._divided(template, plan, language) else ""
                self.findings.append(_shortage(self.bank, plan, template, got, count, kept))
        return pool

    def _share(self, number: int, template: str, count: int, language: str) -> int:
        """How many of `count` this slot takes, so that slots of the same variants get about as many each."""
        here = self._plans[number]
        alike = [
            place
            for place, plan in enumerate(self._plans)
            if template in plan.templates and plan.radicals == here.radicals and not plan.optional
        ]
        there_are = self._generator(template, here, language).count().number
        if here.optional or there_are >= FEW or there_are >= count * len(alike):
            return count
        return min(count, max(1, _shares(there_are, len(alike))[alike.index(number)]))

    def _title(self, plan: SlotPlan) -> str:
        """The slot's title in the language of the quiz, unless a plan gave it one of its own."""
        template = self.bank.template(plan.templates[0])
        return plan.title if plan.title != template.title else template.in_language(self._language).title

    # ------------------------------------------------------------ one pool

    def _fill(self, plan: SlotPlan, drawn: _Drawn, count: int, pool: list[str]) -> int:
        """Takes from the half of this purpose. Where it is empty an exam takes from both, and practice nothing."""
        template, _, language, dealt = drawn
        generator = self._generator(template, plan, language, dealt)
        before, tried = self._next_variant.get((template, language), 0), self._tried.get(drawn, 0)
        divided = self._divided(template, plan, language)
        if self._purpose == "exam" and not divided:
            self.findings.append(_shared(self.bank, template, f"no more than {generator.count().number} variants"))
        in_half = divided and drawn not in self._of_both_halves
        got = self._take(plan, self._distinct(generator, drawn, in_half), count, pool)
        if self._purpose == "exam" and in_half and not got and not tried and not self._used.signatures:
            self.findings.append(_shared(self.bank, template, "little to draw from"))
            self._of_both_halves.add(drawn)
            self._next_variant[template, language], self._tried[drawn] = before, tried
            got = self._take(plan, self._distinct(generator, drawn, False), count, pool)
        return got

    def _divided(self, template: str, plan: SlotPlan, language: str) -> bool:
        """Whether practice and exams have a half each: by all that there is, however little is dealt to a slot."""
        return self._generator(template, plan, language).count().number >= FEW

    @property
    def _other_purpose(self) -> Purpose:
        return "practice" if self._purpose == "exam" else "exam"

    def _take(self, plan: SlotPlan, found: Iterator[GeneratedItem], count: int, pool: list[str]) -> int:
        """Keeps `count` items, those with new sentences first; how many there were."""
        aside: list[GeneratedItem] = []
        got = 0
        for generated in found:
            if (generated.item.template, generated.item.sentence) in self._used.scenes and len(aside) < FRESH * count:
                aside.append(generated)
                continue
            self._keep(plan, generated, pool)
            got += 1
            if got == count:
                return got
        for generated in aside[: count - got]:
            self._keep(plan, generated, pool)
            got += 1
        return got

    def _distinct(self, generator: Generator, drawn: _Drawn, divided: bool) -> Iterator[GeneratedItem]:
        """Items that nobody has seen, until the template has no more to give."""
        passed_over, counted = 0, (drawn[0], drawn[2])
        while passed_over < PASSED_OVER_IN_A_ROW:
            tried = self._tried.get(drawn, 0)
            if generator.exhausted(tried):
                return
            variant = self._next_variant.get(counted, 0)
            self._next_variant[counted], self._tried[drawn] = variant + 1, tried + 1
            generated = generator.item_in(self._purpose, variant) if divided else generator.item(variant)
            if generated is None:
                passed_over += 1
                continue
            signature = generator.signature(generated)
            if signature in self._used.signatures and signature not in self._signatures:
                self._signatures.add(signature)  # met once more, it reads like an earlier one
                continue
            if signature in self._signatures or generated.item.code in self._codes:
                passed_over += 1
                continue
            passed_over = 0
            self._signatures.add(signature)
            self._codes.add(generated.item.code)
            yield generated

    def _keep(self, plan: SlotPlan, generated: GeneratedItem, pool: list[str]) -> None:
        item = generated.item
        pool.append(item.id)
        shown = dict.fromkeys(("sentence", name) for name in item.sentences)
        self.marks[item.id] = (*shown, *([("group", item.group)] if item.group else []))
        self.made.add(GeneratedItem(item, msgspec.structs.replace(generated.key, slot=plan.id)))
        if self._on_progress is not None:
            self._on_progress(len(self.made), self._wanted)

    def _generator(self, template: str, plan: SlotPlan, language: str, dealt: int | None = None) -> Generator:
        """dealt: the number of the slot whose sentences these must be, None for any."""
        from quizgen.generator import Generator

        name = (template, plan.radicals, language, dealt)
        if name not in self._generators:
            self._generators[name] = Generator(
                self.bank.template(template),
                self.bank.home(template),
                self._source,
                language=language,
                radicals=dict(plan.radicals),
                purpose=self._purpose,
                scenes=None if dealt is None else self._dealt[language][dealt],
                predictor=self._predictor,
            )
        return self._generators[name]

    # ------------------------------------------------------------ dealing

    def _deal(self, language: str) -> Mapping[int, Mapping[str, frozenset[str]]]:
        """For each slot with sentences or statements the ones that are its own, as evenly as can be: those of the
        first sentence under "", those of each further input under its name.

        First each of them gets one, then each of the rest goes to that which could show it and has the fewest.
        Raises FindingsError where there are fewer sentences than slots that need one.
        """
        wants: dict[tuple[int, str], frozenset[str]] = {}
        for number, plan in enumerate(self._plans):
            for template in plan.templates:
                for name, ids in self._generator(template, plan, language).space.names.items():
                    wants[number, name] = wants.get((number, name), frozenset()) | ids
        wants = {place: ids for place, ids in wants.items() if ids}
        everything = self._source.stream("apart", 0, 0, language).shuffle(sorted(frozenset().union(*wants.values())))
        rows = [[Candidate(name, (name,)) for name in everything if name in names] for names in wants.values()]
        first = matched(rows)
        if isinstance(first, Unmatched):
            slots = {plan.id: plan for plan in (self._plans[list(wants)[place][0]] for place in first.places)}
            message = f"the {len(slots)} slots {', '.join(slots)} share {len(first.marks)} sentences or statements"
            remedy = "leave out `sentences: apart`, or some of these slots"
            last = list(slots.values())[-1]
            raise FindingsError([last.finding("Q714", message, remedy, Place(self.bank.shown))])
        dealt = {place: {name} for place, name in zip(wants, first, strict=True)}
        for name in everything:
            if name not in first:
                taker = min((len(dealt[place]), place) for place in dealt if name in wants[place])[1]
                dealt[taker].add(name)
        found: dict[int, dict[str, frozenset[str]]] = {}
        for (number, name), given in dealt.items():
            found.setdefault(number, {})[name] = frozenset(given)
        return found


def _shares(total: int, parts: int) -> list[int]:
    """`total` split over `parts` as evenly as can be, larger shares first."""
    return [total // parts + (1 if number < total % parts else 0) for number in range(parts)]


def _shared(bank: Bank | Banks, template: str, what: str) -> Finding:
    place = bank.template(template).document.place(("template",))
    message = f"template '{template}' has {what}, and practice shows the same ones"
    return Finding(place, "Q713", message, "keep it out of practice, or out of exams", Severity.WARNING)


def _shortage(bank: Bank | Banks, plan: SlotPlan, template: str, got: int, wanted: int, kept: str) -> Finding:
    """kept: the purpose for which the other half of the variants is kept, "" if they are not divided."""
    place = bank.template(template).document.place(("template",))
    variants = "1 distinct variant" if got == 1 else f"{got} distinct variants"
    message = f"template '{template}' has {variants} here, {wanted} were asked for"
    if kept:
        message += f"; what falls into the other half is kept for {'exams' if kept == 'exam' else kept}"
    remedy = "ask for fewer variants, or give its draws more to choose from"
    return plan.finding("Q712", message, remedy, place, Severity.WARNING)
