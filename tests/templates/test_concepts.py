"""The graph of concepts: orders, circles, places of what is wrong, and the picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from quizgen.bank import load_bank
from quizgen.bank.concept_map import concept_map
from quizgen.bank.concepts import Concept, ConceptGraph, read_concepts
from quizgen.cli.program import program
from quizgen.findings import FindingsError
from quizgen.source import read_text

SVG = "{http://www.w3.org/2000/svg}"
BANK = load_bank()


def graph_of(edges: dict[str, list[str]]) -> ConceptGraph:
    return ConceptGraph({name: Concept(name, {"en": name}, tuple(before)) for name, before in edges.items()})


def problems(text: str) -> list[str]:
    return [str(finding) for finding in read_concepts(read_text(text).documents[0], "en")[1]]


graphs = st.dictionaries(st.sampled_from("abcdefg"), st.lists(st.sampled_from("abcdefg"), max_size=3), min_size=1).map(
    lambda edges: graph_of({name: [b for b in before if b in edges] for name, before in edges.items()})
)


@given(graphs)
def test_either_there_is_a_circle_or_everything_has_a_place_after_what_it_needs(graph: ConceptGraph) -> None:
    level = {name: number for number, names in enumerate(graph.levels) for name in names}
    circle = graph.circle()
    if circle:
        following = [*circle[1:], circle[0]]
        assert all(earlier in graph.concepts[later].before for earlier, later in zip(circle, following, strict=True))
    else:
        assert set(level) == set(graph.concepts)
    for name in level:
        assert all(level[before] < level[name] for before in graph.concepts[name].before)
        order = graph.all_before(name)
        assert all(
            before in order[: order.index(earlier)] for earlier in order for before in graph.concepts[earlier].before
        )


def test_the_bank_has_37_concepts_without_a_circle_and_knows_its_neighbours() -> None:
    graph = BANK.concept_graph
    assert len(graph.concepts) == 37
    assert graph.circle() == ()
    assert "c-log-rules" in graph.all_before("c-mlm-nll")
    assert "c-mlm-multi-mask" in graph.related_to("c-mlm-nll")
    assert set(graph.after("c-reduction")) == {"c-perplexity", "c-model-eval"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("concepts: {a: {before: [b]}, b: {before: [c]}, c: {before: [a]}}", ":1:", "has to be known before the next"),
        ("concepts:\n  alpha: {name: A}\n  b: {before: [alhpa]}", ":3:", 'did you mean "alpha"?'),
        ("concepts: {a: {name: A}}\nrelated: [[a, z]]", ":2:", "there is no concept 'z'"),
        ("concepts: {a: {name: A}}\nrelated: [[a]]", ":2:", "related concepts are pairs"),
        ("concepts: {a: {name: A, before: x}}", ":1:", "`before` must be a list"),
        ("concepts: {a: }", ":1:", "has no name"),
        ("other: 1", ":1:", "there are no concepts"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, place: str, words: str) -> None:
    found = "\n".join(problems(text))
    assert words in found
    assert place in found


def test_a_bank_with_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "concepts.yaml").write_text("concepts: {a: {name: A, before: [a]}}")
    (tmp_path / "one.yaml").write_text("template: one\nkind: true-false\nstem: Is it?\nkey: true\n")
    bank = load_bank(tmp_path)
    with pytest.raises(FindingsError, match="a → a"):
        _ = bank.concept_graph
    result = CliRunner().invoke(program, ["check", "--bank", str(tmp_path)])
    assert "Q418" in result.output


def test_every_concept_is_drawn_once_below_what_comes_before_it() -> None:
    graph = BANK.concept_graph
    root = ET.fromstring(concept_map(graph, "de", "Die Bank", {"c-mlm-nll": 3}))
    boxes = {group.get("id"): group.find(f"{SVG}rect") for group in root.findall(f"{SVG}g")}
    assert set(boxes) == set(graph.concepts)
    top = {name: int(box.get("y", "")) for name, box in boxes.items() if name and box is not None}
    spans = {
        name: (int(box.get("x", "")), int(box.get("width", "")))
        for name, box in boxes.items()
        if name and box is not None
    }
    for name, concept in graph.concepts.items():
        assert all(top[before] < top[name] for before in concept.before)
    for one, (x, width) in spans.items():
        assert not any(top[one] == top[two] and x <= spans[two][0] < x + width for two in spans if two != one)
    edges = [path for path in root.findall(f"{SVG}path") if path.get("class") == "edge"]
    assert len(edges) == sum(len(concept.before) for concept in graph.concepts.values())


def test_list_draws_the_graph_and_tells_of_a_concept(tmp_path: Path) -> None:
    file = tmp_path / "graph.svg"
    result = CliRunner().invoke(program, ["list", "--graph", str(file), "--language", "de"])
    assert result.exit_code == 0, result.output
    ET.parse(file)
    result = CliRunner().invoke(program, ["list", "--concept", "c-mlm-nll"])
    assert "learn before:" in result.output
    assert "learn after: " in result.output


def test_the_picture_overwrites_no_other_file(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    assert CliRunner().invoke(program, ["list", "--graph", str(file)]).exit_code
    assert file.read_text() == "mine"
