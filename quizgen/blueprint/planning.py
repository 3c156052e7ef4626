"""Which templates of a bank meet a blueprint: decided for all its slots together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec

from quizgen.assembly.matching import Candidate, Unmatched, matched
from quizgen.assembly.plans import SlotPlan
from quizgen.blueprint.records import Blueprint, SlotRequest
from quizgen.findings import Finding, FindingsError, Severity
from quizgen.generator.difficulty import Way, difficulty_of, ways_of_difficulty
from quizgen.generator.radicals import radical_choices
from quizgen.source import DataPath

if TYPE_CHECKING:
    from quizgen.bank import Bank, Banks
    from quizgen.template import Template


class _Place(msgspec.Struct, frozen=True):
    """One slot to be: a request, and the templates that it got."""

    request: SlotRequest
    templates: tuple[str, ...]


def plan_blueprint(blueprint: Blueprint, bank: Bank | Banks, variants: int = 20) -> tuple[SlotPlan, ...]:
    """The slots of a blueprint with templates of the bank.

    variants: the size of a pool where the blueprint says nothing. Raises FindingsError that names every slot that
    cannot be met, and what is lacking.
    """
    planner = _Planner(blueprint, bank)
    places = planner.places()
    plans = tuple(planner.plan(number, place, variants) for number, place in enumerate(places, 1))
    planner.check_time(plans)
    if planner.findings:
        raise FindingsError(planner.findings)
    return plans


class _Planner:
    def __init__(self, blueprint: Blueprint, bank: Bank | Banks) -> None:
        self.blueprint, self.bank = blueprint, bank
        self.findings: list[Finding] = []
        self._templates: Mapping[str, Template] = {}

    def report(self, code: str, message: str, remedy: str, request: SlotRequest) -> None:
        self.findings.append(self.blueprint.document.finding(code, message, remedy, request.path))

    # ------------------------------------------------------------ which templates

    def places(self) -> list[_Place]:
        """Named templates stand as they are; the described ones are chosen among those that are left."""
        self._templates = {row.template: self.bank.template(row.template) for row in self.bank.listing()}
        given = {id(request): self._named(request) for request in self.blueprint.slots}
        named = {name for names in given.values() for name in names}
        wanting = [request for request in self.blueprint.slots if not request.templates for _ in range(request.count)]
        chosen = iter(self._chosen(wanting, named))
        places: list[_Place] = []
        for request in self.blueprint.slots:
            if request.templates:
                if given[id(request)]:
                    places += [_Place(request, given[id(request)])] * request.count
            else:
                got = [next(chosen, "") for _ in range(request.count)]
                places += [_Place(request, (name,)) for name in got if name]
        self._one_of_each(places)
        return places

    def _named(self, request: SlotRequest) -> tuple[str, ...]:
        """The templates that a request names, as the bank lists them; () if one of them is not to be had."""
        try:
            return tuple(map(self.bank.listed, request.templates))
        except FindingsError as error:
            finding = error.findings[0]
            code = "Q721" if finding.code == "Q412" else finding.code
            self.report(code, finding.message, finding.remedy, request)
            return ()

    def _chosen(self, wanting: Sequence[SlotRequest], named: set[str]) -> tuple[str, ...]:
        hopeless = dict.fromkeys(request for request in wanting if not any(self._fitting(request)))
        for request in hopeless:
            self._report_hopeless(request)
        asked = [request for request in wanting if request not in hopeless]
        rows = [list(self._candidates(request, named)) for request in asked]
        found = matched(rows)
        if not isinstance(found, Unmatched):
            return () if hopeless else found
        blocked = {asked[place] for place in found.places}
        short = [
            request
            for request, row in zip(asked, rows, strict=True)
            if request in blocked or (row and all(mark in found.marks for choice in row for mark in choice.marks))
        ]
        requests = dict.fromkeys(short)
        wanted = "; ".join(dict.fromkeys(request.described for request in requests))
        fitting = dict.fromkeys(name for request in requests for name in self._fitting(request))
        taken = sorted(named.intersection(fitting))
        message = f"{len(short)} template(s) with {wanted} are wanted; the bank has {len(fitting)}"
        if taken:
            message += f", of which {len(taken)} are named by other slots ({', '.join(taken)})"
        else:
            message += f" ({', '.join(fitting)})"
        for word in dict.fromkeys(self._templates[name].one_of for name in fitting):
            alike = [name for name in fitting if word and self._templates[name].one_of == word and name not in named]
            if len(alike) > 1:
                message += f"; of {', '.join(alike)} one quiz shows one (one_of: {word})"
        self.report("Q722", message, "ask for fewer, or name the templates", list(requests)[-1])
        return ()

    def _report_hopeless(self, request: SlotRequest) -> None:
        """Says of a request that no template meets which of its words are in the way."""
        concepts = dict.fromkeys(concept for template in self._templates.values() for concept in template.concepts)
        if request.concept and request.concept not in concepts:
            from quizgen.template.values import did_you_mean

            message = f"no template of the bank is about '{request.concept}'"
            remedy = did_you_mean(request.concept, concepts) or "see the concepts: quizgen list"
            self.report("Q722", message, remedy, request)
            return
        message = f"no template of the bank has {request.described}"
        without = []
        called = {"concept": "concept", "kind": "kind", "bloom": "Bloom level", "difficulty": "difficulty"}
        for field, name_of_it in called.items():
            wider = msgspec.structs.replace(request, **{field: ""})
            names = list(self._fitting(wider)) if getattr(request, field) and wider.described else []
            if names:
                shown = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
                without.append(f"without the {name_of_it} there would be {len(names)} ({shown})")
        remedy = "; ".join(without) or "leave out more than one of these"
        self.report("Q722", message, remedy, request)

    def _candidates(self, request: SlotRequest, named: set[str]) -> Iterator[Candidate[str]]:
        for name in self._fitting(request):
            if name not in named:
                word = self._templates[name].one_of
                yield Candidate(name, (name, f"one_of {word}") if word else (name,))

    def _fitting(self, request: SlotRequest) -> Iterator[str]:
        for name, template in self._templates.items():
            if (
                (not request.concept or request.concept in template.concepts)
                and (not request.kind or template.kind == request.kind)
                and (not request.bloom or template.bloom == request.bloom)
                and (not request.difficulty or any(ways_of_difficulty(template, request.difficulty)))
                and (template.review is None or template.review.status != "retired")
            ):
                yield name

    def _one_of_each(self, places: Sequence[_Place]) -> None:
        """Of templates that share a word under `one_of`, a paper shows one."""
        first: dict[str, str] = {}
        for place in places:
            for name in place.templates:
                word = self._templates[name].one_of
                if word and first.setdefault(word, name) != name:
                    message = f"'{name}' and '{first[word]}' of another slot give each other away (one_of: {word})"
                    self.report("Q725", message, "leave one of them out, or put both into one slot", place.request)

    # ------------------------------------------------------------ one slot

    def plan(self, number: int, place: _Place, variants: int) -> SlotPlan:
        """The plan of a slot with its templates, its radicals fixed."""
        request, templates = place.request, [self._templates[name] for name in place.templates]
        first = templates[0]
        radicals = self._radicals(request, templates)
        where = self.blueprint.document.place(request.path)
        return SlotPlan(
            id=f"s{number:02d}-{first.id}",
            title=request.title or first.title,
            templates=place.templates,
            variants=request.variants or self.blueprint.variants or variants,
            points=request.points if request.points is not None else first.points,
            section=request.section,
            radicals=radicals,
            minutes=request.minutes or Fraction(0),
            difficulty=difficulty_of(first, dict(radicals)),
            place=where,
            line=self.blueprint.document.source.line(where.line),
        )

    def _radicals(self, request: SlotRequest, templates: Sequence[Template]) -> Way:
        """The radicals that the slot fixes: those it asks for, else the first of each template, which must agree."""
        chosen: list[Way] = []
        for template in templates:
            fitting = [way for way in radical_choices(template) if set(request.radicals) <= set(way)]
            if not fitting:
                offered = "; ".join(
                    ", ".join(f"{k}={v}" for k, v in way) or "none" for way in radical_choices(template)
                )
                message = f"'{template.id}' does not have these radicals (it has: {offered})"
                self.report("Q723", message, "choose among them", request)
                return ()
            if request.difficulty:
                fitting = [way for way in fitting if difficulty_of(template, dict(way)) == request.difficulty]
            if not fitting:
                message = f"'{template.id}' is never {request.difficulty} with these radicals"
                self.report("Q723", message, "leave out the difficulty, or ask for another one", request)
                return ()
            chosen.append(fitting[0])
        if len(set(chosen)) > 1:
            names = ", ".join(template.id for template in templates)
            remedy = "fix them by `radicals`, or use a slot for each"
            self.report("Q724", f"the templates {names} of one slot differ in their radicals", remedy, request)
        levels = {difficulty_of(template, dict(way)) for template, way in zip(templates, chosen, strict=True)}
        if len(levels) > 1:
            names = ", ".join(template.id for template in templates)
            said = ", ".join(sorted(level or "none" for level in levels))
            message = f"the templates {names} of one slot differ in difficulty ({said})"
            self.report("Q724", message, "use a slot for each", request)
        return chosen[0]

    # ------------------------------------------------------------ time

    def check_time(self, plans: Sequence[SlotPlan]) -> None:
        """The expected minutes of the questions fit into the time of their section and of the whole."""
        limits: list[tuple[str, int, DataPath, list[SlotPlan]]] = [
            ("the quiz", self.blueprint.minutes, ("minutes",), list(plans))
        ]
        for number, section in enumerate(self.blueprint.sections):
            inside = [plan for plan in plans if plan.section == section.title]
            limits.append((f"section '{section.title}'", section.minutes, ("sections", number), inside))
        for what, limit, path, inside in limits:
            needed = sum((plan.minutes for plan in inside), Fraction(0))
            if limit and needed > limit:
                message = f"the questions of {what} take {_shown(needed)} minutes, there are {limit}"
                self._report_time(message, "give more time, or leave questions out", path)
        together, limit = sum(section.minutes for section in self.blueprint.sections), self.blueprint.minutes
        if limit and together > limit:
            message = f"the sections have {together} minutes together, the quiz has {limit}"
            self._report_time(message, "give the quiz more time, or its sections less", ("minutes",))

    def _report_time(self, message: str, remedy: str, path: DataPath) -> None:
        finding = self.blueprint.document.finding("Q726", message, remedy, path, severity=Severity.ERROR)
        self.findings.append(finding)


def _shown(number: Fraction) -> str:
    return f"{float(number):g}"
