"""What learners get who compute with the numbers as they are printed.

They know a rounded number only as it is printed. So the numbers of the scene that nobody sees (the probability behind
a loss, say) are moved until everything that is rounded in the question is exactly what is printed of it, while what is
printed exactly stays. The key of the scene that was moved so is the answer of whoever computes flawlessly from the
print. It is found by Newton's steps of least length, in fractions; nobody is graded by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from grading.expressions import Expression
from grading.reals import real
from quizgen.generator import Generator
from quizgen.generator.draft import Redraw
from quizgen.generator.kinds.number import right_number
from quizgen.generator.named import HoleError
from quizgen.generator.scene import Impossible, Scene
from quizgen.generator.trace import Rounded, Trace
from quizgen.template import Numeric, ProbabilityDraw, Template

Vector = tuple[Fraction, ...]

STEP = Fraction(1, 10**9)
"""By which a number is moved to see what depends on it."""

NEWTON_STEPS = 9
DIGITS, RESULT = 40, 15
"""Decimal places of a number that is being moved, and of what comes out in the end."""

NEAR = Fraction(1, 10**22)
"""As near as this to what is printed, a number needs to be moved no more."""

SMALL = Fraction(1, 10**8)
"""A share of a square below which a direction counts as none: rows depend on each other, or a key on nothing else."""


class _Knob(msgspec.Struct, frozen=True):
    """A number of a scene that nobody sees. name: "" for probabilities. member: of a list, None for a single number."""

    name: str
    member: int | None
    value: Fraction
    whole: bool


class _State(msgspec.Struct, frozen=True):
    """What is seen of a scene, and what is not. given: the numbers of the question before they are rounded.

    targets: the same as they are printed. keys: of the numeric parts.
    """

    given: Vector
    targets: Vector
    keys: tuple[tuple[str, Fraction], ...]


def answers_from_print(generator: Generator, trace: Trace) -> list[tuple[str, Fraction]]:
    """(part, number) for each numeric part whose key follows from numbers that the question prints rounded.

    Nothing where none of them is, or where all that is printed leaves a key open. More than one number for a part where
    more is printed than is needed, so that several ways lead to it.
    """
    if trace.scene is None or not any(map(_loses_something, trace.rounded("question"))):
        return []
    seen = {shown.name for shown in trace.shown if shown.place == "question" and not shown.rounded}
    hidden = _Hidden(generator, trace.scene, seen)
    for whole in (False, True):
        knobs = [knob for knob in hidden.knobs if whole or not knob.whole]
        try:
            found = hidden.answers(knobs) if knobs else []
        except (Impossible, HoleError, Redraw, ArithmeticError):
            found = []  # the scene cannot be moved so: it has no values next to it
        if found:
            return found
    return []


def _loses_something(number: Rounded) -> bool:
    """Whether the text says another number than the one that was rounded."""
    return real(number.value).exact != number.printed


class _Hidden:
    """A scene whose hidden numbers can be moved."""

    def __init__(self, generator: Generator, scene: Scene, seen: Collection[str]) -> None:
        self._generator, self._scene = generator, scene
        self.knobs = tuple(_knobs(generator.original, scene, seen))

    def answers(self, knobs: Sequence[_Knob]) -> list[tuple[str, Fraction]]:
        """The keys as they follow from the print; none for those that it leaves open."""
        start = tuple(knob.value for knob in knobs)
        state = self._at(knobs, start)
        rows, slopes = self._slopes(knobs, start, state)
        rounded = [k for k in range(len(rows)) if state.given[k] != state.targets[k]]
        exact = [k for k in range(len(rows)) if k not in rounded]
        found: dict[tuple[str, Fraction], None] = {}
        for first in range(len(rounded)):
            chosen, basis = _independent(rows, [*exact, *rounded[first:], *rounded[:first]])
            moved = self._solved(knobs, start, rows, chosen)
            for (part, key), slope in zip(moved.keys, slopes, strict=True):
                if _length(_beside(slope, basis)) <= SMALL * _length(slope):
                    found[part, round(key, RESULT)] = None
            if set(rounded) <= set(chosen):
                break
        return list(found)

    def _solved(self, knobs: Sequence[_Knob], point: Vector, rows: Sequence[Vector], chosen: Sequence[int]) -> _State:
        """The scene in which the chosen numbers of the question are what is printed of them."""
        state = self._at(knobs, point)
        used = [rows[place] for place in chosen]
        square = [[_dot(one, other) for other in used] for one in used]
        for _ in range(NEWTON_STEPS):
            short = [state.targets[place] - state.given[place] for place in chosen]
            if all(abs(gap) <= NEAR for gap in short):
                break
            weights = _solution(square, short)
            steps = [_dot(weights, column) for column in zip(*used, strict=True)]
            point = tuple(round(value + step, DIGITS) for value, step in zip(point, steps, strict=True))
            moved = self._at(knobs, point)
            state = msgspec.structs.replace(moved, targets=state.targets)
        return state

    def _slopes(self, knobs: Sequence[_Knob], point: Vector, state: _State) -> tuple[list[Vector], list[Vector]]:
        """(of each number of the question, of each key): how fast it grows with each hidden number."""
        moved = [
            self._at(knobs, tuple(value + STEP * (k == place) for k, value in enumerate(point)))
            for place in range(len(point))
        ]
        rows = [tuple((other.given[i] - state.given[i]) / STEP for other in moved) for i in range(len(state.given))]
        keys = [tuple((other.keys[i][1] - key) / STEP for other in moved) for i, (_, key) in enumerate(state.keys)]
        return rows, keys

    def _at(self, knobs: Sequence[_Knob], point: Vector) -> _State:
        """What is seen of the scene with other hidden numbers."""
        trace = Trace()
        draft = self._generator.draft(_moved(self._scene, knobs, point), trace=trace)
        draft.stem()
        keys = []
        for part, here in draft.parts():
            if part.prompt is not None:
                here.blocks(part.prompt)
            if isinstance(part.answer, Numeric):
                keys.append((part.id, _middle(right_number(here, part.answer))))
        given, targets = [], []
        for shown in trace.shown:
            exact = [] if shown.number is None else [_middle(shown.number)]
            given += [*exact, *(_middle(number.value) for number in shown.rounded)]
            targets += [*exact, *(number.printed for number in shown.rounded)]
        return _State(tuple(given), tuple(targets), tuple(keys))


def _knobs(template: Template, scene: Scene, seen: Collection[str]) -> Iterator[_Knob]:
    """The numbers of a scene that are drawn and not among the names that are seen."""
    tables = [name for name, draw in template.draws if isinstance(draw, ProbabilityDraw)] if scene.p else []
    drawn: Mapping[str, Any] = {**scene.values, **dict.fromkeys(tables, scene.p)}
    for name, value in drawn.items():
        if name in seen:
            continue
        if isinstance(value, Fraction):
            yield _Knob(name, None, value, value.denominator == 1)
        elif isinstance(value, tuple):
            for member, number in enumerate(value):
                if isinstance(number, Fraction) and f"{name}_{member + 1}" not in seen:
                    yield _Knob("" if value is scene.p else name, member, number, number.denominator == 1)


def _moved(scene: Scene, knobs: Sequence[_Knob], point: Vector) -> Scene:
    values, p = dict(scene.values), list(scene.p)
    for knob, number in zip(knobs, point, strict=True):
        if knob.member is None:
            values[knob.name] = number
        elif not knob.name:
            p[knob.member] = number
        else:
            members = values[knob.name]
            assert isinstance(members, tuple)
            before, after = members[: knob.member], members[knob.member + 1 :]
            values[knob.name] = (*before, number, *after)
    return msgspec.structs.replace(scene, values=values, p=tuple(p))


def _middle(number: Expression) -> Fraction:
    found = real(number)
    return (found.low + found.high) / 2


# ---------------------------------------------------------------- vectors of fractions


def _dot(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(one, other, strict=True)), Fraction(0))


def _length(vector: Vector) -> Fraction:
    """The square of it."""
    return _dot(vector, vector)


def _beside(vector: Vector, basis: Sequence[Vector]) -> Vector:
    """What is left of a vector without its shares of others, which are orthogonal.

    >>> [str(number) for number in _beside((Fraction(3), Fraction(4)), [(Fraction(2), Fraction(0))])]
    ['0', '4']
    """
    for other in basis:
        share = _dot(vector, other) / _length(other)
        vector = tuple(a - share * b for a, b in zip(vector, other, strict=True))
    return vector


def _independent(rows: Sequence[Vector], order: Sequence[int]) -> tuple[list[int], list[Vector]]:
    """Places of the rows that say something that those before them in this order do not, and an orthogonal basis."""
    chosen: list[int] = []
    basis: list[Vector] = []
    for place in order:
        own = _beside(rows[place], basis)
        if _length(own) > SMALL * _length(rows[place]):
            chosen.append(place)
            basis.append(own)
    return chosen, basis


def _solution(matrix: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction]:
    """The solution of a regular system, by elimination.

    >>> one, two = Fraction(1), Fraction(2)
    >>> [str(x) for x in _solution([[two, one], [one, one]], [one + two, two])]
    ['1', '1']
    """
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for k in range(len(rows)):
        pivot = next(i for i in range(k, len(rows)) if rows[i][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for i in range(len(rows)):
            if i != k and rows[i][k]:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return [row[-1] for row in rows]
