"""A corpus from plain text: what is read, what is found, what is said of slips, and questions made of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from quizgen import Source, load_bank
from quizgen.cli.program import program
from quizgen.findings import FindingsError
from quizgen.generator import Generator
from quizgen.sampling.plain_text import read_plain_lines
from quizgen.sampling.sentences import read_corpus

TEXT = """# language: en
# topic: chemistry
# a remark
The [atoms|ions|cells|grains] of a gas [move] freely.

Water boils at a lower temperature, on a high mountain!
# language: de
Das „[Wasser]“ kocht auf einem hohen Berg früher
"""


def test_marked_words_fillers_settings_and_punctuation() -> None:
    (gas, water, berg), findings = read_plain_lines(TEXT, "mine.txt")
    assert findings == ()
    assert gas.words == ("The", "atoms", "of", "a", "gas", "move", "freely")
    assert [(m.position, m.word, m.fillers) for m in gas.mask] == [
        (2, "atoms", ("ions", "cells", "grains")), (6, "move", ()),
    ]  # fmt: skip
    assert (gas.language, gas.topic, berg.language) == ("en", "chemistry", "de")
    assert berg.words == ("Das", "Wasser", "kocht", "auf", "einem", "hohen", "Berg", "früher")
    assert water.id == "water-boils-at-a-lower"


def test_words_with_content_are_found_where_none_is_marked() -> None:
    ((water,), _) = read_plain_lines("Water boils at a lower temperature, on a high mountain!", "x")
    assert [mask.word for mask in water.mask] == ["boils", "lower", "temperature", "high", "mountain"]
    ((berg,), _) = read_plain_lines("# language: de\nDas Wasser kocht auf einem hohen Berg", "x")
    assert [mask.word for mask in berg.mask] == ["Wasser", "kocht", "hohen", "Berg"]


def test_sentences_that_begin_alike_have_different_names_that_stay() -> None:
    sentences, _ = read_plain_lines("The cat sat on the mat\nThe cat sat on the sofa\nA dog barks loudly", "x")
    assert [sentence.id for sentence in sentences] == [
        "the-cat-sat-on-the",
        "the-cat-sat-on-the-2",
        "a-dog-barks-loudly",
    ]


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("The [cat sat", "mine.txt:1:5", "is not a marked word"),
        ("The [] sat", "mine.txt:1:5", "is not a marked word"),
        ("! ?", "mine.txt:1:1", "the line has no words"),
        ("The [cat|dog] sat", "mine.txt:1:5", "'cat' has 1 fillers"),
        ("The [cat|dog|sat|hen] sat", "mine.txt:1:5", "the filler 'sat' is a word of the sentence"),
        ("An [apple|pear|egg|orange] fell", "mine.txt:1:4", "'pear' does not go with 'an'"),
        ("Version 2 of the [plan] won", "mine.txt:1:1", "'2' is not a plain word"),
    ],
)
def test_slips_are_said_with_line_and_column(tmp_path: Path, line: str, place: str, words: str) -> None:
    file = tmp_path / "mine.txt"
    file.write_text(f"{line}\nA good [line] stays here\n", encoding="utf-8")
    corpus, findings = read_corpus([], [file])
    message = "\n".join(map(str, findings))
    assert words in message
    assert place in message
    assert corpus.get("a-good-line-stays-here") is not None


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_but_never_breaks(text: str) -> None:
    sentences, _ = read_plain_lines(text, "x")
    assert len({sentence.id for sentence in sentences}) == len(sentences)
    for sentence in sentences:
        assert all(sentence.words[mask.position - 1] == mask.word for mask in sentence.mask)


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_bytes("A good [line]\nGr\xfc\xdfe".encode("latin-1"))
    with pytest.raises(FindingsError, match=r"mine\.txt:2.*not UTF-8"):
        read_corpus([], [file])


def test_questions_are_made_of_one_s_own_sentences(tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("The [atoms] of a gas [move] freely in every [direction]\nWater boils early on a high mountain\n")
    bank = load_bank(sentences=[file])
    generator = Generator(bank.template("loss-numeric-nats"), bank, Source(seed=1))
    seen = {generator.item(number).item.sentence for number in range(8)}
    assert seen == {"the-atoms-of-a-gas", "water-boils-early-on-a"}
    assert bank.digest != load_bank().digest
    result = CliRunner().invoke(program, ["show", "corrupted-input-write", "--sentences", str(file)])
    assert result.exit_code == 0, result.output
    assert "[MASK]" in result.output


def test_a_bank_may_hold_its_sentences_as_plain_text(tmp_path: Path) -> None:
    (tmp_path / "sentences-own.txt").write_text("The [atoms] of a gas [move] freely\n")
    (tmp_path / "one.yaml").write_text(
        "template: one\nkind: short-answer\ndraw: {sentence: any, masks: {count: 2}}\n"
        "stem: What does the model receive if {{ masked | words_with_positions }} are masked?\nkey: corrupted\n"
    )
    bank = load_bank(tmp_path)
    assert bank.corpus.ids == ("the-atoms-of-a-gas",)
    assert Generator(bank.template("one"), bank, Source(seed=1)).item(0).item.sentence == "the-atoms-of-a-gas"
