"""Assembly: which variants stand in which slot, and, with a roster, which learner gets which of them.

A slot's pool holds distinct items: a variant that reads like an earlier one is passed over, and a pool that cannot
be filled is reported rather than padded. Nothing is drawn twice: the item of a pool is the same whether it is
generated for the archive, for a preview or alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from quizgen.findings import Finding, FindingsError, Place, Severity
from quizgen.model import GeneratedItem, Purpose, Quiz, Slot
from quizgen.roster import Learner

if TYPE_CHECKING:
    from quizgen.bank import Bank
    from quizgen.generator import Generator
    from quizgen.sampling.draws import Source

FORMAT_VERSION = 1
QUESTIONS_OF_WHOLE_BANK = 20
PASSED_OVER_IN_A_ROW = 60
"""So many variants in a row that read like earlier ones end the search: the template has no more to give."""

Progress = Callable[[int, int], None]
"""Called with (items done, items in all)."""


class SlotPlan(msgspec.Struct, frozen=True):
    """What a slot asks for, before anything is drawn.

    templates: ids, of equal radicals. radicals: the values that are fixed, by dotted path. count of distinct
    `variants` in the pool; the first one is number `first`, so that two slots of one template share no variant.
    """

    id: str
    title: str
    templates: tuple[str, ...]
    variants: int
    points: Fraction = msgspec.field(default_factory=lambda: Fraction(1))
    section: str = ""
    radicals: tuple[tuple[str, str], ...] = ()


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


def plan_slots(bank: Bank, templates: Sequence[str] | None, variants: int) -> tuple[SlotPlan, ...]:
    """One slot for each named template, or 20 questions from the whole bank.

    The whole bank is gone through in order; when it has fewer templates than 20, it starts again with the next
    values of their radicals, so that a second question of a template is harder or easier, not the same again.
    """
    from quizgen.generator.radicals import radical_choices

    names = list(templates) if templates else [row.template for row in bank.listing()]
    if not names:
        raise FindingsError([_finding(bank, "Q710", "the bank has no templates", "add one: quizgen new NAME --kind KIND")])
    total = len(names) if templates else QUESTIONS_OF_WHOLE_BANK
    plans = []
    for number in range(total):
        template = bank.template(names[number % len(names)])
        radicals = radical_choices(template)
        chosen = radicals[(number // len(names)) % len(radicals)]
        slot = f"s{number + 1:02d}-{template.id}"
        plans.append(SlotPlan(slot, template.title, (template.id,), variants, template.points, radicals=chosen))
    return tuple(plans)


def assemble(
    bank: Bank,
    templates: Sequence[str] | None = None,
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

    Raises FindingsError for an unknown template, and where a template cannot be drawn at all.
    """
    from quizgen.generator import Generator

    plans = tuple(slots) if slots is not None else plan_slots(bank, templates, variants)
    wanted = sum(plan.variants for plan in plans)
    generators: dict[tuple[str, tuple[tuple[str, str], ...]], Generator] = {}
    made: list[GeneratedItem] = []
    built: list[Slot] = []
    findings: list[Finding] = []
    seen_texts: set[bytes] = set()
    seen_codes: set[str] = set()
    next_variant: dict[str, int] = {}
    done = 0
    for plan in plans:
        pool: list[str] = []
        share = _shares(plan.variants, len(plan.templates))
        for template_id, count in zip(plan.templates, share, strict=True):
            key = (template_id, plan.radicals)
            if key not in generators:
                generators[key] = Generator(
                    bank.template(template_id), bank, source, language=language, radicals=dict(plan.radicals)
                )
            generator = generators[key]
            variant, passed_over, got = next_variant.get(template_id, 0), 0, 0
            while got < count and passed_over < PASSED_OVER_IN_A_ROW and not generator.exhausted(variant):
                item = generator.item(variant)
                variant += 1
                signature = generator.signature(item)
                if signature in seen_texts or item.item.code in seen_codes:
                    passed_over += 1
                    continue
                seen_texts.add(signature)
                seen_codes.add(item.item.code)
                passed_over = 0
                got += 1
                done += 1
                item = msgspec.structs.replace(item, key=msgspec.structs.replace(item.key, slot=plan.id))
                pool.append(item.item.id)
                made.append(item)
                if on_progress is not None:
                    on_progress(done, wanted)
            next_variant[template_id] = variant
            if got < count:
                findings.append(_shortage(bank, template_id, got, count))
        if not pool:
            raise FindingsError([*findings, _finding(bank, "Q711", f"slot '{plan.id}' is empty", "see the findings above")])
        built.append(Slot(plan.id, plan.title, plan.templates, tuple(pool), plan.points, plan.section))
    quiz_title = title or bank.title
    quiz = Quiz(
        format_version=FORMAT_VERSION,
        engine_version=_engine_version(),
        bank_digest=bank.digest,
        id=_slug(quiz_title),
        title=quiz_title,
        language=language or bank.language,
        purpose=purpose,
        slots=tuple(built),
        forms=_forms(built, made, roster, source),
    )
    return Assembly(quiz, tuple(made), tuple(findings))


def _shares(total: int, parts: int) -> list[int]:
    """`total` split over `parts` as evenly as can be, larger shares first."""
    return [total // parts + (1 if number < total % parts else 0) for number in range(parts)]


def _forms(
    slots: Iterable[Slot], items: Iterable[GeneratedItem], roster: Sequence[Learner], source: Source
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each learner one item of each slot; no sentence and no group of answers twice in a paper if it can be helped."""
    by_id = {generated.item.id: generated.item for generated in items}
    forms = []
    for learner in roster:
        chosen: list[str] = []
        used: set[tuple[str, str]] = set()
        for slot in slots:
            pool = source.stream("form", 0, 0, f"{slot.id}/{learner.id}").shuffle(slot.pool)
            marks = {
                item: {
                    mark
                    for mark in (("sentence", by_id[item].sentence), ("group", by_id[item].group))
                    if mark[1]
                }
                for item in pool
            }
            pick = next((item for item in pool if not marks[item] & used), pool[0])
            used |= marks[pick]
            chosen.append(pick)
        forms.append((learner.id, tuple(chosen)))
    return tuple(forms)


def _shortage(bank: Bank, template: str, got: int, wanted: int) -> Finding:
    return msgspec.structs.replace(
        _finding(
            bank,
            "Q712",
            f"template '{template}' has {got} distinct variants here, {wanted} were asked for",
            "ask for fewer variants, or give its draws more to choose from",
        ),
        severity=Severity.WARNING,
    )


def _finding(bank: Bank, code: str, message: str, remedy: str) -> Finding:
    return Finding(Place(str(bank.folder)), code, message, remedy)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "quiz"


def _engine_version() -> str:
    from quizgen import __version__

    return __version__
