"""Assembly: which variants stand in which slot, and, with a roster, which learner gets which of them.

A slot's pool holds distinct items: a variant that reads like an earlier one is passed over, and a pool that cannot
be filled is reported rather than padded. Nothing is drawn twice: the item of a pool is the same whether it is
generated for the archive, for a preview or alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, get_args

import msgspec

from quizgen.findings import Finding, FindingsError, Place, Severity
from quizgen.model import GeneratedItem, Purpose, Quiz, Slot
from quizgen.roster import Learner

if TYPE_CHECKING:
    from pathlib import Path

    from quizgen.archive import Archive
    from quizgen.bank import Bank
    from quizgen.generator import Generator
    from quizgen.sampling.draws import Source

FORMAT_VERSION = 1
QUESTIONS_OF_WHOLE_BANK = 20
PASSED_OVER_IN_A_ROW = 60
"""So many variants in a row that read like earlier ones end the search: the template has no more to give."""

FEW = 100
"""Variants. A template with fewer is not divided between practice and exams: too little would be left for both."""

Progress = Callable[[int, int], None]
"""Called with (items done, items in all)."""


class SlotPlan(msgspec.Struct, frozen=True):
    """What a slot asks for, before anything is drawn.

    templates: ids, of equal radicals. radicals: the values that are fixed, by dotted path. count of distinct
    `variants` in the pool. optional: left out, without a word, if the templates have nothing more to give.
    """

    id: str
    title: str
    templates: tuple[str, ...]
    variants: int
    points: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    section: str = ""
    radicals: tuple[tuple[str, str], ...] = ()
    optional: bool = False


class Assembly(msgspec.Struct, frozen=True):
    """A quiz with its items, ready to be frozen.

    findings: warnings, such as a pool that is smaller than asked for.
    """

    quiz: Quiz
    generated: tuple[GeneratedItem, ...]
    findings: tuple[Finding, ...] = ()

    def items(self) -> Iterator[GeneratedItem]:
        """The items in the order of the slots."""
        return iter(self.generated)

    def freeze(self, folder: Path | str) -> Archive:
        """Write the sealed archive; nothing of the quiz changes afterwards. Errors as of `write_archive`."""
        from quizgen.archive import write_archive

        return write_archive(folder, self.quiz, self.items())


def plan_slots(bank: Bank, templates: Sequence[str] | None, variants: int) -> tuple[SlotPlan, ...]:
    """One slot for each named template, or 20 questions from the whole bank.

    The whole bank is gone through in order; when it has fewer templates than 20, it starts again with the next
    values of their radicals, so that a second question of a template is harder or easier, not the same again.
    """
    from quizgen.generator.radicals import radical_choices

    names = list(templates) if templates else [row.template for row in bank.listing()]
    if not names:
        raise FindingsError(
            [_finding(bank, "Q710", "the bank has no templates", "add one: quizgen new NAME --kind KIND")]
        )
    total = len(names) if templates else QUESTIONS_OF_WHOLE_BANK
    plans = []
    for number in range(total):
        template = bank.template(names[number % len(names)])
        radicals = radical_choices(template)
        chosen = radicals[(number // len(names)) % len(radicals)]
        slot = f"s{number + 1:02d}-{template.id}"
        again = number >= len(names)
        plans.append(
            SlotPlan(slot, template.title, (template.id,), variants, template.points, radicals=chosen, optional=again)
        )
    return tuple(plans)


def assemble(
    bank: Bank,
    templates: Sequence[str] | str | None = None,
    *,
    source: Source,
    slots: Sequence[SlotPlan] | None = None,
    variants: int = 20,
    roster: Sequence[Learner] = (),
    purpose: Purpose = "practice",
    title: str | None = None,
    language: str | None = None,
    on_progress: Progress | None = None,
) -> Assembly:
    """Draw a quiz.

    templates: ids of the bank, one slot each; None for 20 questions of the whole bank. slots: a plan instead, as a
    blueprint makes it. variants: distinct items in each pool. source: where every draw comes from; the same source
    gives the same quiz. roster: with it, every learner gets a form of their own.

    Raises FindingsError for an unknown template or language, and where a template cannot be drawn at all; ValueError
    for variants below 1, an unknown purpose, and an exam that is drawn from a seed.
    """
    templates = (templates,) if isinstance(templates, str) else templates
    if variants < 1:
        raise ValueError(f"variants={variants}: a pool needs at least 1")
    if purpose not in get_args(Purpose):
        raise ValueError(f"purpose={purpose!r}: it is one of {', '.join(get_args(Purpose))}")
    if purpose == "exam" and not source.is_secret:
        raise ValueError("an exam is drawn from a secret, not from a seed that can be guessed; use Source(secret=…)")
    plans = tuple(slots) if slots is not None else plan_slots(bank, templates, variants)
    pools = _Pools(bank, source, language, purpose, on_progress, sum(plan.variants for plan in plans))
    built = [slot for slot in map(pools.slot, plans) if slot is not None]
    quiz_title = title or bank.title_in(language or bank.language)
    quiz = Quiz(
        format_version=FORMAT_VERSION,
        engine_version=_engine_version(),
        bank_digest=bank.digest,
        id=_slug(quiz_title),
        title=quiz_title,
        language=language or bank.language,
        purpose=purpose,
        slots=tuple(built),
        forms=_forms(built, pools.made, roster, source),
    )
    return Assembly(quiz, tuple(pools.made), tuple(pools.findings))


class _Pools:
    """Fills the pools of one quiz; no two items of a quiz read alike or have the same code."""

    def __init__(
        self,
        bank: Bank,
        source: Source,
        language: str | None,
        purpose: Purpose,
        on_progress: Progress | None,
        wanted: int,
    ) -> None:
        self.bank = bank
        self.made: list[GeneratedItem] = []
        self.findings: list[Finding] = []
        self._source = source
        self._language = language
        self._purpose = purpose
        self._on_progress = on_progress
        self._wanted = wanted
        self._generators: dict[tuple[str, tuple[tuple[str, str], ...]], Generator] = {}
        self._next_variant: dict[str, int] = {}
        self._signatures: set[bytes] = set()
        self._codes: set[str] = set()

    def slot(self, plan: SlotPlan) -> Slot | None:
        """The slot with its pool; None for an optional one that stays empty."""
        from quizgen.generator import VariantCount

        pool: list[str] = []
        for template, count in zip(plan.templates, _shares(plan.variants, len(plan.templates)), strict=True):
            got = self._fill(plan, template, count, pool)
            single = self._generator(template, plan).count() == VariantCount(1, True)
            if got < count and not single and not (plan.optional and not pool):
                self.findings.append(_shortage(self.bank, template, got, count))
        if pool:
            return Slot(plan.id, self._title(plan), plan.templates, tuple(pool), plan.points, plan.section)
        if plan.optional:
            return None
        remedy = "see the findings above"
        raise FindingsError([*self.findings, _finding(self.bank, "Q711", f"slot '{plan.id}' is empty", remedy)])

    def _title(self, plan: SlotPlan) -> str:
        """The slot's title in the language of the quiz, unless a plan gave it one of its own."""
        template = self.bank.template(plan.templates[0])
        if plan.title != template.title:
            return plan.title
        return template.in_language(self._language or self.bank.language).title

    def _fill(self, plan: SlotPlan, template: str, count: int, pool: list[str]) -> int:
        generator = self._generator(template, plan)
        divided = generator.count().number >= FEW
        if self._purpose == "exam" and not divided:
            self.findings.append(_shared(self.bank, template, generator.count().number))
        variant, passed_over, got = self._next_variant.get(template, 0), 0, 0
        while got < count and passed_over < PASSED_OVER_IN_A_ROW and not generator.exhausted(variant):
            generated = generator.item(variant)
            variant += 1
            signature = generator.signature(generated)
            other_half = divided and for_exams(signature) != (self._purpose == "exam")
            if other_half or signature in self._signatures or generated.item.code in self._codes:
                passed_over += 1
                continue
            passed_over, got = 0, got + 1
            self._signatures.add(signature)
            self._codes.add(generated.item.code)
            pool.append(generated.item.id)
            key = msgspec.structs.replace(generated.key, slot=plan.id)
            self.made.append(msgspec.structs.replace(generated, key=key))
            if self._on_progress is not None:
                self._on_progress(len(self.made), self._wanted)
        self._next_variant[template] = variant
        return got

    def _generator(self, template: str, plan: SlotPlan) -> Generator:
        from quizgen.generator import Generator

        name = (template, plan.radicals)
        if name not in self._generators:
            found = self.bank.template(template)
            self._generators[name] = Generator(
                found,
                self.bank,
                self._source,
                language=self._language,
                radicals=dict(plan.radicals),
                purpose=self._purpose,
            )
        return self._generators[name]


def for_exams(signature: bytes) -> bool:
    """Whether what reads like this is kept for exams; the other half is for practice.

    Everybody can know the halves; which of its half an exam draws is the secret.
    """
    return int(signature[:8], 16) % 2 == 1


def _shares(total: int, parts: int) -> list[int]:
    """`total` split over `parts` as evenly as can be, larger shares first."""
    return [total // parts + (1 if number < total % parts else 0) for number in range(parts)]


def _forms(
    slots: Iterable[Slot], items: Iterable[GeneratedItem], roster: Sequence[Learner], source: Source
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each learner one item of each slot; no sentence or group twice in a paper if it can be helped."""
    by_id = {generated.item.id: generated.item for generated in items}
    forms = []
    for learner in roster:
        chosen: list[str] = []
        used: set[tuple[str, str]] = set()
        for slot in slots:
            pool = source.stream("form", 0, 0, f"{slot.id}/{learner.id}").shuffle(slot.pool)
            marks = {
                item: {mark for mark in (("sentence", by_id[item].sentence), ("group", by_id[item].group)) if mark[1]}
                for item in pool
            }
            pick = next((item for item in pool if not marks[item] & used), pool[0])
            used |= marks[pick]
            chosen.append(pick)
        forms.append((learner.id, tuple(chosen)))
    return tuple(forms)


def _shared(bank: Bank, template: str, count: int) -> Finding:
    place = bank.template(template).document.place(("template",))
    message = f"template '{template}' has no more than {count} variants, and practice shows the same ones"
    return Finding(place, "Q713", message, "keep it out of practice, or out of exams", Severity.WARNING)


def _shortage(bank: Bank, template: str, got: int, wanted: int) -> Finding:
    place = bank.template(template).document.place(("template",))
    message = f"template '{template}' has {got} distinct variants here, {wanted} were asked for"
    remedy = "ask for fewer variants, or give its draws more to choose from"
    return Finding(place, "Q712", message, remedy, Severity.WARNING)


def _finding(bank: Bank, code: str, message: str, remedy: str) -> Finding:
    return Finding(Place(str(bank.folder)), code, message, remedy)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "quiz"


def _engine_version() -> str:
    from quizgen import __version__

    return __version__
