"""Contexts are what is visible, not how it is written."""

from __future__ import annotations

from grading.expressions import Context


def test_contexts_that_resolve_to_the_same_tokens_are_one() -> None:
    corrupted = Context("xbar", ("[CLS]", "the", "bird"))
    original = Context("x", ("[CLS]", "the", "bird"))
    assert corrupted == original
    assert not corrupted != original  # noqa: SIM202 - the operator itself is what is tested
    assert corrupted != Context("xbar", ("[CLS]", "the", "[MASK]"))
