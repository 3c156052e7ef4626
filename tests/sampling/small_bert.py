"""A masked language model of the size of a thumbnail, made and trained here, because tests download nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
import transformers
from tokenizers import (
    AddedToken,
    ByteLevelBPETokenizer,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForMaskedLM, PreTrainedTokenizerFast, RobertaConfig, RobertaForMaskedLM

SPECIAL_OF_BYTES = ("<s>", "<pad>", "</s>", "<unk>")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def word_piece_vocabulary(texts: Iterable[str], in_pieces: Iterable[str] = ()) -> dict[str, int]:
    """The special tokens, every letter inside and at the beginning of a word, and every word but those in pieces."""
    words = sorted({word.lower() for text in texts for word in text.split()})
    letters = sorted({letter for word in words for letter in word})
    whole = [word for word in words if word not in set(in_pieces)]
    entries = dict.fromkeys([*SPECIAL, *letters, *(f"##{letter}" for letter in letters), *whole])
    return {entry: number for number, entry in enumerate(entries)}


def tokenizer_of(vocabulary: dict[str, int]) -> PreTrainedTokenizerFast:
    """BERT's own way of cutting words to pieces, in small letters, with [CLS] and [SEP] around a sentence."""
    pieces = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    pieces.normalizer = normalizers.BertNormalizer(lowercase=True)
    pieces.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    pieces.decoder = decoders.WordPiece()
    ends = [(name, vocabulary[name]) for name in ("[CLS]", "[SEP]")]
    pieces.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return PreTrainedTokenizerFast(
        tokenizer_object=pieces, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_max_length=64,
    )  # fmt: skip


def train(
    folder: Path, texts: Sequence[str], *, in_pieces: Iterable[str] = (), steps: int = 400, seed: int = 1
) -> Path:
    """Writes a model with two layers that has seen these sentences a few times, always masked anew."""
    vocabulary = word_piece_vocabulary(texts, in_pieces)
    tokenizer = tokenizer_of(vocabulary)
    transformers.utils.logging.disable_progress_bar()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # tests run beside each other
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = BertForMaskedLM(
            BertConfig(
                vocab_size=len(vocabulary),
                hidden_size=32,
                num_hidden_layers=2,
                num_attention_heads=2,
                intermediate_size=64,
                max_position_embeddings=64,
                pad_token_id=vocabulary["[PAD]"],
                hidden_dropout_prob=0.0,
                attention_probs_dropout_prob=0.0,
            )
        )
        rows = tokenizer(list(texts), padding=True, return_tensors="pt")
        ids, real = rows["input_ids"], rows["attention_mask"]
        words = (ids >= len(SPECIAL)) & (real == 1)
        learn = torch.optim.AdamW(model.parameters(), lr=6e-3)
        model.train()
        for _ in range(steps):
            batch = torch.randint(len(ids), (16,))
            chosen = words[batch] & (torch.rand(ids[batch].shape) < 0.3)
            given = ids[batch].masked_fill(chosen, vocabulary["[MASK]"])
            logits = model(input_ids=given, attention_mask=real[batch]).logits
            loss = cross_entropy(logits[chosen], ids[batch][chosen], reduction="sum") / len(batch)
            learn.zero_grad()
            loss.backward()
            learn.step()
    torch.set_num_threads(threads)
    model.eval()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def untrained_of_bytes(folder: Path, texts: Sequence[str], seed: int = 1) -> Path:
    """Writes a model in the manner of RoBERTa, whose words have the space before them in their first letter."""
    pieces = ByteLevelBPETokenizer()
    mask = AddedToken("<mask>", lstrip=True, special=True)  # it takes the space before it
    pieces.train_from_iterator(texts, vocab_size=3000, min_frequency=1, special_tokens=[*SPECIAL_OF_BYTES, mask])
    pieces.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=pieces._tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="<pad>",
        mask_token=mask, model_max_length=64,
    )  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = RobertaForMaskedLM(
            RobertaConfig(
                vocab_size=len(tokenizer),
                hidden_size=16,
                num_hidden_layers=1,
                num_attention_heads=2,
                intermediate_size=16,
                max_position_embeddings=66,
                initializer_range=0.5,
            )
        )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
