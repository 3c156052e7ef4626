"""What a person at a prompt sees of the two packages: every name of the front door, once."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
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


@pytest.mark.parametrize("package", [grading, quizgen])
def test_every_module_has_the_names_that_it_lists(package: ModuleType) -> None:
    names = [found.name for found in walk_packages(package.__path__, f"{package.__name__}.")]
    modules = [import_module(name) for name in names if not name.endswith("__main__")]
    assert len(modules) > 50
    missing = [f"{m.__name__}.{name}" for m in modules for name in getattr(m, "__all__", ()) if not hasattr(m, name)]
    assert missing == []
