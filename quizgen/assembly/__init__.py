"""Assembly: which variants stand in which slot, and which learner gets which of them.

A slot's pool holds distinct items: a variant that reads like an earlier one is passed over, and a pool that cannot
be filled is reported rather than padded. Nothing is drawn twice: the item of a pool is the same whether it is
generated for the archive, for a preview or alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, get_args

import msgspec

from quizgen.assembly.of_a_model import of_predictor
from quizgen.assembly.papers import make_papers
from quizgen.assembly.plans import SlotPlan, plan_slots
from quizgen.assembly.pools import Pools, Progress
from quizgen.assembly.spool import Spool
from quizgen.assembly.used import Used, used_in
from quizgen.findings import Finding, FindingsError, Place, Severity
from quizgen.garbage import seldom_collected
from quizgen.model import GeneratedItem, Purpose, Quiz, Section
from quizgen.roster import Learner

if TYPE_CHECKING:
    from pathlib import Path

    from quizgen.archive import Archive
    from quizgen.bank import Bank, Banks
    from quizgen.sampling.draws import Source
    from quizgen.sampling.predictions import Predictor

FORMAT_VERSION = 1

__all__ = ["Assembly", "SlotPlan", "Used", "assemble", "plan_slots", "used_in"]


class Assembly(msgspec.Struct, frozen=True):
    """A quiz with its items, ready to be frozen.

    findings: warnings, such as a pool that is smaller than asked for. notes: what is worth knowing and no fault.
    """

    quiz: Quiz
    generated: Spool
    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()

    def items(self) -> Iterator[GeneratedItem]:
        """The items in the order of the slots."""
        return iter(self.generated)

    def freeze(self, folder: Path | str) -> Archive:
        """Write the sealed archive; nothing of the quiz changes afterwards. Errors as of `write_archive`."""
        from quizgen.archive import write_archive

        return write_archive(folder, self.quiz, self.generated.lines())


def assemble(
    bank: Bank | Banks,
    templates: Sequence[str] | str | None = None,
    *,
    source: Source,
    slots: Sequence[SlotPlan] | None = None,
    variants: int = 20,
    roster: Sequence[Learner] = (),
    versions: Sequence[str] = (),
    used: Used | None = None,
    apart: bool = False,
    purpose: Purpose = "practice",
    title: str | None = None,
    titles: Mapping[str, str] = MappingProxyType({}),
    language: str | None = None,
    minutes: int = 0,
    sections: Sequence[Section] = (),
    predictor: Predictor | None = None,
    on_progress: Progress | None = None,
) -> Assembly:
    """Draw a quiz.

    bank: one, or several seen as one. templates: their names there, one slot each; None for 20 questions of the whole
    bank. slots: a plan instead, as a blueprint makes it. variants: distinct items in each pool. source: where every
    draw comes from; the same source gives the same quiz. roster: with it, every learner gets a form of their own.
    versions: names of papers that are the same for many. used: what earlier quizzes showed, see `used_in`. apart: no
    sentence in the pools of two slots. minutes: for the whole quiz, 0 if nobody says. titles: of the quiz in other
    languages. predictor: a masked language model, whose probabilities of true words stand in the questions instead of
    drawn ones; the archive keeps what it is and what it said.

    Raises FindingsError for an unknown template or language, where a template cannot be drawn at all, and for an exam
    whose papers would show something twice; ValueError for variants below 1, an unknown purpose, and an exam that is
    drawn from a seed.
    """
    templates = (templates,) if isinstance(templates, str) else templates
    if variants < 1:
        raise ValueError(f"variants={variants}: a pool needs at least 1")
    if purpose not in get_args(Purpose):
        raise ValueError(f"purpose={purpose!r}: it is one of {', '.join(get_args(Purpose))}")
    if purpose == "exam" and not source.is_secret:
        raise ValueError("an exam is drawn from a secret, not from a seed that can be guessed; use Source(secret=…)")
    plans = tuple(slots) if slots is not None else plan_slots(bank, templates, variants)
    own = bank.known_language(language)
    others = sorted({bank.known_language(learner.language) for learner in roster if learner.language} - {own})
    pools = Pools(
        bank, source, own, purpose, plans, others=others, used=used, apart=apart, predictor=predictor,
        on_progress=on_progress,
    )  # fmt: skip
    with seldom_collected():
        built = pools.slots()
    papers = make_papers(built, pools.marks, source, own, roster=roster, versions=versions, minutes=minutes)
    severity = Severity.ERROR if purpose == "exam" else Severity.WARNING
    remedy = "ask for more variants of them, add sentences, or choose other templates"
    planned = {plan.id: plan for plan in plans}
    troubles = [
        planned[built[trouble.slots[-1]].id].finding("Q714", trouble.why, remedy, Place(bank.shown), severity)
        for trouble in papers.troubles
    ]
    if troubles and severity is Severity.ERROR:
        raise FindingsError([*pools.findings, *troubles])
    notes = () if predictor is None else of_predictor(predictor, bank, {own, *others}, pools.made)
    quiz_title = title or bank.title_in(own)
    quiz = Quiz(
        format_version=FORMAT_VERSION,
        engine_version=_engine_version(),
        bank_digest=bank.digest,
        id=_slug(quiz_title),
        title=quiz_title,
        language=own,
        purpose=purpose,
        slots=built,
        forms=papers.forms,
        sections=tuple(sections),
        sittings=papers.sittings,
        minutes=minutes,
        titles=tuple(
            (code, found)
            for code in others
            if (found := titles.get(code) or (quiz_title if title else bank.title_in(code))) != quiz_title
        ),
        settings={} if predictor is None else {"probabilities": dict(predictor.description)},
    )
    return Assembly(quiz, pools.made, tuple(dict.fromkeys((*pools.findings, *troubles))), notes)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "quiz"


def _engine_version() -> str:
    from quizgen import __version__

    return __version__
