"""Blueprints: what an exam consists of, slot by slot, from a YAML file.

    title: Midterm
    language: en
    variants: 30
    slots:
      - {template: obj-expression-choice, points: 2, radicals: {masks.count: 3}}
      - {concept: c-mlm-nll, kind: numeric, count: 2, section: Calculation}
      - {bloom: understand, points: 1}

A slot names its template, several of them, or what the template must be about; then the first templates of the
bank that fit and are not used yet are taken. A blueprint that cannot be met says which slot lacks what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from quizgen.assembly import SlotPlan
from quizgen.findings import Finding, FindingsError
from quizgen.generator.radicals import radical_choices
from quizgen.model import KINDS
from quizgen.source import DataPath, Document, read_source

if TYPE_CHECKING:
    from quizgen.bank import Bank, Listing

MOST_SLOTS = 500
MOST_VARIANTS = 100_000
_SLOT_KEYS = (
    "template",
    "templates",
    "concept",
    "kind",
    "bloom",
    "count",
    "points",
    "variants",
    "radicals",
    "section",
    "title",
)
_KEYS = ("title", "language", "variants", "slots")


class SlotRequest(msgspec.Struct, frozen=True):
    """One entry of the blueprint. templates: named ones; else concept, kind and bloom say what is wanted."""

    path: DataPath
    templates: tuple[str, ...] = ()
    concept: str = ""
    kind: str = ""
    bloom: str = ""
    count: int = 1
    points: Fraction | None = None
    variants: int | None = None
    radicals: tuple[tuple[str, str], ...] = ()
    section: str = ""
    title: str = ""


class Blueprint(msgspec.Struct, frozen=True):
    """A blueprint as it was read; `document` knows the places."""

    document: Document
    slots: tuple[SlotRequest, ...]
    title: str = ""
    language: str = ""
    variants: int | None = None


def read_blueprint(path: Path) -> Blueprint:
    """The blueprint of a YAML file. Raises FindingsError with everything that is wrong with its shape."""
    source = read_source(path)
    reader = _Reader(source.documents[0])
    blueprint = reader.blueprint()
    if reader.findings:
        raise FindingsError(reader.findings)
    return blueprint


def plan_blueprint(blueprint: Blueprint, bank: Bank, variants: int = 20) -> tuple[SlotPlan, ...]:
    """The slots of a blueprint with templates of the bank.

    variants: the size of a pool where the blueprint says nothing. Raises FindingsError that names every slot that
    cannot be met, and what is lacking.
    """
    findings: list[Finding] = []
    plans: list[SlotPlan] = []
    used: set[str] = set()
    rows = bank.listing()
    for request in blueprint.slots:
        for templates in _templates(blueprint.document, request, rows, used, findings):
            used.update(templates)
            first = bank.template(templates[0])
            radicals = _radicals(blueprint.document, request, [bank.template(name) for name in templates], findings)
            plans.append(
                SlotPlan(
                    id=f"s{len(plans) + 1:02d}-{templates[0]}",
                    title=request.title or first.title,
                    templates=templates,
                    variants=request.variants or blueprint.variants or variants,
                    points=request.points if request.points is not None else first.points,
                    section=request.section,
                    radicals=radicals,
                )
            )
    if findings:
        raise FindingsError(findings)
    return tuple(plans)


def _templates(
    document: Document, request: SlotRequest, rows: Sequence[Listing], used: set[str], findings: list[Finding]
) -> list[tuple[str, ...]]:
    """The templates of each of the slots that a request stands for."""
    known = {row.template for row in rows}
    if request.templates:
        unknown = [name for name in request.templates if name not in known]
        if unknown:
            from quizgen.template.values import did_you_mean

            remedy = did_you_mean(unknown[0], known) or "see: quizgen list"
            findings.append(document.finding("Q721", f"the bank has no template '{unknown[0]}'", remedy, request.path))
            return []
        return [request.templates] * request.count
    fitting = [
        row.template
        for row in rows
        if (not request.concept or request.concept in row.concepts)
        and (not request.kind or row.kind == request.kind)
        and (not request.bloom or row.bloom == request.bloom)
    ]
    free = [name for name in fitting if name not in used]
    if len(free) < request.count:
        wanted = ", ".join(
            f"{k} {v}" for k, v in (("concept", request.concept), ("kind", request.kind), ("bloom", request.bloom)) if v
        )
        findings.append(
            document.finding(
                "Q722",
                f"{request.count} template(s) with {wanted} are wanted; the bank has {len(fitting)}, of which "
                f"{len(fitting) - len(free)} stand in earlier slots",
                "ask for fewer, or name the templates",
                request.path,
            )
        )
        return []
    return [(name,) for name in free[: request.count]]


def _radicals(
    document: Document, request: SlotRequest, templates: Sequence[Any], findings: list[Finding]
) -> tuple[tuple[str, str], ...]:
    """The radicals that the slot fixes: those it names, else the first of each template, which must agree."""
    chosen = []
    for template in templates:
        ways = [way for way in radical_choices(template) if set(request.radicals) <= set(way)]
        if not ways:
            offered = "; ".join(", ".join(f"{k}={v}" for k, v in way) or "none" for way in radical_choices(template))
            findings.append(
                document.finding(
                    "Q723",
                    f"'{template.id}' does not have these radicals (it has: {offered})",
                    "choose among them",
                    request.path,
                )
            )
            return ()
        chosen.append(ways[0])
    if len(set(chosen)) > 1:
        findings.append(
            document.finding(
                "Q724",
                f"the templates {', '.join(t.id for t in templates)} of one slot differ in their radicals",
                "fix them by `radicals`, or use a slot for each",
                request.path,
            )
        )
    return chosen[0]


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []

    def report(self, message: str, remedy: str, path: DataPath) -> None:
        self.findings.append(self.document.finding("Q720", message, remedy, path))

    def blueprint(self) -> Blueprint:
        data = self.document.data
        if not isinstance(data, dict):
            self.report("a blueprint is a mapping with `slots`", "write `slots: [...]`", ())
            return Blueprint(self.document, ())
        self._known(data, _KEYS, ())
        slots = data.get("slots")
        if not isinstance(slots, list) or not slots or len(slots) > MOST_SLOTS:
            self.report(
                f"`slots` must be a list of 1 to {MOST_SLOTS} slots", "write `slots: [{template: …}]`", ("slots",)
            )
            slots = []
        requests = [self._slot(slot, ("slots", number)) for number, slot in enumerate(slots)]
        return Blueprint(
            document=self.document,
            slots=tuple(request for request in requests if request is not None),
            title=self._text(data, "title", ()),
            language=self._text(data, "language", ()),
            variants=self._count(data, "variants", (), MOST_VARIANTS),
        )

    def _slot(self, slot: Any, path: DataPath) -> SlotRequest | None:
        if not isinstance(slot, dict):
            self.report("a slot is a mapping such as {template: name, points: 2}", "name its template", path)
            return None
        self._known(slot, _SLOT_KEYS, path)
        names = slot.get("templates", slot.get("template", []))
        templates = tuple(str(name) for name in names) if isinstance(names, list) else (str(names),)
        if not templates and not any(slot.get(key) for key in ("concept", "kind", "bloom")):
            self.report("a slot needs a template, or a concept, kind or bloom level", "add one of them", path)
        kind = self._text(slot, "kind", path)
        if kind and kind not in KINDS:
            self.report(f"there is no kind '{kind}'", f"use one of: {', '.join(KINDS)}", (*path, "kind"))
        radicals = slot.get("radicals", {})
        return SlotRequest(
            path=path,
            templates=templates,
            concept=self._text(slot, "concept", path),
            kind=kind,
            bloom=self._text(slot, "bloom", path),
            count=self._count(slot, "count", path, MOST_SLOTS) or 1,
            points=self._points(slot, path),
            variants=self._count(slot, "variants", path, MOST_VARIANTS),
            radicals=tuple(sorted((str(k), str(v)) for k, v in radicals.items())) if isinstance(radicals, dict) else (),
            section=self._text(slot, "section", path),
            title=self._text(slot, "title", path),
        )

    def _known(self, data: Mapping[str, Any], keys: Sequence[str], path: DataPath) -> None:
        from quizgen.template.values import did_you_mean

        for key in data:
            if key not in keys:
                message, remedy = f"there is no key '{key}' here", did_you_mean(key, keys)
                self.findings.append(self.document.finding("Q720", message, remedy, (*path, key), of="key"))

    def _text(self, data: Mapping[str, Any], key: str, path: DataPath) -> str:
        value = data.get(key, "")
        if not isinstance(value, str):
            self.report(f"`{key}` must be a text", "write one line of text", (*path, key))
            return ""
        return value

    def _count(self, data: Mapping[str, Any], key: str, path: DataPath, most: int) -> int | None:
        value = data.get(key)
        if value is None:
            return None
        if (
            isinstance(value, str)
            and value.isascii()
            and value.isdigit()
            and len(value) < 9
            and 1 <= int(value) <= most
        ):
            return int(value)
        self.report(f"`{key}` must be a whole number from 1 to {most}", "write such a number", (*path, key))
        return None

    def _points(self, data: Mapping[str, Any], path: DataPath) -> Fraction | None:
        value = data.get("points")
        if value is None:
            return None
        try:
            points = (
                Fraction(value) if isinstance(value, str) and len(value) <= 20 and "e" not in value.lower() else None
            )
        except (ValueError, ZeroDivisionError):
            points = None
        if points is None or not 0 < points <= 1000:
            self.report("`points` must be a number above 0, at most 1000", "write 2 or 1/2", (*path, "points"))
            return None
        return points
