"""Misconceptions about other training objectives that have words in a bank but no operator yet: id and concept."""

from __future__ import annotations

LATER: tuple[tuple[str, str], ...] = (
    ("clm-predict-self", "c-clm"),
    ("prefix-loss-on-prefix", "c-prefix-lm"),
    ("span-target-whole-sentence", "c-span-corruption"),
    ("sentinel-per-token", "c-span-corruption"),
    ("rtd-only-masked", "c-rtd"),
    ("rtd-label-by-mask", "c-rtd"),
    ("rtd-label-ignored", "c-rtd"),
    ("drop-lambda", "c-rtd"),
    ("nsp-wrong-class", "c-nsp"),
)
