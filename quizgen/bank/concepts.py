"""The concepts of a bank: what has to be known before what, read from ``concepts.yaml``.

    concepts:
      c-log-rules: {name: {en: Logarithm rules, de: Rechenregeln für Logarithmen}, before: []}
      c-log-base: {name: Nats and bits, before: [c-log-rules]}
    related: [[c-log-rules, c-log-base]]

An edge `before` points to what comes earlier; `related` names pairs that illuminate each other without an order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from quizgen.findings import Finding
from quizgen.source import DataPath, Document


class Concept(msgspec.Struct, frozen=True):
    """One concept. names: by language. before: what has to be known first, directly."""

    id: str
    names: Mapping[str, str]
    before: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """The name in a language; in any other, or the id, where it has none."""
        return self.names.get(language) or next(iter(self.names.values()), self.id)


class ConceptGraph(msgspec.Struct, frozen=True, dict=True):
    """All concepts, in the order of the file.

    >>> rules, base = Concept("rules", {"en": "Rules"}), Concept("base", {"en": "Base"}, ("rules",))
    >>> graph = ConceptGraph({"rules": rules, "base": base})
    >>> graph.all_before("base"), graph.levels
    (('rules',), (('rules',), ('base',)))
    """

    concepts: Mapping[str, Concept]
    related: tuple[tuple[str, str], ...] = ()

    def all_before(self, name: str) -> tuple[str, ...]:
        """Everything that has to be known before a concept, near and far, in an order in which it can be learned."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for earlier in self.concepts[waiting.pop()].before:
                if earlier in self.concepts and earlier not in found:
                    found.add(earlier)
                    waiting.append(earlier)
        return tuple(concept for level in self.levels for concept in level if concept in found)

    def after(self, name: str) -> tuple[str, ...]:
        """What builds directly on a concept."""
        return tuple(concept.id for concept in self.concepts.values() if name in concept.before)

    def related_to(self, name: str) -> tuple[str, ...]:
        """What illuminates a concept without coming before or after it."""
        return tuple(other for pair in self.related if name in pair for other in pair if other != name)

    @cached_property
    def levels(self) -> tuple[tuple[str, ...], ...]:
        """The concepts by the longest way that leads to them; what stands in a circle is left out."""
        depth: dict[str, int] = {}
        for name in self._in_order():
            earlier = [depth[before] for before in self.concepts[name].before if before in depth]
            depth[name] = 1 + max(earlier, default=-1)
        highest = max(depth.values(), default=-1)
        return tuple(tuple(name for name in depth if depth[name] == level) for level in range(highest + 1))

    def circle(self) -> tuple[str, ...]:
        """Concepts of which each has to be known before the next, and the last before the first; () if none are."""
        rest = {name: self.concepts[name] for name in self.concepts if name not in set(self._in_order())}
        if not rest:
            return ()
        way = [next(iter(rest))]
        while True:
            earlier = next(name for name in rest[way[-1]].before if name in rest)
            if earlier in way:
                return tuple(reversed(way[way.index(earlier) :]))
            way.append(earlier)

    def _in_order(self) -> tuple[str, ...]:
        """What can be learned, each after everything before it, otherwise in the order of the file."""
        done: dict[str, None] = {}
        while True:
            ready = [
                name
                for name, concept in self.concepts.items()
                if name not in done and all(before in done or before not in self.concepts for before in concept.before)
            ]
            if not ready:
                return tuple(done)
            done.update(dict.fromkeys(ready))


def joined(graphs: Sequence[ConceptGraph]) -> ConceptGraph:
    """Several graphs as one: a concept that two of them have is one concept, the names of the first graph count.

    >>> one = ConceptGraph({"a": Concept("a", {"en": "A"}), "b": Concept("b", {"en": "B"}, ("a",))})
    >>> two = ConceptGraph({"b": Concept("b", {"de": "B!"}), "c": Concept("c", {"en": "C"}, ("b",))}, (("b", "c"),))
    >>> joined([one, two]).levels, joined([one, two]).concepts["b"].names
    ((('a',), ('b',), ('c',)), {'de': 'B!', 'en': 'B'})
    """
    found: dict[str, Concept] = {}
    for graph in graphs:
        for name, concept in graph.concepts.items():
            known = found.get(name, Concept(name, {}))
            before = dict.fromkeys((*known.before, *concept.before))
            found[name] = Concept(name, {**concept.names, **known.names}, tuple(before))
    return ConceptGraph(found, tuple(dict.fromkeys(pair for graph in graphs for pair in graph.related)))


def read_concepts(document: Document, language: str) -> tuple[ConceptGraph, tuple[Finding, ...]]:
    """The concepts of a document and everything that is wrong with them; language: of names that say none."""
    reader = _Reader(document, language)
    return reader.graph(), tuple(reader.findings)


class _Reader:
    def __init__(self, document: Document, language: str) -> None:
        self.document, self.language = document, language
        self.findings: list[Finding] = []

    def report(self, message: str, remedy: str, path: DataPath) -> None:
        self.findings.append(self.document.finding("Q418", message, remedy, path))

    def graph(self) -> ConceptGraph:
        data = self.document.data
        raw, related = (data.get("concepts"), data.get("related", [])) if isinstance(data, dict) else (None, [])
        if not isinstance(raw, dict):
            self.report("there are no concepts", "write `concepts: {c-one: {name: …, before: []}}`", ())
            return ConceptGraph({})
        found = {name: self._concept(name, entry) for name, entry in raw.items()}
        for name, concept in found.items():
            self._check_known(concept.before, found, ("concepts", name, "before"))
        graph = ConceptGraph(found, tuple(self._related(related, found)))
        if circle := graph.circle():
            ring = " → ".join((*circle, circle[0]))
            self.report(f"each of these has to be known before the next: {ring}", "break the circle",
                        ("concepts", circle[0], "before"))  # fmt: skip
        return graph

    def _concept(self, name: str, entry: Any) -> Concept:
        path: DataPath = ("concepts", name)
        fields = entry if isinstance(entry, dict) else {}
        if not fields:
            self.report(f"the concept {name} has no name", "write {name: …, before: []}", path)
        named = fields.get("name", name)
        names = {str(code): str(text) for code, text in named.items()} if isinstance(named, dict) else {}
        before = fields.get("before", [])
        if not isinstance(before, list):
            self.report("`before` must be a list", "write before: [c-one]", (*path, "before"))
            before = []
        return Concept(name, names or {self.language: str(named)}, tuple(map(str, before)))

    def _related(self, pairs: Any, known: Mapping[str, Concept]) -> Iterator[tuple[str, str]]:
        for number, pair in enumerate(pairs if isinstance(pairs, list) else []):
            if not isinstance(pair, list) or len(pair) != 2:
                self.report("related concepts are pairs", "write [c-one, c-two]", ("related", number))
                continue
            self._check_known(pair, known, ("related", number))
            yield str(pair[0]), str(pair[1])

    def _check_known(self, names: Sequence[Any], known: Mapping[str, Concept], path: DataPath) -> None:
        from quizgen.template.values import did_you_mean

        for number, name in enumerate(names):
            if name not in known:
                remedy = did_you_mean(str(name), known) or "add it, or delete it here"
                self.report(f"there is no concept '{name}'", remedy, (*path, number))
