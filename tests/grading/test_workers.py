"""Processes that do pieces of work: large pieces, one call after the other, and what is left of one given up."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from grading.workers import Workers


@contextmanager
def two(work) -> Iterator[Workers]:
    workers = Workers(work, 2, "fork")
    assert len(set(workers.ids)) == 2
    try:
        yield workers
    finally:
        workers.end()


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_large_pieces_and_large_results_do_not_wait_for_each_other(start):
    workers = Workers(bytes.upper, 2, start)
    pieces = [letter * 3_000_000 for letter in (b"a", b"b", b"c", b"d", b"e", b"f", b"g")]
    assert list(workers.results(pieces)) == [piece.upper() for piece in pieces]
    workers.end()


def test_calls_follow_each_other_and_one_that_is_given_up_leaves_nothing():
    with two(str) as workers:
        assert list(workers.results([])) == []
        given_up = workers.results(range(100))
        assert [next(given_up) for _ in range(3)] == ["0", "1", "2"]
        given_up.close()
        assert list(workers.results("abc")) == ["a", "b", "c"]
        assert list(workers.results(range(20))) == list(map(str, range(20)))


def test_pieces_are_made_when_they_are_wanted():
    made = []

    def pieces():
        for number in range(1_000):
            made.append(number)
            yield number

    with two(abs) as workers:
        results = workers.results(pieces())
        assert next(results) == 0
        assert len(made) < 20


def test_what_the_work_raises_is_raised_in_its_turn_with_its_place():
    with two(lambda number: 10 // number) as workers:
        results = workers.results([5, 2, 0, 1])
        assert [next(results), next(results)] == [2, 5]
        with pytest.raises(ZeroDivisionError) as raised:
            next(results)
        assert "test_workers.py" in "".join(raised.value.__notes__)
