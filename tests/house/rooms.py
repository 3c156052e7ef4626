"""The rooms of the house, from the ground up, and a reader of who imports whom.

A module imports only from rooms above its own in `ROOMS`, and from its own. Imports inside functions and under
TYPE_CHECKING count: they are dependencies of the design all the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGES = ("grading", "quizgen")

ROOMS: tuple[tuple[str, ...], ...] = (
    # the judge
    ("grading.expressions",),
    ("grading.wording",),
    ("grading.verdicts", "grading.keys"),
    ("grading.answersheet",),
    ("grading.letters",),
    ("grading.labels",),
    ("grading.text",),
    ("grading.parsing",),
    ("grading.writing",),
    ("grading.echo", "grading.help"),
    ("grading.atoms", "grading.unknowns", "grading.integers"),
    ("grading.bernstein", "grading.residues"),
    ("grading.polynomials",),
    ("grading.univariate", "grading.algebra_worker"),
    ("grading.factoring", "grading.worker"),
    ("grading.ranges",),
    ("grading.multiplied",),
    ("grading.positivity",),
    ("grading.forms",),
    ("grading.arithmetic", "grading.canonical", "grading.slow"),
    ("grading.cases", "grading.frames"),
    ("grading.gaps",),
    ("grading.fixedpoint",),
    ("grading.enclosures", "grading.points", "grading.witness"),
    ("grading.comparisons",),
    ("grading.searching",),
    ("grading.equivalence",),
    ("grading.rivals", "grading.closed"),
    ("grading.derivative", "grading.requirements"),
    ("grading.signs",),
    ("grading.changes", "grading.relations"),
    ("grading.structure",),
    ("grading.given", "grading.reals"),
    ("grading.diagnosis", "grading.joint"),
    ("grading.graders",),
    ("grading.amending", "grading.marking"),
    ("grading.judge",),
    ("grading.identifiers",),
    ("grading.responses",),
    ("grading.policy", "grading.decisions"),
    ("grading.csvblocks", "grading.numberline"),
    ("grading.distinct", "grading.workers"),
    ("grading.gathering", "grading.crew"),
    ("grading.bulk",),
    ("grading.cluster",),
    ("grading.tally",),
    ("grading.classresult",),
    ("grading.statistics",),
    ("grading",),
    # the maker
    ("quizgen.findings", "quizgen.source", "quizgen.source_errors", "quizgen.source_scalars"),
    ("quizgen.content", "quizgen.folders", "quizgen.garbage"),
    ("quizgen.pieces", "quizgen.processes", "quizgen.spreadsheet"),
    ("quizgen.markup",),
    ("quizgen.model",),
    ("quizgen.archive", "quizgen.roster"),
    ("quizgen.objective",),
    ("quizgen.misconceptions",),
    ("quizgen.sampling",),
    ("quizgen.template",),
    ("quizgen.markup", "quizgen.formulas"),
    ("quizgen.scaffold",),
    ("quizgen.bank",),
    ("quizgen.distractors",),
    ("quizgen.generator",),
    ("quizgen.blueprint", "quizgen.assembly"),
    ("quizgen.checks", "quizgen.differences"),
    ("quizgen.exporters",),
    ("quizgen.importing",),
    ("quizgen.printed", "quizgen.class_report"),
    ("quizgen.schemas",),
    ("quizgen.simulation", "quizgen.marks", "quizgen.course_rules", "quizgen.amendments"),
    ("quizgen.simulated_reports",),
    ("quizgen.regrade", "quizgen.reconciling", "quizgen.integrity", "quizgen.review", "quizgen.learner_feedback"),
    ("quizgen.book",),
    ("quizgen",),
    ("quizgen.cli",),
    ("quizgen.__main__",),
)

SEPARATE: tuple[tuple[str, str], ...] = (
    # An exporter sees items only: no template, no seed, no random numbers.
    ("quizgen.exporters", "quizgen.template"),
    ("quizgen.exporters", "quizgen.bank"),
    ("quizgen.exporters", "quizgen.generator"),
    ("quizgen.exporters", "quizgen.sampling"),
    # The archive grades without the bank and without the engine that made it.
    ("quizgen.archive", "quizgen.template"),
    # Credit is decided by the key alone: grading sees keys, never stems or formats.
    ("grading", "quizgen"),
)


class Import(NamedTuple):
    """One import. module: who imports; imported: what, as a dotted name; place: ``file:line``."""

    module: str
    imported: str
    place: str


def modules(root: Path) -> list[Path]:
    """The files of the two packages below `root`."""
    return [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]


def imports_of(root: Path, paths: Iterable[Path]) -> Iterator[Import]:
    """Every import in these files that names one of the two packages."""
    for path in paths:
        relative = path.relative_to(root)
        parts = relative.with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for name in _names(node, path, root):
                    if name.split(".")[0] in PACKAGES:
                        yield Import(module, name, f"{relative}:{node.lineno}")


def _names(node: ast.Import | ast.ImportFrom, path: Path, root: Path) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    else:
        base = path.relative_to(root).parts[: -node.level] if node.level else ()
        origin = (*base, *(node.module.split(".") if node.module else ()))
        for alias in node.names:
            if alias.name == "__version__":
                continue
            inner = root.joinpath(*origin, alias.name)
            is_module = inner.is_dir() or inner.with_suffix(".py").exists()
            yield ".".join((*origin, alias.name) if is_module else origin)


def room_of(module: str) -> int | None:
    """The number of the room that a module is in: the longest name in `ROOMS` that begins it."""
    found = [
        (len(name), number)
        for number, names in enumerate(ROOMS)
        for name in names
        if module == name or (name not in PACKAGES and module.startswith(name + "."))
    ]
    return max(found)[1] if found else None


def violations(root: Path, paths: Iterable[Path] | None = None) -> list[str]:
    """Every import that points the wrong way, as a sentence with its place; paths: only in these files."""
    complaints: dict[str, None] = {}
    for found in imports_of(root, modules(root) if paths is None else paths):
        here, there = room_of(found.module), room_of(found.imported)
        for module, room in ((found.module, here), (found.imported, there)):
            if room is None:
                file = found.place.split(":")[0] if module == found.module else found.place
                complaints[f"{file}: {module} is in no room; give it one in {Path(__file__).name}"] = None
        if here is None or there is None:
            continue
        if there > here:
            wrong = f"{found.place}: {found.module} imports {found.imported}, which is further down the house"
            complaints[wrong] = None
        for upper, lower in SEPARATE:
            if _inside(found.module, upper) and _inside(found.imported, lower):
                wrong = f"{found.place}: {found.module} must not know {lower}, and imports {found.imported}"
                complaints[wrong] = None
    return list(complaints)


def _inside(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")
