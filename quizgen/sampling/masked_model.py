"""A real masked language model, read from a folder on this machine in the format of the `transformers` library.

Nothing is fetched, no code of the folder runs, and weights are read as safetensors only, because the older format can
run code. The model computes in double precision on one thread, so that the same files give the same digits.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grading.expressions import MASK
from quizgen.folders import PlacedError
from quizgen.model import Prediction
from quizgen.objective.masked import MaskedSentence
from quizgen.sampling.masks import Positions
from quizgen.sampling.predictions import prediction
from quizgen.sampling.sentences import CorpusSentence

FILES = (".json", ".txt", ".model", ".safetensors")
"""Endings of the files that decide what a model computes: settings, vocabulary, weights."""

LIBRARIES = ("torch", "transformers", "tokenizers")


class ModelError(PlacedError):
    """A model cannot be used: place, what is wrong, what to do."""


class MaskedModel:
    """A masked language model with its tokenizer. It is a `Predictor`.

    folder: where `save_pretrained` wrote both. Raises ModelError if they cannot be used.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        _require_files(self.folder)
        self._torch, transformers = _libraries(self.folder)
        with _quiet(transformers):
            self._tokenizer, self._model = self._loaded(transformers)
        self._mask = self._tokenizer.mask_token_id
        if self._mask is None:
            raise ModelError(self.folder, "its tokenizer has no mask token", "name a masked language model")
        self._special = frozenset[int](self._tokenizer.all_special_ids)
        self._before, self._after = self._frame()
        self._longest: int = min(
            self._tokenizer.model_max_length, getattr(self._model.config, "max_position_embeddings", None) or 512
        )
        self._pieces: dict[tuple[str, bool], tuple[int, ...]] = {}
        self._known: dict[MaskedSentence, tuple[float, ...]] = {}
        self.description = self._description()

    # ------------------------------------------------------------ what a Predictor does

    def knows(self, sentence: CorpusSentence, positions: Positions) -> bool:
        """Whether each of these words is one entry of the vocabulary, and the sentence is not too long."""
        return all(self._is_one(sentence.tokens[k], k == 1) for k in positions) and self._fits(sentence.tokens)

    def has(self, word: str) -> bool:
        """Whether the word is one entry of the vocabulary inside of a sentence."""
        return self._is_one(word, False)

    def predictions(self, masked: MaskedSentence, decimals: int) -> tuple[Prediction, ...]:
        """Softmax over the vocabulary at each selected position of the corrupted sentence.

        Raises ModelError if the model computes no number,
        ValueError for words that are not one entry of the vocabulary.
        """
        if masked not in self._known:
            self._known[masked] = self._predicted(masked)
        return tuple(
            prediction(k, masked.tokens[k], share, decimals)
            for k, share in zip(masked.selected, self._known[masked], strict=True)
        )

    # ------------------------------------------------------------ computing

    def _predicted(self, masked: MaskedSentence) -> tuple[float, ...]:
        torch = self._torch
        for k in masked.selected:
            if not self._is_one(masked.tokens[k], k == 1):
                raise ValueError(f"the word {masked.tokens[k]!r} is not one entry of the model's vocabulary")
        ids, places = list(self._before), dict[int, int]()
        for k, shown in enumerate(masked.corrupted[1:], 1):
            places[k] = len(ids)
            ids += [self._mask] if shown == MASK else self._of(shown, k == 1)
        ids += self._after
        with _one_thread(torch), torch.inference_mode():
            given = torch.tensor([ids])
            logits = self._model(input_ids=given, attention_mask=torch.ones_like(given)).logits[0]
            shares = torch.softmax(logits.to(torch.float64), dim=-1)
        result = []
        for k in masked.selected:
            share = float(shares[places[k], self._of(masked.tokens[k], k == 1)[0]])
            if not 0 <= share <= 1:
                raise ModelError(self.folder, "the model computes no numbers (NaN)", "name a model that was trained")
            result.append(share)
        return tuple(result)

    def _of(self, word: str, first: bool) -> tuple[int, ...]:
        """The entries of the vocabulary that spell the word; a space before it belongs to it in some models."""
        if (word, first) not in self._pieces:
            text = word if first else " " + word
            self._pieces[word, first] = tuple(self._tokenizer(text, add_special_tokens=False)["input_ids"])
        return self._pieces[word, first]

    def _is_one(self, word: str, first: bool) -> bool:
        pieces = self._of(word, first)
        return len(pieces) == 1 and pieces[0] not in self._special

    def _fits(self, tokens: tuple[str, ...]) -> bool:
        pieces = sum(len(self._of(word, k == 1)) for k, word in enumerate(tokens[1:], 1))
        return len(self._before) + pieces + len(self._after) <= self._longest

    # ------------------------------------------------------------ loading

    def _loaded(self, transformers: Any) -> tuple[Any, Any]:
        only_here = {"local_files_only": True, "trust_remote_code": False}
        remedy = "name a folder that `save_pretrained` wrote, of the model and of its tokenizer"
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(str(self.folder), **only_here)
            model, notes = transformers.AutoModelForMaskedLM.from_pretrained(
                str(self.folder),
                use_safetensors=True,
                attn_implementation="eager",
                output_loading_info=True,
                **only_here,
            )
        except Exception as error:  # the library has no exception of its own for files that do not fit
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            raise ModelError(self.folder, f"is no masked language model that can be read ({reason})", remedy) from error
        if lacking := sorted(notes["missing_keys"]):
            raise ModelError(
                self.folder,
                f"its weights lack {lacking[0]}, which predicts words at masks",
                "name a model that was trained to predict masked words",
            )
        if len(tokenizer) > model.config.vocab_size:
            sizes = f"{len(tokenizer)} and {model.config.vocab_size} entries"
            raise ModelError(self.folder, f"its tokenizer and its weights do not fit together ({sizes})", remedy)
        return tokenizer, model.to(self._torch.float64).eval()

    def _frame(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """What the tokenizer puts before and after a sentence, such as [CLS] and [SEP]."""
        inner = self._tokenizer("a", add_special_tokens=False)["input_ids"]
        whole = self._tokenizer("a")["input_ids"]
        start = next(k for k in range(len(whole)) if whole[k : k + len(inner)] == inner)
        return tuple(whole[:start]), tuple(whole[start + len(inner) :])

    def _description(self) -> Mapping[str, Any]:
        from importlib.metadata import version

        return {
            "model": self.folder.resolve().name,
            "sha256": digest(self.folder),
            "libraries": {name: version(name) for name in LIBRARIES},
        }


def digest(folder: Path) -> str:
    """SHA-256 over names, sizes and contents of the files that decide what the model computes."""
    result = hashlib.sha256()
    for path in _files(folder):
        result.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while block := file.read(2**20):
                result.update(block)
    return result.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in FILES and path.is_file())


def _require_files(folder: Path) -> None:
    if not folder.is_dir():
        raise ModelError(folder, "there is no such folder", "name a folder on this machine; nothing is downloaded")
    if not (folder / "config.json").is_file():
        raise ModelError(folder, "is no model: it has no config.json", "name a folder that `save_pretrained` wrote")
    if not any(path.suffix == ".safetensors" for path in _files(folder)):
        problem = "has no weights as safetensors"
        if any(path.suffix in (".bin", ".pt", ".pth", ".ckpt") for path in folder.iterdir()):
            problem += ", only in a format that can run code"
        raise ModelError(folder, problem, "write the model again with `save_pretrained`")


def _libraries(folder: Path) -> tuple[Any, Any]:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read when the library is imported: it asks no server then
    try:
        import torch
        import transformers
    except ImportError as error:
        problem = f"reading a model needs the package {error.name}"
        raise ModelError(folder, problem, "install it with: pip install 'quizgen[hf]'") from error
    return torch, transformers


@contextmanager
def _quiet(transformers: Any) -> Iterator[None]:
    """Without the progress bars and advice of the library; what is wrong is said by us."""
    logging = transformers.utils.logging
    level = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        logging.enable_progress_bar()


@contextmanager
def _one_thread(torch: Any) -> Iterator[None]:
    """Sums are added in one order, whatever the machine has."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
