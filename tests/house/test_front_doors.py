"""What a person at a prompt sees of the two packages: every name of the front door, once."""

from __future__ import annotations

from types import ModuleType

import pytest

import grading
import quizgen


@pytest.mark.parametrize("package", [grading, quizgen])
def test_every_promised_name_is_there_and_listed_once(package: ModuleType) -> None:
    names = dir(package)
    assert len(names) == len(set(names))
    assert set(package.__all__) <= set(names)
    for name in package.__all__:
        assert getattr(package, name) is not None
