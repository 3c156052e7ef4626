"""The corpus: every sentence is sound, every lint can fail, selection works."""

from importlib.resources import files

import pytest

from quizgen.findings import Finding
from quizgen.sampling.sentences import Corpus, CorpusSentence, Maskable, read_corpus
from quizgen.source import Source, examine_text

SHIPPED = ("sentences.yaml", "sentences-repeated.yaml", "sentences-de.yaml")


def shipped(name: str) -> Source:
    return examine_text(files("question_bank").joinpath(name).read_text(encoding="utf-8"), name)


def corpus_of(*texts: str) -> tuple[Corpus, tuple[Finding, ...]]:
    return read_corpus(examine_text(text, f"{name}.yaml") for name, text in zip("abc", texts, strict=False))


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    corpus, findings = read_corpus(shipped(name) for name in SHIPPED)
    assert [str(finding) for finding in findings] == []
    return corpus


def test_the_bank_has_its_sentences(corpus: Corpus) -> None:
    english, german = corpus.select(language="en"), corpus.select(language="de")
    repeated = [sentence.id for sentence in read_corpus([shipped(SHIPPED[1])])[0].sentences]
    first = [sentence for sentence in english if sentence.id not in repeated]
    assert len(first) == 88
    assert sum(len(sentence.maskable) for sentence in first) == 427
    assert len(german) >= 12
    assert len(english) + len(german) == len(corpus) == len(corpus.ids)


def test_the_sentences_of_the_sources_stand_as_they_are_known(corpus: Corpus) -> None:
    bird, fox, cat = corpus.get("early-bird"), corpus.get("quick-fox"), corpus.get("cat-mat")
    assert bird
    assert fox
    assert cat
    assert bird.text == "The early bird catches the worm"
    assert bird.duplicates == {"the": (1, 5)}
    assert bird.content_positions == (2, 3, 4, 6)
    assert (fox.tokens[2], fox.tokens[8]) == ("quick", "lazy")
    assert fox.at(8) == Maskable(8, "lazy", "ADJ", ("sleepy", "old", "quiet"))
    assert cat.text == "The cat sat on the mat"
    assert corpus.get("no-such-sentence") is None


def test_repeated_words_are_as_counted_before(corpus: Corpus) -> None:
    english, more = (read_corpus([shipped(name)])[0].sentences for name in SHIPPED[:2])
    assert sum(bool(sentence.duplicates) for sentence in english) == 34
    assert {s.id for s in english if s.content_duplicates} == {"friend-need", "flower-flower", "salt-water"}
    assert all(sentence.content_duplicates for sentence in more)
    assert sum(bool(sentence.content_duplicates) for sentence in corpus.select(language="de")) >= 5
    german = corpus.select(ids=["freund-not"])[0]
    assert german.content_duplicates == {"freund": (2, 9)}


def test_every_sentence_offers_two_masks_with_fillers(corpus: Corpus) -> None:
    for sentence in corpus.sentences:
        assert len(sentence.maskable) >= 2, sentence.id
        assert all(sentence.tokens[entry.position] == entry.word for entry in sentence.maskable)


def test_selection_narrows_by_every_condition(corpus: Corpus) -> None:
    assert [s.id for s in corpus.select(ids=["cat-mat", "early-bird"])] == ["early-bird", "cat-mat"]
    assert {s.topic for s in corpus.select(topics=["nlp", "food"])} == {"nlp", "food"}
    assert {len(s.words) for s in corpus.select(words=(7, 8))} == {7, 8}
    assert all(len(s.maskable) >= 6 for s in corpus.select(maskable=6))
    assert corpus.select(ids=["cat-mat"], language="de") == ()


def test_a_position_without_a_declared_word_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'x'.*position 1"):
        CorpusSentence("x", ("a", "b")).at(1)


GOOD = """\
language: en
sentences:
  bird:
    text: The early bird has an old nest
    topic: animals
    mask:
      2 early ADJ: hungry clever patient
      6 old ADJ: ugly empty odd
"""


def codes(text: str) -> list[str]:
    return [finding.code for finding in corpus_of(text)[1]]


def test_a_good_file_has_no_findings() -> None:
    corpus, findings = corpus_of(GOOD)
    assert findings == ()
    assert corpus.sentences[0].topic == "animals"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("2 early", "3 early", "S101"),
        ("2 early", "9 early", "S101"),
        ("2 early", "2 earley", "S101"),
        ("hungry clever patient", "hungry clever", "S102"),
        ("hungry clever patient", "a b c d e", "S102"),
        ("hungry clever patient", "hungry clever Hungry", "S102"),
        ("hungry clever patient", "hungry clever early", "S103"),
        ("hungry clever patient", "hungry clever nest", "S103"),
        ("hungry clever patient", "hungry clever THE", "S103"),
        ("ugly empty odd", "ugly empty new", "S104"),
        ("ugly empty odd", "ugly empty usual", "S104"),
        ("hungry clever patient", "hungry clever Patient", "S105"),
        ("hungry clever patient", "hungry clever patient!", "S106"),
        ("old nest\n", "old nest, alone\n", "S106"),
        ("6 old ADJ", "2 early NOUN", "S108"),
        ("2 early ADJ", "2 early ADVERB", "S109"),
        ("2 early ADJ", "early ADJ", "S003"),
        ("2 early ADJ", "x early ADJ", "S003"),
        ("2 early ADJ", "² early ADJ", "S003"),
        ("topic: animals", "tpoic: animals", "S002"),
        ("topic: animals", "topic: [animals]", "S001"),
        ("    topic: animals", "    topic: animals\n    topic: birds", "Q008"),
        ("text: The early bird has an old nest", "topic: a", "S001"),
        ("sentences:", "sentence:", "S002"),
        ("language: en", "language: [en", "Q012"),
    ],
)
def test_every_fault_is_found(old: str, new: str, code: str) -> None:
    assert old in GOOD
    assert code in codes(GOOD.replace(old, new))


@pytest.mark.parametrize("word", ["hour", "honest", "apple", "umbrella", "unimportant"])
def test_an_goes_with_a_vowel_sound(word: str) -> None:
    text = GOOD.replace("ugly empty odd", f"ugly empty {word}")
    assert codes(text) == []
    assert codes(text.replace(" an ", " a ")) == ["S104"] * 4  # the word and its three fillers


def test_articles_are_not_checked_in_other_languages() -> None:
    assert codes(GOOD.replace("language: en", "language: de").replace("odd", "new")) == []


def test_a_finding_names_the_place_and_the_remedy() -> None:
    finding = corpus_of(GOOD.replace("2 early", "3 early"))[1][0]
    assert str(finding).splitlines() == [
        "a.yaml:7:7: S101 'early' is not at position 3: the word there is 'bird'; write position 2",
        "          3 early ADJ: hungry clever patient",
        "          ^^^^^^^^^^^",
    ]


def test_a_wrong_sentence_is_left_out_and_the_others_stay() -> None:
    more = GOOD + "  broken:\n    text: One two\n    mask: {5 six NUM: a b c}\n"
    corpus, findings = corpus_of(more)
    assert corpus.ids == ("bird",)
    assert [finding.code for finding in findings] == ["S101"]


def test_a_name_is_given_once_in_all_files() -> None:
    corpus, findings = corpus_of(GOOD, GOOD)
    assert [(finding.place.file, finding.code) for finding in findings] == [("b.yaml", "S107")]
    assert len(corpus) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n- b\n",
        "just a word",
        "sentences: 3",
        "sentences: {a: 3}",
        "sentences: {a: {text: {}, mask: []}}",
        "sentences: {[a]: {text: b}}",
        "sentences: {a: {text: b, mask: {1 b NOUN: [c, d, e]}}}",
        "\x00",
        "a: &a [*a, *a]",
        "[" * 5000,
        "x" * 4_000_001,
        "sentences: !!python/object:os.system {}",
    ],
)
def test_what_is_no_corpus_is_a_finding(text: str) -> None:
    corpus, findings = corpus_of(text)
    assert len(corpus) == 0
    assert findings
    assert all(finding.code[:3] in ("S00", "Q00", "Q01") and finding.remedy for finding in findings)
