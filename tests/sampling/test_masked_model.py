"""Probabilities from a real masked language model: a small BERT that is made and trained here for a moment."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from quizgen import Source, assemble, load_bank
from quizgen.archive import read_archive
from quizgen.cli.program import run
from quizgen.generator import Generator
from quizgen.objective.masked import masked_sentence
from quizgen.sampling.sentences import CorpusSentence

BANK = load_bank()
TEMPLATE = "loss-numeric-nats"
IN_PIECES = ("bird", "fox")


@pytest.fixture(scope="session")
def small_bert(tmp_path_factory, request):
    """The folder of a model that knows every English word of the bank but two."""
    try:
        from tests.sampling.small_bert import train
    except ImportError as error:
        from tests.conftest import not_run

        not_run(str(error.name), "pip install 'quizgen[hf]'")
    texts = [sentence.text for sentence in BANK.corpus.select(language="en")]
    return train(tmp_path_factory.mktemp("models") / "small-bert", texts, in_pieces=IN_PIECES)


@pytest.fixture(scope="session")
def model(small_bert):
    from quizgen.sampling.masked_model import MaskedModel

    return MaskedModel(small_bert)


@pytest.fixture
def call(capfd, monkeypatch, tmp_path):
    """Runs a command line in an empty folder; gives (exit code, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUIZGEN_DEBUG", raising=False)

    def called(*arguments):
        code = run([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return called


def independent(folder: Path, shown: list[str], truth: dict[int, str]) -> dict[int, float]:
    """Softmax at each mask by the library's own classes and plain Python, nothing of ours in between."""
    import torch
    from transformers import AutoModelForMaskedLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    rows = tokenizer(" ".join(shown), return_tensors="pt")
    with torch.no_grad():
        logits = AutoModelForMaskedLM.from_pretrained(folder)(**rows).logits[0]
    masks = [place for place, id in enumerate(rows["input_ids"][0].tolist()) if id == tokenizer.mask_token_id]
    assert len(masks) == len(truth)
    result = {}
    for (k, word), place in zip(sorted(truth.items()), masks, strict=True):
        row = logits[place].tolist()
        top = max(row)
        total = math.fsum(math.exp(value - top) for value in row)
        result[k] = math.exp(row[tokenizer.convert_tokens_to_ids(word)] - top) / total
    return result


def built(predictor, variants=12, seed="7", **more):
    return assemble(BANK, [TEMPLATE], source=Source(seed), variants=variants, predictor=predictor, **more)


def test_an_item_prints_what_the_model_computes(model, small_bert):
    checked = 0
    for generated in built(model).items():
        predictions = generated.key.predictions
        words = list(BANK.corpus.get(generated.item.sentence).words)
        truth = {found.position: found.word for found in predictions}
        entries = {k: word.lower() for k, word in truth.items()}
        assert truth == {k: words[k - 1] for k in truth}
        shown = ["[MASK]" if k in truth else word for k, word in enumerate(words, 1)]
        expected = independent(small_bert, shown, entries)
        for found in predictions:
            assert float(found.probability) == pytest.approx(expected[found.position], rel=1e-4)
            nearest = min(max(round(Fraction(found.probability), 2), Fraction(1, 100)), Fraction(99, 100))
            assert Fraction(found.printed) == nearest
            assert found.printed in json.dumps(_texts(generated.item.stem))
            checked += 1
        terms = re.findall(r"-\s*log\(([\d.]+)\)", generated.key.parts[0].key.value)
        assert sorted(map(Fraction, terms)) == sorted(Fraction(found.printed) for found in predictions)
    assert checked >= 24


def test_it_has_learned_something_so_that_probabilities_differ(model):
    shares = [float(found.probability) for generated in built(model).items() for found in generated.key.predictions]
    assert len({round(share, 2) for share in shares}) > 5


def test_words_in_pieces_are_never_masked(model):
    assert all(
        found.word.lower() not in IN_PIECES
        for generated in built(model, variants=40).items()
        for found in generated.key.predictions
    )
    bird = BANK.corpus.get("early-bird")
    assert model.knows(bird, (2, 6))
    assert not model.knows(bird, (2, 3))
    assert model.has("worm")
    assert not model.has("bird")
    with pytest.raises(ValueError, match="not one entry"):
        model.predictions(masked_sentence(bird.tokens, {3: "[MASK]"}), 2)


def test_words_in_pieces_may_be_seen(model):
    bird = BANK.corpus.get("early-bird")
    (found,) = model.predictions(masked_sentence(bird.tokens, {6: "[MASK]"}), 2)
    assert (found.position, found.word) == (6, "worm")


def test_a_model_that_cuts_bytes_gets_the_spaces_it_expects(small_bert, tmp_path):
    from quizgen.sampling.masked_model import MaskedModel
    from tests.sampling.small_bert import untrained_of_bytes

    texts = [sentence.text for sentence in BANK.corpus.select(language="en")]
    folder = untrained_of_bytes(tmp_path / "bytes", texts)
    bird = BANK.corpus.get("early-bird")
    predictor = MaskedModel(folder)
    assert predictor.knows(bird, (1, 2, 6))
    found = predictor.predictions(masked_sentence(bird.tokens, {1: "[MASK]", 2: "[MASK]", 6: "[MASK]"}), 2)
    shown = ["<mask>", "<mask>", "bird", "catches", "the", "<mask>"]
    expected = independent(folder, shown, {1: "The", 2: "\u0120early", 6: "\u0120worm"})
    assert [float(entry.probability) for entry in found] == pytest.approx([*expected.values()], rel=1e-4)


def test_a_sentence_longer_than_the_model_reads_is_not_asked_about(model):
    long = CorpusSentence("long", ("the",) * 62)
    assert model.knows(long, (1,))
    assert not model.knows(CorpusSentence("longer", ("the",) * 63), (1,))


def test_what_an_author_fixes_stays(model):
    with_model = Generator(BANK.template(TEMPLATE), BANK, Source("7"), predictor=model).fixed("S4")
    without = Generator(BANK.template(TEMPLATE), BANK, Source("7")).fixed("S4")
    assert with_model == without


def test_notes_say_what_was_lost(model):
    codes = {note.code for note in built(model).notes}
    assert "Q717" in codes
    assert codes <= {"Q717", "Q718"}
    # The one shows no probabilities; the other only powers of 1/2, which are chosen for their logarithms.
    other = assemble(BANK, ["why-sum-of-logs", "loss-bits"], source=Source("7"), variants=2, predictor=model)
    assert [note.code for note in other.notes] == ["Q716"]


def test_the_archive_keeps_the_digest_and_the_tables(call, small_bert, tmp_path):
    from quizgen.sampling.masked_model import digest

    options = (TEMPLATE, "--variants", 4, "--probabilities", f"hf:{small_bert}")
    code, _, err = call("build", *options, "-o", "first")
    assert code == 0, err
    assert "Q717" in err
    assert call("build", *options, "-o", "second")[0] == 0
    for name in ("quiz.json", "items.jsonl", "keys.jsonl"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
    archive = read_archive(tmp_path / "first")
    kept = archive.quiz.settings["probabilities"]
    assert (kept["model"], kept["sha256"]) == ("small-bert", digest(small_bert))
    assert set(kept["libraries"]) == {"torch", "transformers", "tokenizers"}
    for key in archive.keys():  # noqa: SIM118 - an archive is no mapping
        assert len(key.predictions) == 2
        assert all(0 < Decimal(found.probability) < 1 for found in key.predictions)
    assert "predictions" not in (tmp_path / "first" / "items.jsonl").read_text()
    assert str(small_bert) not in (tmp_path / "first" / "quiz.json").read_text()


def test_other_weights_are_another_model(small_bert, model, tmp_path):
    from safetensors.torch import load_file, save_file

    from quizgen.sampling.masked_model import MaskedModel, digest

    other = Path(shutil.copytree(small_bert, tmp_path / "other"))
    (other / "README.md").write_text("says nothing about what is computed")
    assert digest(other) == digest(small_bert)
    weights = load_file(other / "model.safetensors")
    name = next(name for name in sorted(weights) if name.endswith("query.weight"))
    weights[name] = weights[name] * 2
    save_file(weights, other / "model.safetensors", metadata={"format": "pt"})
    changed = MaskedModel(other)
    assert changed.description["sha256"] != model.description["sha256"]
    worm = masked_sentence(BANK.corpus.get("early-bird").tokens, {2: "[MASK]", 6: "[MASK]"})
    assert changed.predictions(worm, 2) != model.predictions(worm, 2)


def test_random_and_kept_words_are_given_to_the_model(model, small_bert):
    tokens = BANK.corpus.get("early-bird").tokens
    found = model.predictions(masked_sentence(tokens, {2: "lazy", 4: "catches", 6: "[MASK]"}), 2)
    assert [entry.position for entry in found] == [2, 4, 6]
    (only,) = [entry for entry in found if entry.position == 6]
    expected = independent(small_bert, ["The", "lazy", "bird", "catches", "the", "[MASK]"], {6: "worm"})
    assert float(only.probability) == pytest.approx(expected[6], rel=1e-4)


# ------------------------------------------------------------ what cannot be used


def _refused(call, folder, *options):
    code, _, err = call("build", TEMPLATE, "--variants", 2, "--probabilities", f"hf:{folder}", "-o", "out", *options)
    assert code not in (0, 70)
    assert not Path("out").exists()
    return err


def test_a_name_without_hf_is_refused(call):
    code, _, err = call("build", TEMPLATE, "--probabilities", "bert-base-uncased", "-o", "out")
    assert code == 2
    assert "hf:DIR" in err


def test_a_folder_that_is_no_model(call, small_bert, tmp_path):
    assert "nothing is downloaded" in _refused(call, "bert-base-uncased")
    (tmp_path / "empty").mkdir()
    assert "no config.json" in _refused(call, tmp_path / "empty")
    broken = Path(shutil.copytree(small_bert, tmp_path / "broken"))
    (broken / "config.json").write_text("{")
    assert "no masked language model" in _refused(call, broken)
    (broken / "config.json").write_text('{"model_type": "no-such-model"}')
    assert "no masked language model" in _refused(call, broken)


def test_weights_that_can_run_code_are_refused(call, small_bert, tmp_path):
    import torch

    old = Path(shutil.copytree(small_bert, tmp_path / "old"))
    (old / "model.safetensors").unlink()
    assert "no weights as safetensors;" in _refused(call, old)
    torch.save({}, old / "pytorch_model.bin")
    assert "can run code" in _refused(call, old)


def test_damaged_weights_are_refused(call, small_bert, tmp_path):
    cut = Path(shutil.copytree(small_bert, tmp_path / "cut"))
    whole = (cut / "model.safetensors").read_bytes()
    (cut / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    assert "no masked language model" in _refused(call, cut)


def test_weights_without_a_head_would_predict_by_chance(call, small_bert, tmp_path):
    from safetensors.torch import load_file, save_file

    headless = Path(shutil.copytree(small_bert, tmp_path / "headless"))
    weights = load_file(headless / "model.safetensors")
    rest = {name: value for name, value in weights.items() if not name.startswith("cls.")}
    assert len(rest) < len(weights)
    save_file(rest, headless / "model.safetensors", metadata={"format": "pt"})
    assert "its weights lack cls." in _refused(call, headless)


def test_weights_that_are_no_numbers_are_refused(call, small_bert, tmp_path):
    import torch
    from safetensors.torch import load_file, save_file

    lost = Path(shutil.copytree(small_bert, tmp_path / "lost"))
    weights = {name: torch.full_like(value, math.nan) for name, value in load_file(lost / "model.safetensors").items()}
    save_file(weights, lost / "model.safetensors", metadata={"format": "pt"})
    assert "NaN" in _refused(call, lost)


def test_a_tokenizer_without_a_mask_is_refused(call, small_bert, tmp_path):
    plain = Path(shutil.copytree(small_bert, tmp_path / "plain"))
    settings = json.loads((plain / "tokenizer_config.json").read_text())
    settings["mask_token"] = None
    (plain / "tokenizer_config.json").write_text(json.dumps(settings))
    assert "no mask token" in _refused(call, plain)


def test_code_of_the_folder_never_runs(call, small_bert, tmp_path):
    armed = Path(shutil.copytree(small_bert, tmp_path / "armed"))
    settings = json.loads((armed / "config.json").read_text())
    settings["model_type"] = "armed"
    settings["auto_map"] = {"AutoConfig": "armed.Config", "AutoModelForMaskedLM": "armed.Model"}
    (armed / "config.json").write_text(json.dumps(settings))
    (armed / "armed.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    assert "no masked language model" in _refused(call, armed)
    assert not (tmp_path / "ran").exists()


def test_a_model_that_knows_none_of_the_words(call, small_bert, tmp_path):
    from tests.sampling.small_bert import train

    stranger = train(tmp_path / "stranger", ["quantum chromodynamics"], steps=1)
    err = _refused(call, stranger)
    assert "words that the model knows" in err


def test_without_the_extra_it_says_what_to_install(small_bert, tmp_path):
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from quizgen.cli.program import run\n"
        f"sys.exit(run(['build', {TEMPLATE!r}, '--probabilities', 'hf:{small_bert}', '-o', 'out']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode not in (0, 70)
    assert "pip install 'quizgen[hf]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_option_nothing_heavy_is_imported(tmp_path):
    code = (
        "import sys\nfrom quizgen.cli.program import run\n"
        f"assert run(['build', {TEMPLATE!r}, '--variants', '2', '-o', 'out']) == 0\n"
        "assert not {'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)


def _texts(record):
    import msgspec

    return msgspec.to_builtins(record, enc_hook=str)
