"""A picture of a concept graph: SVG, in which everything stands below what has to be known before it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from textwrap import wrap
from xml.sax.saxutils import escape

import msgspec

from quizgen.bank.concepts import ConceptGraph

BOX_WIDTH, LINE_HEIGHT, PADDING = 164, 15, 9
ROW_GAP, COLUMN_GAP, MARGIN = 46, 18, 20
LANE = 14
"""Width that a line takes where it passes a row without stopping."""

LETTERS = 22
"""Of a line of a name."""

SWEEPS = 24
"""Times that the rows are put into a new order, each by the places of its neighbours."""

_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1d2430}"
    ".box{fill:#f7f5ef;stroke:#7d8590;stroke-width:1}.asked{fill:#dcebf7;stroke:#1f5f8b}"
    ".count{font-size:10px;fill:#4d5866}"
    ".edge{fill:none;stroke:#8a929c;stroke-width:1.2}.related{fill:none;stroke:#c08a2d;stroke-dasharray:4 4}"
)

_Node = tuple[str, ...]
"""``(concept,)``, or ``(earlier, later)`` where a line from one to the other passes a row."""


class _Place(msgspec.Struct, frozen=True):
    """Of a node: the middle of its upper edge, and its height, in pixels."""

    x: int
    top: int
    height: int

    @property
    def bottom(self) -> int:
        return self.top + self.height


def concept_map(graph: ConceptGraph, language: str, title: str, templates: Mapping[str, int] | None = None) -> str:
    """The picture as SVG text. templates: how many questions teach or test each concept; those with any are coloured.

    The order within a row follows the mean place of the neighbours, with a lane of its own for each line that passes
    (Sugiyama, Tagawa and Toda 1981), so that few lines cross and none runs through a box. Same graph, same bytes.

    >>> from quizgen.bank.concepts import Concept
    >>> picture = concept_map(ConceptGraph({"c": Concept("c", {"en": "A < B"})}), "en", "Unit")
    >>> "A &lt; B" in picture, picture.count("<rect")
    (True, 1)
    """
    counts = templates or {}
    chains = _chains(graph)
    rows = _ordered(graph, chains)
    names = [node[0] for row in rows for node in row if len(node) == 1]
    lines = {name: wrap(graph.concepts[name].name(language), LETTERS) or [name] for name in names}
    places, width, height = _places(rows, lines)
    label = escape(title, {'"': "&quot;"})
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{label}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#8a929c"/></marker></defs>',
    ]
    out += [_edge([places[node] for node in chain]) for chain in chains]
    out += [_related(places[(one,)], places[(two,)]) for one, two in graph.related if {one, two} <= set(names)]
    out += [_box(places[(name,)], lines[name], counts.get(name, 0), name) for name in names]
    return "\n".join([*out, "</svg>"]) + "\n"


def _chains(graph: ConceptGraph) -> list[list[_Node]]:
    """Every line from a concept to one that builds on it, with the rows that it passes."""
    level = {name: number for number, names in enumerate(graph.levels) for name in names}
    return [
        [(before,), *[(before, name, str(row)) for row in range(level[before] + 1, level[name])], (name,)]
        for name in level
        for before in graph.concepts[name].before
        if before in level
    ]


def _ordered(graph: ConceptGraph, chains: Sequence[Sequence[_Node]]) -> list[list[_Node]]:
    rows: list[list[_Node]] = [[(name,) for name in names] for names in graph.levels]
    above: dict[_Node, list[_Node]] = {}
    below: dict[_Node, list[_Node]] = {}
    for chain in chains:
        for node in chain[1:-1]:
            rows[int(node[2])].append(node)
        for upper, lower in itertools.pairwise(chain):
            below.setdefault(upper, []).append(lower)
            above.setdefault(lower, []).append(upper)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        near = above if down else below
        for row in rows if down else reversed(rows):
            place = {node: (index + 0.5) / len(r) for r in rows for index, node in enumerate(r)}
            mean = {
                node: sum(place[other] for other in others) / len(others) if (others := near.get(node)) else place[node]
                for node in row
            }
            row.sort(key=lambda node: (round(mean[node], 9), place[node]))
    return rows


def _places(
    rows: Sequence[Sequence[_Node]], lines: Mapping[str, Sequence[str]]
) -> tuple[dict[_Node, _Place], int, int]:
    """Where everything stands, and the width and height of the whole."""
    widest = max((_row_width(row) for row in rows), default=0)
    places: dict[_Node, _Place] = {}
    top = MARGIN
    for row in rows:
        tallest = max(2 * PADDING + LINE_HEIGHT * len(lines[node[0]]) for node in row if len(node) == 1)
        x = MARGIN + (widest - _row_width(row)) // 2
        for node in row:
            width = _width(node)
            height = 2 * PADDING + LINE_HEIGHT * len(lines[node[0]]) if len(node) == 1 else tallest
            places[node] = _Place(x + width // 2, top, height)
            x += width + COLUMN_GAP
        top += tallest + ROW_GAP
    return places, widest + 2 * MARGIN, top - ROW_GAP + MARGIN


def _width(node: _Node) -> int:
    return BOX_WIDTH if len(node) == 1 else LANE


def _row_width(row: Sequence[_Node]) -> int:
    return sum(map(_width, row)) + COLUMN_GAP * (len(row) - 1)


def _edge(way: Sequence[_Place]) -> str:
    start = way[0]
    path = f"M{start.x} {start.bottom}"
    x, y = start.x, start.bottom
    for place in way[1:]:
        bend = (place.top - y) // 2
        path += f"C{x} {y + bend} {place.x} {place.top - bend} {place.x} {place.top - (place is way[-1])}"
        if place is not way[-1]:
            path += f"V{place.bottom}"
        x, y = place.x, place.bottom
    return f'<path class="edge" marker-end="url(#tip)" d="{path}"/>'


def _related(one: _Place, two: _Place) -> str:
    """A bow between two boxes, over their upper edges."""
    (x1, y1), (x2, y2) = (one.x + 30, one.top), (two.x - 30, two.top)
    high = min(y1, y2) - ROW_GAP // 2 - 8
    return f'<path class="related" d="M{x1} {y1}C{x1} {high} {x2} {high} {x2} {y2}"/>'


def _box(place: _Place, lines: Sequence[str], count: int, name: str) -> str:
    x, y, height = place.x - BOX_WIDTH // 2, place.top, place.height
    rows = "".join(
        f'<tspan x="{place.x}" y="{y + PADDING + 11 + LINE_HEIGHT * number}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    corner = f'x="{x + BOX_WIDTH - 5}" y="{y + height - 4}" text-anchor="end"'
    number = f'<text class="count" {corner}>{count}</text>' if count else ""
    return (
        f'<g id="{escape(name)}"><rect class="{"box asked" if count else "box"}" x="{x}" y="{y}" '
        f'width="{BOX_WIDTH}" height="{height}" rx="7"/>'
        f'<text text-anchor="middle">{rows}</text>{number}</g>'
    )
