"""One masked sentence: what stood there, what the model sees instead, and which positions it must predict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

import msgspec

from grading.expressions import CLS, MASK, Context, Event, Probability, Symbol
from grading.labels import quote_token

Branch = Literal["mask", "random", "keep"]
"""What happened to a selected token: replaced by ``[MASK]``, replaced by a random word, left as it was."""

GUESS = "xhat_{}"
"""The token that stands in a context for the model's own guess at a position."""

ORIGINAL = "original"
"""The decision that a token is the one that stood there."""


class MaskedSentence(msgspec.Struct, frozen=True, cache_hash=True, dict=True):
    """A sentence after the corruption of one training step.

    tokens: the original sequence, ``[CLS]`` at index 0, words from 1.
    corrupted: x̄, of the same length; differs from `tokens` at selected positions only.
    selected: A(x), ascending, within 1..m. branches: what happened to each of them, in the same order.
    order: in which the selected tokens are predicted one after the other, each given those before it. Left to right
        over all words this is causal language modelling, behind a visible prefix prefix language modelling, in a drawn
        order permuted language modelling; () predicts all of them at once, given x̄.
    decides: x̄ is judged word by word: is this the token that stood there (replaced token detection)? It is x^c then.

    Raises ValueError where these do not fit together.

    >>> bird = masked_sentence(("[CLS]", "the", "early", "bird"), {2: "[MASK]"})
    >>> bird.corrupted, bird.n, bird.m
    (('[CLS]', 'the', '[MASK]', 'bird'), 1, 3)
    """

    tokens: tuple[str, ...]
    corrupted: tuple[str, ...]
    selected: tuple[int, ...]
    branches: tuple[Branch, ...]
    order: tuple[int, ...] = ()
    decides: bool = False

    def __post_init__(self) -> None:
        if not self.tokens or self.tokens[0] != CLS or len(self.tokens) < 2:
            raise ValueError(f"a masked sentence starts with {CLS} and has at least one word, not {self.tokens!r}")
        if len(self.corrupted) != len(self.tokens):
            raise ValueError(
                f"the corrupted sequence has {len(self.corrupted)} tokens, the original {len(self.tokens)}"
            )
        if len(self.branches) != len(self.selected):
            raise ValueError(f"{len(self.selected)} selected positions but {len(self.branches)} branches")
        previous = 0
        for position, branch in zip(self.selected, self.branches, strict=True):
            if not previous < position < len(self.tokens):
                raise ValueError(f"selected positions {self.selected} are not ascending within 1..{self.m}")
            shown = self.corrupted[position]
            if (branch == "mask") != (shown == MASK) or (branch == "keep" and shown != self.tokens[position]):
                raise ValueError(f"position {position} shows {shown!r}, which is not the branch {branch!r}")
            previous = position
        if self.order and tuple(sorted(self.order)) != self.selected:
            raise ValueError(f"the order {self.order} is not one of the selected positions {self.selected}")
        others = list(self.corrupted)
        for position in self.selected:
            others[position] = self.tokens[position]
        if (*others,) != self.tokens:
            position = next(place for place, token in enumerate(self.tokens) if token != others[place])
            raise ValueError(f"position {position} was changed to {others[position]!r} but is not selected")

    @property
    def m(self) -> int:
        """The number of words; ``[CLS]`` does not count."""
        return len(self.tokens) - 1

    @property
    def n(self) -> int:
        """The number of selected positions."""
        return len(self.selected)

    @cached_property
    def unselected(self) -> tuple[int, ...]:
        """The positions of the words that carry no term, ascending."""
        return tuple(k for k in range(1, len(self.tokens)) if k not in self.selected)

    @property
    def scored(self) -> tuple[int, ...]:
        """The positions that have a term, ascending: the selected ones, or every word if each is decided about."""
        return tuple(range(1, len(self.tokens))) if self.decides else self.selected

    def is_replaced(self, position: int) -> bool:
        """Whether another token is shown at this position than the one that stood there; case does not count."""
        return self.corrupted[position].casefold() != self.tokens[position].casefold()

    def seen_at(self, position: int) -> Context:
        """What the model sees while it predicts the token at a position, or decides about it.

        >>> words = ("[CLS]", "a", "b", "c")
        >>> causal = masked_sentence(words, dict.fromkeys((1, 2, 3), "[MASK]"), order=(1, 2, 3))
        >>> causal.seen_at(3).notation, masked_sentence(words, {2: "[MASK]"}).seen_at(2).notation
        ('x_{<3}', 'xbar')
        """
        if self.decides:
            return self._judged
        if position not in self.order:
            return self._xbar
        found = self._seen.get(position)
        if found is None:
            found = self._seen[position] = self._seen_in_turn(position)
        return found

    def _seen_in_turn(self, position: int) -> Context:
        later = self.order[self.order.index(position) :]
        return self.known_context(k for k in range(len(self.tokens)) if k not in later)

    def xbar_context(self) -> Context:
        """x̄, what the model is given."""
        return self._xbar

    @cached_property
    def _xbar(self) -> Context:
        # One object for all terms and records: contexts are compared and named again and again.
        return Context("xbar", self.corrupted)

    @cached_property
    def _judged(self) -> Context:
        return Context("xc", self.corrupted)

    @cached_property
    def _seen(self) -> dict[int, Context]:
        """What was seen in turn, by position, as far as it was asked for."""
        return {}

    def original_context(self) -> Context:
        """x, which the model never sees."""
        return Context("x", self.tokens)

    def left_context(self, position: int) -> Context:
        """x̄ to the left of `position`.

        >>> masked_sentence(("[CLS]", "a", "b"), {2: "[MASK]"}).left_context(2)
        Context(notation='xbar_{<2}', tokens=('[CLS]', 'a'))

        Where tokens are predicted in an order it is x to the left: whatever stands there may have been predicted.
        """
        if self.order:
            return Context(f"x_{{<{position}}}", self.tokens[:position])
        return Context(f"xbar_{{<{position}}}", self.corrupted[:position])

    def known_context(self, positions: Iterable[int]) -> Context:
        """x at these positions only.

        >>> masked_sentence(("[CLS]", "a", "b", "c"), {2: "[MASK]"}).known_context([0, 3])
        Context(notation='x_{0,3}', tokens=('[CLS]', '[MASK]', '[MASK]', 'c'))

        The first positions are written as what stands to the left, unless tokens are predicted in another order.
        """
        shown = sorted(positions)
        notation = f"x_{{{','.join(map(str, shown))}}}"
        if shown == list(range(len(shown))):
            in_turn = list(self.order) == sorted(self.order)
            return Context(f"x_{{<{len(shown)}}}" if in_turn else notation, self.tokens[: len(shown)])
        hidden = {k: MASK for k in range(len(self.tokens)) if k not in shown}
        return Context(notation, _replaced(self.tokens, hidden))

    def context_up_to(self, position: int) -> Context:
        """x to the left of `position`, and the token at the position itself."""
        return Context(f"x_{{<={position}}}", self.tokens[: position + 1])

    def single_mask_context(self, position: int) -> Context:
        """x with `position` alone masked, as in pseudo-log-likelihood scoring."""
        return Context(rf"x_{{\{position}}}", _replaced(self.tokens, {position: MASK}))

    def filled_context(self, positions: Iterable[int]) -> Context:
        """x̄ with the true words filled in at `positions`; no position gives x̄ itself.

        >>> masked_sentence(("[CLS]", "a", "b"), {1: "[MASK]", 2: "[MASK]"}).filled_context([1])
        Context(notation='xbar, x_1=a', tokens=('[CLS]', 'a', '[MASK]'))
        """
        filled = {k: self.tokens[k] for k in positions}
        notation = "".join(f", x_{k}={quote_token(word)}" for k, word in filled.items())
        return Context("xbar" + notation, _replaced(self.corrupted, filled))

    def guessed_context(self, positions: Iterable[int]) -> Context:
        """x̄ with the model's own guesses filled in at `positions`; no position gives x̄ itself.

        >>> masked_sentence(("[CLS]", "a", "b"), {1: "[MASK]", 2: "[MASK]"}).guessed_context([1])
        Context(notation='xbar, xhat_1', tokens=('[CLS]', 'xhat_1', '[MASK]'))
        """
        guesses = {k: GUESS.format(k) for k in positions}
        return Context("xbar" + "".join(f", {guess}" for guess in guesses.values()), _replaced(self.corrupted, guesses))

    def spelled(self, position: int, token: str) -> str:
        """The token as the sentence spells it at this position; case does not count.

        >>> masked_sentence(("[CLS]", "The", "bird"), {1: "[MASK]"}).spelled(1, "the")
        'The'
        """
        here = self.tokens[position] if 0 <= position < len(self.tokens) else token
        return here if here.casefold() == token.casefold() else token

    def probability(self, position: int) -> Probability:
        """The probability that the term of a position is about: ``Pr(x_k = true word | x̄)``, or what is seen instead.

        If the model decides about tokens it is ``Pr(d_k = original | x^c)``.
        """
        found = self._probabilities.get(position)
        if found is None:
            event = Event(position, ORIGINAL, "d") if self.decides else Event(position, self.tokens[position])
            found = self._probabilities[position] = Probability((event,), self.seen_at(position))
        return found

    @cached_property
    def _probabilities(self) -> dict[int, Probability]:
        """Those that were asked for: the same node each time, because its texts are remembered by it."""
        return {}

    def symbols(self) -> Mapping[Probability, Symbol]:
        """``p_k`` for the probability of the true token at every position 0..m, as in typed formulas; ``D_k`` for that
        of the decision that a token is the original one.
        """
        return self._symbols

    @cached_property
    def _symbols(self) -> Mapping[Probability, Symbol]:
        letter = "D" if self.decides else "p"
        return {self.probability(k): Symbol(f"{letter}_{k}") for k in range(len(self.tokens))}


def masked_sentence(
    tokens: tuple[str, ...], shown: Mapping[int, str], order: tuple[int, ...] = (), *, decides: bool = False
) -> MaskedSentence:
    """A masked sentence from what is shown at each selected position; the branches follow from it.

    A random word that happens to be the original one is told apart from a kept one only by the branch, so such
    a sentence is built with `MaskedSentence` itself.

    >>> masked_sentence(("[CLS]", "the", "worm"), {1: "the", 2: "[MASK]"}).branches
    ('keep', 'mask')
    """
    selected = tuple(sorted(shown))
    branches: list[Branch] = [
        "mask" if shown[k] == MASK else "keep" if k < len(tokens) and shown[k] == tokens[k] else "random"
        for k in selected
    ]
    return MaskedSentence(tokens, _replaced(tokens, shown), selected, tuple(branches), order, decides)


def _replaced(tokens: tuple[str, ...], new: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(new.get(k, token) for k, token in enumerate(tokens)) if new else tokens
