"""Beliefs: misconceptions in words, without an operator of their own.

`reject-log-of-product` is true of every instance: what it rejects is a right answer, so it is never an option.
"""

from __future__ import annotations

from .operators import Belief, Kind, Use

_TABLE: tuple[tuple[str, str, str], ...] = (
    ("reject-log-of-product", "log-aggregation", "c-log-rules"),
    ("maximise-the-loss", "sign", "c-mlm-nll"),
    ("absolute-value-ordering", "sign", "c-mlm-nll"),
    ("lowest-prob-lowest-loss", "sign", "c-cross-entropy"),
    ("single-strategic-token", "scope", "c-mlm-multi-mask"),
    ("unmasked-tokens-useless", "scope", "c-mlm"),
    ("static-dynamic-swap", "corruption", "c-masking-process"),
    ("corruption-changes-label", "corruption", "c-80-10-10"),
    ("log-makes-probabilities", "reason", "c-log-likelihood"),
    ("product-different-optimum", "reason", "c-mle"),
    ("log-softens-errors", "reason", "c-cross-entropy"),
    ("sum-because-either-token", "reason", "c-prob-basics"),
    ("log-for-speed", "reason", "c-numerics"),
    ("product-requires-order", "reason", "c-mlm-independence"),
    ("sum-avoids-independence", "reason", "c-mlm-independence"),
    ("mlm-is-causal", "phase2", "c-clm"),
    ("nsp-over-tokens", "phase2", "c-nsp"),
    ("plm-reorders-input", "phase2", "c-permuted-lm"),
)
_USE: dict[str, Use] = {"reject-log-of-product": "never", "maximise-the-loss": "conditional"}
_KIND: Kind = "belief"

BELIEFS: tuple[Belief, ...] = tuple(
    Belief(id=name, kind=_KIND, group=group, concept=concept, use=_USE.get(name, "ok"))
    for name, group, concept in _TABLE
)
