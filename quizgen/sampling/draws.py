"""Random draws that are the same on every machine and in every version.

A draw is named, not counted: the bytes of a stream are a hash of (seed or secret, template, variant, attempt,
purpose). So one more draw for one purpose moves no other, variant 7 needs no variants before it, and nothing
depends on a library's generator, which may change. Seeds are hashed by SHA-256 and may be printed; secrets go
through HMAC-SHA256, and what is drawn tells nothing about them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import NoReturn, Protocol, Self, TypeVar

T = TypeVar("T")

SHORTEST_SECRET = 16
"""Bytes. A shorter secret could be found by trying all of them against a published exam."""

_FORMAT = "quizgen draws 1"
"""Part of every hash; changed only together with every golden value."""

_BLOCK_BITS = 256
_HMAC_BLOCK, _INNER, _OUTER = 64, 0x36, 0x5C
"""Bytes of a block of SHA-256 and what a key is mixed with, as HMAC (RFC 2104) has them."""


class _Hash(Protocol):
    def copy(self) -> Self: ...
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


def _keyed_by(secret: bytes) -> tuple[_Hash, _Hash]:
    """The inner and the outer hash of HMAC-SHA256. Two hashes are copied and read faster than an `hmac.HMAC` is."""
    key = (hashlib.sha256(secret).digest() if len(secret) > _HMAC_BLOCK else secret).ljust(_HMAC_BLOCK, b"\0")
    return hashlib.sha256(bytes(byte ^ _INNER for byte in key)), hashlib.sha256(bytes(byte ^ _OUTER for byte in key))


def _read(inner: _Hash, outer: _Hash | None) -> bytes:
    """What was hashed: by SHA-256, or by HMAC if there is an outer hash."""
    if outer is None:
        return inner.digest()
    whole = outer.copy()
    whole.update(inner.digest())
    return whole.digest()


def _fields(*fields: str | int) -> bytes:
    """Fields with their lengths in front, so that ("a", "bc") and ("ab", "c") are different bytes."""
    texts = [str(field) for field in fields]
    return "".join([f"{len(text)} {text}" for text in texts]).encode("utf-8", "surrogatepass")


class Source:
    """Where all draws of a quiz come from: a public seed or a secret.

    seed: a number or a text; ``Source(7)`` and ``Source("7")`` are the same source, as on a command line.
    secret: at least 16 bytes. It is hashed at once and not kept; it is in no text form, and a source that holds one,
        like any other, can be neither pickled nor compared.

    >>> source = Source(seed=7)
    >>> source.stream("objective-expression", 1, 0, "masks").below(100)
    75
    >>> source
    Source(seed='7')
    >>> Source(secret=bytes(32))
    Source(secret)
    """

    __slots__ = ("_keyed", "_outer", "_shown")

    def __init__(self, seed: int | str | None = None, *, secret: bytes | None = None) -> None:
        if (seed is None) == (secret is None):
            raise ValueError("a source needs either a seed or a secret; give exactly one of them")
        self._keyed: _Hash
        self._outer: _Hash | None = None
        if secret is not None:
            if len(secret) < SHORTEST_SECRET:
                raise ValueError(
                    f"the secret has {len(secret)} bytes; use at least {SHORTEST_SECRET}, such as 32 random ones"
                )
            (self._keyed, self._outer), self._shown = _keyed_by(secret), "secret"
            self._keyed.update(_fields(_FORMAT))
        else:
            self._keyed, self._shown = hashlib.sha256(_fields(_FORMAT, str(seed))), f"seed={str(seed)!r}"

    def __repr__(self) -> str:
        return f"Source({self._shown})"

    @property
    def is_secret(self) -> bool:
        """Whether nobody can guess what is drawn."""
        return self._shown == "secret"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a source of draws cannot be pickled; pass the seed, or read the secret again")

    def stream(self, template: str, variant: int, attempt: int, purpose: str) -> Stream:
        """The draws of one purpose (``"masks"``, ``"order of options"``) of one attempt at one variant."""
        keyed = self._keyed.copy()
        name = f"stream {variant} {attempt} {len(template)} {len(purpose)} {template}{purpose}"
        keyed.update(name.encode("utf-8", "surrogatepass"))
        return Stream(keyed, self._outer)

    def digest(self, *fields: str | int) -> bytes:
        """32 bytes that belong to these fields and to this source alone: for names that cannot be guessed.

        >>> Source(seed=7).digest("item", 1).hex()[:8]
        'ffcf0f81'
        """
        keyed = self._keyed.copy()
        keyed.update(b"digest " + _fields(*fields))
        return _read(keyed, self._outer)


class Stream:
    """A sequence of unbiased draws; get one from `Source.stream`. It is used up as it is drawn from.

    >>> stream = Source(seed="a").stream("t", 0, 0, "demonstration")
    >>> stream.choice("xyz"), stream.integer(2, 9), stream.sample(range(10), 3), stream.shuffle("abc")
    ('z', 6, (0, 9, 8), ('c', 'a', 'b'))
    """

    __slots__ = ("_bits", "_blocks", "_keyed", "_left", "_outer")

    def __init__(self, keyed: _Hash, outer: _Hash | None = None) -> None:
        self._keyed, self._outer = keyed, outer
        self._bits = int.from_bytes(_read(keyed, outer), "big")
        self._left = _BLOCK_BITS
        self._blocks = 1

    def __repr__(self) -> str:
        return "Stream()"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a stream of draws cannot be pickled or copied; ask its source for the stream again")

    def below(self, n: int) -> int:
        """A number from 0 to n - 1, each equally likely; n ≥ 1 of any size."""
        if n < 1:
            raise ValueError(f"cannot draw a number below {n}; n must be at least 1")
        width = (n - 1).bit_length()
        while True:
            while self._left < width:
                self._refill()
            bits = self._bits
            self._bits = bits >> width
            self._left -= width
            drawn = bits & (1 << width) - 1
            if drawn < n:
                return drawn

    def _refill(self) -> None:
        block = self._keyed.copy()
        block.update(b"block %d" % self._blocks)
        self._bits |= int.from_bytes(_read(block, self._outer), "big") << self._left
        self._left += _BLOCK_BITS
        self._blocks += 1

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        if high < low:
            raise ValueError(f"cannot draw a whole number from {low} to {high}; the first must not be larger")
        return low + self.below(high - low + 1)

    def chance(self, probability: Fraction) -> bool:
        """True with exactly this probability, from 0 to 1."""
        if not 0 <= probability <= 1:
            raise ValueError(f"{probability} is not a probability; it must lie between 0 and 1")
        return self.below(probability.denominator) < probability.numerator

    def choice(self, values: Sequence[T]) -> T:
        """One of the values, each place equally likely."""
        if not values:
            raise ValueError("cannot choose from an empty sequence")
        return values[self.below(len(values))]

    def choices(self, values: Sequence[T], count: int) -> tuple[T, ...]:
        """So many values, each of any place; one may come again.

        >>> Source(seed="a").stream("t", 0, 0, "demonstration").choices("xyz", 4)
        ('z', 'x', 'y', 'x')
        """
        below, size = self.below, len(values)
        return tuple([values[below(size)] for _ in range(count)])

    def weighted(self, weights: Sequence[int]) -> int:
        """An index, with probability proportional to its weight (whole numbers, not all 0)."""
        if min(weights, default=-1) < 0 or not any(weights):
            raise ValueError("weights must be whole numbers, none negative and not all 0")
        point = self.below(sum(weights))
        return next(index for index, upto in enumerate(accumulate(weights)) if point < upto)

    def sample(self, values: Sequence[T], k: int) -> tuple[T, ...]:
        """k values from different places, in the order drawn."""
        if not 0 <= k <= len(values):
            raise ValueError(f"cannot draw {k} of {len(values)} values without repeating one")
        pool, below = list(values), self.below
        size = len(pool)
        for i in range(min(k, size - 1)):  # nothing is drawn for the last place of all
            j = i + below(size - i)
            pool[i], pool[j] = pool[j], pool[i]
        return tuple(pool[:k])

    def shuffle(self, values: Sequence[T]) -> tuple[T, ...]:
        """All values in an order drawn uniformly; the sequence itself stays as it is."""
        return self.sample(values, len(values))
