"""Other objectives than masked language modelling, computed anew from the text of the items.

Nothing of the maker's formulas is used here: words and numbers are read off the stem as a learner reads them, keys and
wrong answers are computed with `math` and compared with those of the item.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import msgspec
import pytest

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, MatchingKey, MultipleAnswerKey, NumericKey, TextKey
from quizgen.generator import Generator
from quizgen.generator.radicals import radical_choices
from quizgen.model import GeneratedItem
from quizgen.sampling.draws import Source
from tests.bank.independent.value import value
from tests.bank.templates import BANK, TEMPLATES, fixed

VARIANTS = 40


def items(name: str) -> Iterator[tuple[GeneratedItem, dict[str, str]]]:
    """Variants of every choice of radicals, drawn for this test alone."""
    choices = radical_choices(TEMPLATES[name])
    for radicals in choices:
        generator = Generator(TEMPLATES[name], BANK, Source(seed="independent"), radicals=dict(radicals))
        for variant in range(VARIANTS // len(choices) + 3):
            yield generator.item(variant), dict(radicals)


def shown(node: object) -> str:
    """What is read on the page; numbered tokens with their numbers."""
    if isinstance(node, tuple):
        return " ".join(map(shown, node))
    if hasattr(node, "unicode"):
        return str(node.unicode)
    if hasattr(node, "tokens"):
        numbered = enumerate(node.tokens, node.first)
        return " ".join(f"{token}@{k}" if node.numbered else token for k, token in numbered)
    if isinstance(node, str):
        return node
    if isinstance(node, msgspec.Struct):
        return " ".join(shown(getattr(node, field)) for field in node.__struct_fields__ if field != "ordered")
    return ""


def stem(item: GeneratedItem) -> str:
    return re.sub(r"\s+", " ", shown(item.item.stem))


def found(pattern: str, text: str) -> tuple[str, ...]:
    match = re.search(pattern, text)
    assert match is not None, (pattern, text)
    return match.groups()


def part_of(item: GeneratedItem, part: str = "answer") -> PartKey:
    return next(entry for entry in item.key.parts if entry.id == part)


def compare_numbers(item: GeneratedItem, part: str, key: float, wrong: dict[str, float], apart: float) -> set[str]:
    """The key and every wrong number of a part, which lie `apart` from the key; returns which wrong ones are there."""
    numeric = part_of(item, part).key
    assert isinstance(numeric, NumericKey)
    assert math.isclose(value(numeric.value), key, rel_tol=1e-9, abs_tol=1e-12), (numeric.value, key)
    names = set()
    for rival in numeric.rivals:
        (name,) = rival.misconceptions
        wrong_value = value(rival.value)
        assert math.isclose(wrong_value, wrong[name], rel_tol=1e-9, abs_tol=1e-12), (name, rival.value, wrong[name])
        assert abs(wrong_value - key) >= apart - 1e-12, (name, wrong_value, key)
        names.add(name)
    for name in set(wrong) - names:  # left out only where it is the key's number, or that of another mistake
        others = [key, *(wrong[other] for other in names)]
        assert any(math.isclose(wrong[name], other, rel_tol=1e-9) for other in others), (name, wrong)
    return names


def option_texts(item: GeneratedItem) -> dict[str, str]:
    """Option id to what is shown."""
    interaction = item.item.parts[0].interaction
    return {option.id: re.sub(r"\s+", " ", shown(option.content)).strip() for option in interaction.options}


# ---------------------------------------------------------------- formulas, term by term

Read = tuple[bool, int, str, frozenset[int]]
"""A term: whether its logarithm is taken, position, word, and which positions are visible."""


def terms(formula: str, m: int) -> set[Read]:
    below = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
    read: set[Read] = set()
    for log, position, word, condition in re.findall(r"(log )?Pr\(x([₀-₉]+) = (\S+) \| x_\{([^}]*)\}\)", formula):
        k = int(position.translate(below))
        every = range(m + 1)
        sign, number = found(r"(<|≤|∖)(\d+)", condition)
        t = int(number)
        seen = {"<": [i for i in every if i < t], "≤": [i for i in every if i <= t], "∖": [i for i in every if i != t]}
        read.add((bool(log), k, word.strip('"'), frozenset(seen[sign])))
    assert len(read) == formula.count("Pr(")
    return read


def right_terms(words: list[str], first: int, log: bool = True, see: str = "left") -> set[Read]:
    m = len(words) - 1
    visible = {
        "left": lambda t: frozenset(range(t)),
        "self": lambda t: frozenset(range(t + 1)),
        "others": lambda t: frozenset(set(range(m + 1)) - {t}),
    }[see]
    return {(log, t, words[t], visible(t)) for t in range(first, m + 1)}


def check_formulas(item: GeneratedItem, words: list[str], expected: dict[tuple[str, ...], set[Read]]) -> None:
    key = part_of(item).key
    assert isinstance(key, ChoiceKey)
    options = option_texts(item)
    m = len(words) - 1
    assert terms(options[key.correct], m) == expected[()]
    assert len(key.rivals) == 3
    meanings = [expected[()]]
    for rival in key.rivals:
        read = terms(options[rival.value], m)
        assert read == expected[tuple(sorted(rival.misconceptions))], (rival.misconceptions, options[rival.value])
        meanings.append(read)
    assert len({frozenset(meaning) for meaning in meanings}) == 4
    lengths = [len(options[option]) for option in options]
    assert max(lengths) <= 1.3 * sum(lengths) / 4


def test_causal_objective() -> None:
    for item, _ in items("clm-expression"):
        words = found(r"trained on (.+?) , the beginning", stem(item))[0].split()
        expected = {
            (): right_terms(words, 1),
            ("clm-bidirectional",): right_terms(words, 1, see="others"),
            ("clm-predict-self",): right_terms(words, 1, see="self"),
            ("sum-of-probs",): right_terms(words, 1, log=False),
            ("clm-bidirectional", "sum-of-probs"): right_terms(words, 1, log=False, see="others"),
            ("clm-predict-self", "sum-of-probs"): right_terms(words, 1, log=False, see="self"),
        }
        assert len(words) == 4
        check_formulas(item, words, expected)


def prefix_and_rest(text: str) -> tuple[list[str], list[str]]:
    prefix, rest = found(r"The prefix is (.+?) , with \[CLS\] at position 0, and the continuation is (.+?) ; one", text)
    return prefix.split(), rest.split()


def test_prefix_objective() -> None:
    for item, _ in items("prefix-expression"):
        prefix, rest = prefix_and_rest(stem(item))
        words = [*prefix, *rest]
        expected = {
            (): right_terms(words, len(prefix)),
            ("prefix-loss-on-prefix",): right_terms(words, 1),
            ("clm-bidirectional",): right_terms(words, len(prefix), see="others"),
            ("clm-bidirectional", "prefix-loss-on-prefix"): right_terms(words, 1, see="others"),
        }
        assert 3 <= len(prefix) <= 5
        assert 6 <= len(words) - 1 <= 8
        check_formulas(item, words, expected)


def ticked(item: GeneratedItem) -> tuple[set[int], dict[int, str], dict[int, str]]:
    """(right positions, option texts by position, misconception by position)."""
    key = part_of(item).key
    assert isinstance(key, MultipleAnswerKey)
    places = {id: int(found(r"\(position (\d+)\)", text)[0]) for id, text in option_texts(item).items()}
    texts = {places[id]: text.split(" (")[0] for id, text in option_texts(item).items()}
    assert key.scoring == "plus-minus"
    assert 2 * len(key.correct) <= len(places)
    assert [places[option.id] for option in item.item.parts[0].interaction.options] == sorted(texts)
    return {places[id] for id in key.correct}, texts, {places[r.value]: r.misconceptions[0] for r in key.rivals}


def test_prefix_positions() -> None:
    for item, radicals in items("prefix-positions"):
        prefix, rest = prefix_and_rest(stem(item))
        right, texts, mistakes = ticked(item)
        m, k = len(prefix) + len(rest) - 1, len(prefix) - 1
        assert right == set(range(k + 1, m + 1))
        assert m == int(radicals["sentence.words"])
        assert k >= 1
        assert m - k <= k + 1
        assert texts == dict(enumerate([*prefix, *rest]))
        assert mistakes == {0: "include-special-tokens", **dict.fromkeys(range(1, k + 1), "prefix-loss-on-prefix")}


def test_terms_of_two_objectives() -> None:
    for item, _ in items("clm-vs-mlm-terms"):
        sentence, m, n = found(r"The sentence “(.+?)” has (\d+) words;.*for which (\d) words are selected", stem(item))
        assert len(sentence.split()) == int(m)
        assert 6 <= int(m) <= 11
        assert n in "23"
        compare_numbers(item, "clm", int(m), {"include-special-tokens": int(m) + 1}, 1)
        compare_numbers(item, "mlm", int(n), {"all-tokens": int(m), "single-strategic-token": 1}, 1)


def test_causal_loss() -> None:
    for item, radicals in items("clm-loss"):
        words = found(r"model reads (.+?) ; \[CLS\]", stem(item))[0].split()
        p = [float(number) for number in re.findall(r"\) = (0\.\d\d)", stem(item))]
        assert len(p) == len(words) - 1 == int(radicals["sentence.first"])
        assert re.findall(r"Pr\(x\S+ = (\S+) \| x_\{<\d\}\)", stem(item).replace('"', "")) == words[1:]
        total = -sum(map(math.log, p))
        mean = total / len(p)
        wrong = {
            "sum-of-probs": sum(p),
            "wrong-log-base": total / math.log(2),
            "mean-over-masks": mean,
            "perplexity-as-loss": math.exp(mean),
        }
        compare_numbers(item, "loss", total, wrong, 0.025)
        wrong = {
            "perplexity-from-sum": 1 / math.prod(p),
            "perplexity-as-loss": mean,
            "perplexity-is-probability": math.exp(-mean),
        }
        compare_numbers(item, "ppl", math.exp(mean), wrong, 0.02 * math.exp(mean))


# ---------------------------------------------------------------- span corruption


def dropped(words: list[str], positions: list[int], each_alone: bool) -> tuple[str, str]:
    """Source and target, with a sentinel for each span or for each word."""
    names = iter(["[X]", "[Y]", "[Z]", "[U]", "[V]"])
    source, target = [], []
    for k, word in enumerate(words[1:], 1):
        if k not in positions:
            source.append(word)
            continue
        if each_alone or k - 1 not in positions:
            name = next(names)
            source.append(name)
            target.append(name)
        target.append(word)
    return " ".join(source), " ".join([*target, next(names)])


def test_span_target() -> None:
    for item, radicals in items("span-target"):
        text = stem(item)
        words = [token.split("@")[0] for token in found(r"Its sentence is (.+?) , and the words", text)[0].split()]
        positions = [int(k) for k in re.findall(r"\d+", found(r"positions ([\d, ]+and \d+)", text)[0])]
        assert len(positions) == int(radicals["masks.words"])
        spans = [k for k in positions if k - 1 not in positions]
        assert len(spans) == 2
        assert not any({k, k + 1, k + 2} <= set(positions) for k in positions)
        source, target = dropped(words, positions, each_alone=False)
        many = dropped(words, positions, each_alone=True)
        for part, right, wrong in (
            ("source", source, {"sentinel-per-token": many[0]}),
            ("target", target, {"sentinel-per-token": many[1], "span-target-whole-sentence": " ".join(words[1:])}),
        ):
            key = part_of(item, part).key
            assert isinstance(key, TextKey)
            assert key.accepted == (right,)
            assert {rival.misconceptions[0]: rival.value for rival in key.rivals} == wrong
            assert right not in wrong.values()


def test_span_lengths() -> None:
    for item, radicals in items("span-lengths"):
        m, d, k = map(int, found(r"Of the (\d+) words of a text, (\d+) are dropped in (\d) spans", stem(item)))
        assert d > k == int(radicals["k"])
        assert m - d >= k - 1
        text = [f"w{number}" for number in range(m + 1)]
        gaps, rest = list(range(1, 2 * k, 2)), d - k  # k words with one between them; the others join the last
        positions = [*gaps, *range(gaps[-1] + 1, gaps[-1] + 1 + rest)]
        source, target = dropped(text, positions, each_alone=False)
        assert len(positions) == d
        compare_numbers(item, "source", len(source.split()), {"sentinel-per-token": m}, 1)
        wrong = {"sentinel-per-token": 2 * d + 1, "span-target-whole-sentence": m}
        assert len(set(wrong.values())) == 2
        compare_numbers(item, "target", len(target.split()), wrong, 1)


# ---------------------------------------------------------------- decisions


def replaced(text: str) -> tuple[list[str], list[str], list[int]]:
    original = found(r"The original (?:sentence|text) is “(.+?)”", text)[0].split()
    positions = [int(k) for k in re.findall(r"\d+", found(r"positions ([\d, ]+and \d+)", text)[0])]
    written = found(r"reads \S+ = \[CLS\] (.+?)(?: \.| and decides)", text)[0].split()
    assert len(original) == len(written)
    return ["[CLS]", *original], ["[CLS]", *written], positions


def test_labels_of_replaced_tokens() -> None:
    for item, radicals in items("rtd-labels"):
        original, written, positions = replaced(stem(item))
        right, texts, mistakes = ticked(item)
        differ = {k for k, (one, other) in enumerate(zip(original, written, strict=True)) if one != other}
        assert right == differ
        assert differ < set(positions)
        assert len(set(positions) - differ) == 1
        assert len(positions) == int(radicals["masks.count"])
        assert len(original) - 1 == int(radicals["sentence.words"])
        assert texts == dict(enumerate(written[1:], 1))
        assert mistakes == dict.fromkeys(set(positions) - differ, "rtd-label-by-mask")


def test_loss_of_the_discriminator() -> None:
    for item, radicals in items("rtd-loss"):
        text = stem(item)
        original, written, positions = replaced(text)
        d = [float(number) for number in re.findall(r"D[₁-₉]+ = (0\.\d\d)", text)]
        assert len(d) == len(original) - 1 == int(radicals["sentence.first"])
        flags = [one != other for one, other in zip(original[1:], written[1:], strict=True)]
        assert sum(flags) == 1
        assert not any(math.isclose(value, 0.5) for value in d)
        each = [-math.log(1 - value if flag else value) for value, flag in zip(d, flags, strict=True)]
        wrong = {
            "rtd-only-masked": sum(each[k - 1] for k in positions),
            "rtd-label-ignored": -sum(map(math.log, d)),
            "mean-over-masks": sum(each) / len(each),
        }
        compare_numbers(item, "answer", sum(each), wrong, 0.025)


def test_total_of_generator_and_discriminator() -> None:
    for item, _ in items("rtd-total"):
        generator, loss, weight = map(
            float,
            found(r"generator is (\d\.\d\d), and the loss of the discriminator is (0\.\d\d)\..* = (\d+)\.", stem(item)),
        )
        assert weight == 50
        assert 1 <= generator <= 4
        compare_numbers(item, "answer", generator + weight * loss, {"drop-lambda": generator + loss}, 0.01)


def test_next_sentence() -> None:
    for item, _ in items("nsp-loss"):
        text = stem(item)
        p, mlm = (
            float(found(r"computes .*?= (0\.\d\d)\. In truth", text)[0]),
            float(found(r"input is ([\d.]+) nats", text)[0]),
        )
        gold = found(r"the right class is (\w+)", text)[0]
        assert ("does not follow" in text) == (gold == "NotNext")
        q = p if gold == "IsNext" else 1 - p
        wrong = {"nsp-wrong-class": -math.log(1 - q), "wrong-log-base": -math.log2(q)}
        compare_numbers(item, "nsp", -math.log(q), wrong, 0.01)
        total = mlm - math.log(q)
        compare_numbers(
            item, "bert", total, {"nsp-wrong-class": mlm - math.log(1 - q), "mean-over-masks": total / 2}, 0.01
        )
        credits = {r.misconceptions[0]: r.credit for r in part_of(item, "nsp").key.rivals}
        assert {name for name, credit in credits.items() if credit} == {"wrong-log-base"}


# ---------------------------------------------------------------- orders, statements, pairs


def test_what_a_permuted_model_sees() -> None:
    below = str.maketrans("₀₁₂₃₄", "01234")
    for item, _ in items("plm-conditioning"):
        text = stem(item)
        order = [int(k.translate(below)) for k in re.findall(r"x([₀-₄])", found(r"in the order (.+?) \.", text)[0])]
        k = int(found(r"prediction of x([₀-₄])", text)[0].translate(below))
        assert sorted(order) == [0, 1, 2, 3, 4]
        assert order[0] == 0
        sets = {
            id: {int(n.translate(below)) for n in re.findall(r"x([₀-₄])", option)}
            for id, option in option_texts(item).items()
        }
        key = part_of(item).key
        assert isinstance(key, ChoiceKey)
        assert sets[key.correct] == set(order[: order.index(k)])
        assert {r.misconceptions: sets[r.value] for r in key.rivals} == {
            ("left-context-only", "plm-reorders-input"): set(range(k)),
            (): {0, 1, 2, 3, 4} - {k},
        }
        assert len(set(map(frozenset, sets.values()))) == 3


TRUTHS = {
    "every token of the second": "false",
    "one binary decision": "true",
    "RoBERTa": "false",
    "is the sum of": "true",
}


def test_statements_about_next_sentences() -> None:
    seen = set()
    for item, _ in items("nsp-tf"):
        (statement,) = [part for part in TRUTHS if part in stem(item)]
        seen.add(statement)
        assert part_of(item).key.correct == TRUTHS[statement]
    assert seen == set(TRUTHS)


PAIRS = {
    "causal": "-∑ₜ₌₁^m log Pr(xₜ | x_{<t})",
    "masked": "-∑_{i∈A} log Pr(xᵢ | x̄)",
    "prefix": "-∑ₜ₌ₖ₊₁^m log Pr(xₜ | x_{<t})",
    "span": "-∑ₜ log Pr(yₜ | y_{<t}, x̄)",
    "replaced": "-∑_{t:x^cₜ=xₜ} log Dₜ - ∑_{t:x^cₜ≠xₜ} log(1 - Dₜ)",
    "next": "-log Pr(c_gold | h_cls)",
    "permuted": "-∑ₜ₌₁^m log Pr(x_{zₜ} | x_{z₁}, …, x_{zₜ₋₁})",
}


OF_MISTAKE = {"rtd-only-masked": "replaced", "span-target-whole-sentence": "span", "mlm-is-causal": "masked"}


def test_pairs_of_objectives_and_losses() -> None:
    seen = set()
    for item, _ in items("match-objectives"):
        key = part_of(item).key
        assert isinstance(key, MatchingKey)
        interaction = item.item.parts[0].interaction
        texts = {option.id: shown(option.content).strip() for option in (*interaction.left, *interaction.right)}
        assert len(key.pairs) == 5
        for left, right in key.pairs:
            name = texts[left].split()[0]
            seen.add(name)
            assert texts[right].replace("−", "-") == PAIRS[name]
        for rival in key.rivals:
            left, _, right = rival.value.partition("=")
            name = OF_MISTAKE[rival.misconceptions[0]]
            assert texts[left].startswith(name)
            assert texts[right].replace("−", "-") not in PAIRS.values()
    assert seen == set(PAIRS)


# ---------------------------------------------------------------- the worked examples, and that a mistake is found


@pytest.mark.parametrize(
    ("template", "part", "key"),
    [
        ("clm-vs-mlm-terms", "clm", 9),
        ("clm-vs-mlm-terms", "mlm", 2),
        ("clm-loss", "loss", 2.995732),
        ("clm-loss", "ppl", 2.714418),
        ("span-lengths", "source", 9),
        ("span-lengths", "target", 6),
        ("rtd-loss", "answer", 0.602941),
        ("rtd-total", "answer", 6.1),
        ("nsp-loss", "nsp", 0.162519),
        ("nsp-loss", "bert", 2.059519),
    ],
)
def test_worked_examples(template: str, part: str, key: float) -> None:
    assert value(part_of(fixed(template, "worked"), part).key.value) == pytest.approx(key, abs=1e-6)


def test_a_planted_mistake_is_found() -> None:
    item, _ = next(items("rtd-loss"))
    with pytest.raises(AssertionError):
        compare_numbers(item, "answer", 1.0, {}, 0.025)
    key = value(part_of(item).key.value)
    with pytest.raises((AssertionError, KeyError)):
        compare_numbers(item, "answer", key, {"rtd-only-masked": 1.0}, 0.025)
