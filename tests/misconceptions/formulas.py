"""What a learner with each misconception would type, as plain formulas over floats: an independent second writing.

`EQUAL_WHEN` says when an operator gives exactly the key, for masked sentences with one word a token and words
compared without case; ids that are not listed never do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp, log, log2, prod
from typing import NamedTuple

from grading.expressions import MASK
from quizgen.objective.masked import MaskedSentence


class Facts(NamedTuple):
    """p at the masks, u elsewhere, the largest at each mask, the wrong ones at each mask, logits, m, and the log."""

    p: list[float]
    u: list[float]
    top: list[float]
    wrong: list[list[float]]
    z: list[float]
    m: int
    lg: Callable[[float], float]

    @property
    def n(self) -> int:
        return len(self.p)

    @property
    def entropies(self) -> list[float]:
        return [-sum(w * self.lg(w) for w in (true, *others)) for true, others in zip(self.p, self.wrong, strict=True)]

    def J(self) -> float:
        return sum(map(self.lg, self.p))

    def ln_mean(self) -> float:
        return -sum(map(log, self.p)) / self.n


Formulas = Mapping[str, Callable[[Facts], float]]

KEY: Formulas = {
    "objective": lambda f: f.J(),
    "loss": lambda f: -f.J(),
    "mean-loss": lambda f: -f.J() / f.n,
    "perplexity": lambda f: exp(f.ln_mean()),
}

TYPED: Mapping[str, Formulas] = {
    "sum-of-probs": {"objective": lambda f: sum(f.p), "loss": lambda f: sum(f.p)},
    "product-of-probs": {"objective": lambda f: prod(f.p), "loss": lambda f: prod(f.p)},
    "product-of-logs": {
        "objective": lambda f: prod(map(f.lg, f.p)),
        "loss": lambda f: prod(-f.lg(t) for t in f.p),
    },
    "log-of-sum": {"objective": lambda f: f.lg(sum(f.p)), "loss": lambda f: -f.lg(sum(f.p))},
    "log-of-mean": {
        "objective": lambda f: f.lg(sum(f.p) / f.n),
        "loss": lambda f: -f.lg(sum(f.p) / f.n),
        "mean-loss": lambda f: -f.lg(sum(f.p) / f.n),
        "perplexity": lambda f: f.n / sum(f.p),
    },
    "log-ratio": {
        "objective": lambda f: f.lg(f.p[0]) - sum(map(f.lg, f.p[1:])),
        "loss": lambda f: -f.lg(f.p[0]) + sum(map(f.lg, f.p[1:])),
    },
    "worst-token-only": {
        "objective": lambda f: min(map(f.lg, f.p)),
        "loss": lambda f: max(-f.lg(t) for t in f.p),
    },
    "mean-over-masks": {"objective": lambda f: f.J() / f.n, "loss": lambda f: -f.J() / f.n},
    "sum-when-mean-asked": {"mean-loss": lambda f: -f.J(), "perplexity": lambda f: exp(-sum(map(log, f.p)))},
    "mean-over-length": {
        "objective": lambda f: f.J() / f.m,
        "loss": lambda f: -f.J() / f.m,
        "mean-loss": lambda f: -f.J() / f.m,
        "perplexity": lambda f: exp(-sum(map(log, f.p)) / f.m),
    },
    "flip-sign": {"objective": lambda f: -f.J(), "loss": lambda f: f.J(), "mean-loss": lambda f: f.J() / f.n},
    "linear-loss": {
        "objective": lambda f: sum(t - 1 for t in f.p),
        "loss": lambda f: sum(1 - t for t in f.p),
        "mean-loss": lambda f: sum(1 - t for t in f.p) / f.n,
    },
    "squared-error": {
        "objective": lambda f: -sum((1 - t) ** 2 for t in f.p),
        "loss": lambda f: sum((1 - t) ** 2 for t in f.p),
        "mean-loss": lambda f: sum((1 - t) ** 2 for t in f.p) / f.n,
    },
    "perplexity-as-loss": {
        "loss": lambda f: exp(f.ln_mean()),
        "mean-loss": lambda f: exp(f.ln_mean()),
        "perplexity": lambda f: f.ln_mean(),
    },
    "perplexity-from-sum": {"perplexity": lambda f: exp(-sum(map(log, f.p)))},
    "perplexity-base-mismatch": {"perplexity": lambda f: exp(-sum(map(log2, f.p)) / f.n)},
    "perplexity-arithmetic": {"perplexity": lambda f: sum(1 / t for t in f.p) / f.n},
    "perplexity-is-probability": {"perplexity": lambda f: exp(-f.ln_mean())},
    "joint-instead-of-marginals": {"objective": lambda f: f.J(), "loss": lambda f: -f.J()},
    "target-top-prediction": {
        "objective": lambda f: sum(map(f.lg, f.top)),
        "loss": lambda f: -sum(map(f.lg, f.top)),
        "mean-loss": lambda f: -sum(map(f.lg, f.top)) / f.n,
    },
    "entropy-as-cross-entropy": {
        "objective": lambda f: -sum(f.entropies),
        "loss": lambda f: sum(f.entropies),
        "mean-loss": lambda f: sum(f.entropies) / f.n,
    },
    "multilabel-bce": {
        "loss": lambda f: -f.J() - sum(f.lg(1 - w) for others in f.wrong for w in others),
        "objective": lambda f: f.J() + sum(f.lg(1 - w) for others in f.wrong for w in others),
    },
    "skip-softmax": {"objective": lambda f: sum(f.z), "loss": lambda f: -sum(f.z)},
    "accuracy-as-loss": {"loss": lambda f: sum(a < b for a, b in zip(f.p, f.top, strict=True))},
    "only-first-mask": {"objective": lambda f: f.lg(f.p[0]), "loss": lambda f: -f.lg(f.p[0])},
    "only-last-mask": {"objective": lambda f: f.lg(f.p[-1]), "loss": lambda f: -f.lg(f.p[-1])},
    "all-tokens": {
        "objective": lambda f: f.J() + sum(map(f.lg, f.u)),
        "loss": lambda f: -f.J() - sum(map(f.lg, f.u)),
    },
    "extra-unmasked-token": {"objective": lambda f: f.J() + f.lg(f.u[0]), "loss": lambda f: -f.J() - f.lg(f.u[0])},
    "unmasked-only": {"objective": lambda f: sum(map(f.lg, f.u)), "loss": lambda f: -sum(map(f.lg, f.u))},
}

Fact = Callable[[MaskedSentence], bool]


def _words(masked: MaskedSentence) -> tuple[str, ...]:
    return tuple(token.casefold() for token in masked.tokens)


def _shown(masked: MaskedSentence) -> tuple[str, ...]:
    return tuple(token.casefold() for token in masked.corrupted)


def _one(masked: MaskedSentence) -> bool:
    return masked.n == 1


EQUAL_WHEN: Mapping[str, Fact] = {
    "product-of-logs": _one,
    "log-of-sum": _one,
    "log-of-mean": _one,
    "log-ratio": _one,
    "worst-token-only": _one,
    "mean-over-masks": _one,
    "mean-over-length": lambda s: s.m == 1,
    "condition-on-original": lambda s: _shown(s) == _words(s),
    "autoregressive-factorisation": lambda s: all(_shown(s)[i] == _words(s)[i] for i in s.selected[:-1]),
    "condition-on-own-predictions": _one,
    "pll-conditioning": lambda s: s.n == 1 and s.corrupted[s.selected[0]] == MASK,
    "joint-instead-of-marginals": lambda s: True,
    "swap-targets": lambda s: len({_words(s)[i] for i in s.selected}) == 1,
    "target-random-replacement": lambda s: (
        not any(
            branch == "random" and _shown(s)[i] != _words(s)[i]
            for i, branch in zip(s.selected, s.branches, strict=True)
        )
    ),
    "only-first-mask": _one,
    "only-last-mask": _one,
    "all-tokens": lambda s: s.n == s.m,
    "exclude-random-or-kept": lambda s: all(s.corrupted[i] == MASK for i in s.selected),
    "mask-ordinal-positions": lambda s: s.selected == tuple(range(1, s.n + 1)),
}
