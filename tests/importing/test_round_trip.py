"""What we export and import again is the same question: same texts, same options, same mark for the same answer."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec
import pytest

from grading.answersheet import PartKey
from grading.keys import EssayKey, MatchingKey, MultipleAnswerKey, NumericKey, OrderingKey, TextKey
from grading.marking import canonical_responses, grade_item
from quizgen.archive import write_archive
from quizgen.assembly import assemble
from quizgen.bank import load_bank
from quizgen.content import Block
from quizgen.exporters import gift, moodle_xml
from quizgen.exporters.contract import Level, Options
from quizgen.exporters.moodle_xml.fidelity import fidelity, is_split
from quizgen.exporters.rendering.decimals import decimal, value_of
from quizgen.exporters.rendering.gaps import gaps
from quizgen.exporters.rendering.html import Dialect, block_html, inline_html
from quizgen.exporters.rendering.text import inline_text
from quizgen.exporters.stand_in import chosen, chosen_key
from quizgen.generator import generate
from quizgen.importing import Made, read_questions, write_templates
from quizgen.model import GeneratedItem, Part
from quizgen.sampling.draws import Source
from quizgen.source import read_text
from quizgen.template import read_template
from tests.exporters import example_items as examples

SOURCE = Source(seed=5)


def imported(folder, items, quiz, format_=moodle_xml) -> tuple[dict[str, GeneratedItem], Made, Any]:
    """The items again, by the code of the one that they come from."""
    archive = write_archive(folder / "quiz", quiz, items)
    path = folder / format_.PATH
    path.write_bytes(b"".join(chunk for _, chunk in format_.write(archive, Options())))
    read = read_questions(path)
    made = write_templates(folder / "bank", read.questions)
    bank = load_bank(folder / "bank")
    again = {
        code_of(written.question.name): generate(written.template, bank=bank, source=SOURCE) for written in made.written
    }
    return again, made, read


def as_exported(generated: GeneratedItem) -> GeneratedItem:
    """A question of several numbers as the single choice that platforms get; it comes back as that."""
    return GeneratedItem(chosen(generated.item), chosen_key(generated.key))


def code_of(name: str) -> str:
    """The code of a question, and the number of the part if it is one of several that were one item."""
    found = re.match(r"\S+(?: \(\d/\d\))?", name)
    assert found
    return found[0]


TAGS = ("strong", "em", "code", "li", "td", "pre", "br")
SHOWN = Dialect(
    text=lambda text: text.replace("<", "‹"),
    formula=lambda formula: "".join(formula.latex.split()),
    tokens=lambda tokens: f"<code>{inline_text((tokens,))}</code>",
    gap=lambda part: "____",
)


def together(blocks: tuple[Block, ...]) -> tuple[str, Counter[str]]:
    """As `words`, without spaces: two formulas that stand side by side come back with one between them."""
    text, marks = words(blocks)
    return "".join(text.split()), marks


def words(blocks: tuple[Block, ...]) -> tuple[str, Counter[str]]:
    """What a reader sees, formulas in LaTeX, and how often each mark-up occurs."""
    html = block_html(blocks, SHOWN)
    html = re.sub(r"(<table[^>]*>)<caption>(.*?)</caption>", r"<p>\2</p>\1", html)
    return " ".join(re.sub(r"<[^>]*>", " ", html).split()), Counter(
        tag for tag in TAGS for _ in re.findall(f"<{tag}[ >]", html)
    )


def options(part: Part) -> dict[str, str]:
    """The options by id as they are shown; right sides of a matching are plain texts in Moodle."""
    interaction: Any = part.interaction
    shown = {
        option.id: inline_html(option.content, SHOWN)
        for name in ("options", "left", "entries")
        for option in getattr(interaction, name, ())
    }
    return shown | {option.id: "→ " + inline_text(option.content) for option in getattr(interaction, "right", ())}


def lines(key) -> list[str]:
    return [" ".join(hint.split()) for hint in key.hints]


def part_order(generated: GeneratedItem) -> list[int]:
    """The parts in the order of their gaps."""
    ids = [part.id for part in generated.item.parts]
    shown = list(gaps(generated.item.stem))
    return [ids.index(id_) for id_ in (*shown, *(id_ for id_ in ids if id_ not in shown))]


class Pair(NamedTuple):
    """A part and its key."""

    part: Part
    key: PartKey


def translated(response: Any, old: Pair, new: Pair) -> Any:
    """A response to the old key as one to the new key: ids by what they show."""
    shown, ids = options(old.part), {text: id_ for id_, text in options(new.part).items()}

    def other(id_: Any) -> Any:
        return ids[shown[id_]] if isinstance(id_, str) and id_ in shown else id_

    if isinstance(response, list):
        found = [other(id_) for id_ in response]
        return found if isinstance(old.key.key, OrderingKey) else sorted(found)
    if isinstance(response, dict):
        return {other(left): other(right) for left, right in response.items()}
    return other(response)


def compare(old: GeneratedItem, new: GeneratedItem, lost: tuple[str, ...] = (), hints: bool = True) -> int:
    """Compares two items and how they are marked; how many responses were compared. lost: reasons that were given."""
    assert together(new.key.solution) == together(old.key.solution)
    assert lines(new.key) == (lines(old.key) if hints else [])
    assert (new.item.title, new.item.bloom, new.item.concepts) == (old.item.title, old.item.bloom, old.item.concepts)
    olds = [Pair(*both) for both in zip(old.item.parts, old.key.parts, strict=True)]
    news = [Pair(*both) for both in zip(new.item.parts, new.key.parts, strict=True)]
    pairs = list(zip([olds[place] for place in part_order(old)], news, strict=True))
    several = len(pairs) > 1
    if several:
        assert new.item.kind == old.item.kind
        assert words(new.item.stem) == words(old.item.stem)
        for before, after in pairs:
            assert words(after.part.prompt) == words(before.part.prompt)
            assert getattr(after.part.interaction, "unit", "") == getattr(before.part.interaction, "unit", "")
    else:
        assert words(new.item.stem) == words(old.item.stem + old.item.parts[0].prompt)
        assert new.item.kind == old.item.kind or old.item.id.startswith("one-token-partly")
        assert getattr(news[0].part.interaction, "unit", "") == getattr(olds[0].part.interaction, "unit", "")
    for before, after in pairs:
        compare_keys(before, after, lost)
    compared = 0
    for expected in canonical_responses(old.key):
        response = expected.response
        if several:
            if not isinstance(response, dict) or not set(response) <= {before.part.id for before, _ in pairs}:
                continue
            given: Any = {
                after.part.id: translated(response[before.part.id], before, after)
                for before, after in pairs
                if before.part.id in response
            }
        else:
            given = translated(response, *pairs[0])
        one, two = grade_item(old.key, response), grade_item(new.key, given)
        assert (two.verdict, two.score) == (one.verdict, one.score), (old.item.id, response, given)
        compared += 1
    return compared


def compare_keys(old: Pair, new: Pair, lost: tuple[str, ...] = ()) -> None:
    assert new.part.weight == old.part.weight
    assert type(new.key.key) is type(old.key.key)
    assert sorted(options(new.part).values()) == sorted(options(old.part).values())
    if not lost:
        assert told(new) == told(old)
    match old.key.key, new.key.key:
        case EssayKey() as one, EssayKey() as two:
            assert two == one
        case MultipleAnswerKey() as one, MultipleAnswerKey() as two:
            assert two.scoring == one.scoring
        case TextKey() as one, TextKey() as two:
            assert (two.comparison, two.case_sensitive) == (one.comparison, one.case_sensitive)
        case NumericKey() as one, NumericKey() as two:
            assert two.tolerance == one.tolerance
            assert [(band.within, band.credit) for band in two.bands] == [(b.within, b.credit) for b in one.bands]
        case OrderingKey() as one, OrderingKey() as two:
            assert two.scoring == one.scoring


def told(pair: Pair) -> list[tuple[str, Fraction, str]]:
    """The known wrong answers as they are shown, what each earns and what is said about it."""
    shown = options(pair.part)

    def named(value: str) -> str:
        if isinstance(pair.key.key, MatchingKey | OrderingKey):
            return ", ".join(shown[id_] for id_ in re.split("[= ]", value))
        if isinstance(pair.key.key, NumericKey):
            return decimal(value_of(value))
        return shown.get(value, value)

    return sorted(
        (named(rival.value), rival.credit, (rival.feedback or rival.title).replace("*", ""))
        for rival in getattr(pair.key.key, "rivals", ())
        if rival.credit or rival.feedback or rival.title
    )


FORMULAS = {"obj-write-symbolic", "obj-write-up-to-optimum"}
"""Templates whose answer is a formula, of which Moodle keeps only words: the report names them."""

SPLIT = {"case-two-steps"}
"""Items with a part that no gap can hold (an essay): one question for each part."""


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_bank_comes_back(tmp_path, language):
    bank = load_bank()
    assembly = assemble(bank, [*bank.documents], variants=1, source=Source(seed=11), language=language)
    items = {generated.item.code: generated for generated in assembly.items()}
    again, made, read = imported(tmp_path, tuple(items.values()), assembly.quiz)
    items = {code: as_exported(generated) for code, generated in items.items()}
    assert made.lost == ()
    assert all(loss.whole and "a formula is marked by its expression" in loss.reason for loss in read.lost)
    assert {items[code_of(loss.question)].item.template for loss in read.lost} == FORMULAS
    apart = {code for code, old in items.items() if is_split(old.item, old.key)}
    assert {items[code].item.template for code in apart} == SPLIT
    compared = {
        old.item.template: compare(old, again[code])
        for code, old in items.items()
        if code not in apart and old.item.template not in FORMULAS
    }
    assert set(compared) == set(bank.documents) - FORMULAS - SPLIT
    assert sum(compared.values()) > 4 * len(compared)
    for code in apart:
        parts = items[code].item.parts
        for number, old in enumerate(zip(parts, items[code].key.parts, strict=True), 1):
            new = again[f"{code} ({number}/{len(parts)})"]
            compare_keys(
                Pair(*old), Pair(msgspec.structs.replace(new.item.parts[0], weight=old[0].weight), new.key.parts[0])
            )


EXAMPLES = [
    g
    for g in map(as_exported, examples.everything())
    if fidelity(g.item, g.key).level is Level.EXACT and not is_split(g.item, g.key)
]


@pytest.mark.parametrize("generated", EXAMPLES, ids=lambda g: g.item.id)
def test_an_example_comes_back(tmp_path, generated):
    again, made, read = imported(tmp_path, (generated,), examples.quiz_of((generated,)))
    assert not made.lost
    assert not [loss for loss in read.lost if loss.whole]
    assert compare(generated, again[generated.item.code], tuple(loss.reason for loss in read.lost)) >= 1


KNOWN_MISTAKES = {
    "pairs": """kind: matching
key: {a: one, b: two, c: three}
wrong: [{text: four, misconception: all-tokens, instead_of: [a, c]}]
confused: {static-dynamic-swap: [a, b], flip-sign: {c: a}}""",
    "order": """kind: ordering
key: [a, b, c]
confused: {flip-sign: [c, b, a], only-last-mask: [c, a, b]}""",
    "one-value": """kind: numeric
key: {value: 5, tolerance: exact}
wrong: {off-by-one-positions: [4, 6], flip-sign: 4}""",
    "texts": """kind: short-answer
key: blue
wrong: {off-by-one-positions: [green, red], flip-sign: black}""",
    "several": """kind: parts
parts:
  first: {kind: multiple-answer, prompt: Which?, key: [{flip-sign: a}, b], wrong: [{all-tokens: c}, d], weight: 1/4}
  second: {kind: numeric, prompt: '**How many?**', key: {value: 2, unit: nats}, weight: 3/4}""",
}


@pytest.mark.parametrize("name", KNOWN_MISTAKES)
def test_known_mistakes_come_back(tmp_path, name):
    text = f"template: {name}\nstem: What is it?\n{KNOWN_MISTAKES[name]}\n"
    old = generate(read_template(read_text(text).documents[0]), bank=load_bank(), source=SOURCE)
    assert any(told(Pair(*both)) for both in zip(old.item.parts, old.key.parts, strict=True))
    again, made, read = imported(tmp_path, (old,), examples.quiz_of((old,)))
    assert (made.lost, read.lost) == ((), ())
    assert compare(old, again[old.item.code]) >= 1


def test_what_is_said_about_a_mistake_without_a_name_is_reported(tmp_path):
    text = "template: t\nkind: ordering\nstem: What?\nkey: [a, b, c]\nconfused: {flip-sign: [c, b, a]}\n"
    old = generate(read_template(read_text(text).documents[0]), bank=load_bank(), source=SOURCE)
    (part,) = old.key.parts
    (rival,) = part.key.rivals
    own = msgspec.structs.replace(rival, feedback="Not the words of any misconception.")
    part = msgspec.structs.replace(part, key=msgspec.structs.replace(part.key, rivals=(own,)))
    old = msgspec.structs.replace(old, key=msgspec.structs.replace(old.key, parts=(part,)))
    _, _, read = imported(tmp_path, (old,), examples.quiz_of((old,)))
    assert [loss.reason for loss in read.lost] == ["what is said about a known wrong order is left out"]


def is_kept_by_gift(generated: GeneratedItem) -> bool:
    """Orders come back as matchings, essays without their rubric, several parts as questions of their own."""
    exact = gift.FORMAT.fidelity(generated.item, generated.key).level is Level.EXACT
    return exact and generated.item.kind not in ("ordering", "essay")


def test_the_bank_comes_back_from_gift(tmp_path):
    bank = load_bank()
    assembly = assemble(bank, [*bank.documents], variants=1, source=Source(seed=11), language="de")
    items = tuple(assembly.items())
    again, made, read = imported(tmp_path, items, assembly.quiz, gift)
    items = tuple(map(as_exported, items))
    assert made.lost == ()
    named = {loss.question.split()[0] for loss in read.lost}
    compared = {
        old.item.id: compare(old, again[old.item.code], hints=False)
        for old in items
        if is_kept_by_gift(old) and old.item.code not in named
    }
    assert {old.item.kind for old in items if old.item.id in compared} >= {
        "single-choice", "multiple-answer", "true-false", "numeric", "matching", "short-answer",
    }  # fmt: skip
    assert len(compared) > sum(map(is_kept_by_gift, items)) * 3 / 4
    assert sum(compared.values()) > 4 * len(compared)


@pytest.mark.parametrize("generated", [*filter(is_kept_by_gift, EXAMPLES)], ids=lambda g: g.item.id)
def test_an_example_comes_back_from_gift(tmp_path, generated):
    again, made, read = imported(tmp_path, (generated,), examples.quiz_of((generated,)), gift)
    assert not made.lost
    assert not [loss for loss in read.lost if loss.whole]
    lost = tuple(loss.reason for loss in read.lost)
    assert compare(generated, again[generated.item.code], lost, hints=False) >= 1


def test_units_behind_gaps_of_the_stem_come_back(tmp_path):
    text = """template: t
kind: cloze
stem: "It is {{ gap.g1 }}, that is {{ gap.g2 }}, or {{ gap.g3 }} more."
parts:
  g1: {kind: numeric, key: {value: 2, unit: nats}, weight: 1/4}
  g2: {kind: numeric, key: {value: 3, unit: bits}, weight: 1/4}
  g3: {kind: numeric, key: 1, weight: 1/2}
"""
    old = generate(read_template(read_text(text).documents[0]), bank=load_bank(), source=SOURCE)
    again, made, read = imported(tmp_path, (old,), examples.quiz_of((old,)))
    assert (made.lost, read.lost) == ((), ())
    assert compare(old, again[old.item.code]) >= 1
    assert again[old.item.code].item.stem == old.item.stem
