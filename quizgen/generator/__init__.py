"""The generator: a template and a variant number in, one complete item with its keys out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quizgen.generator.counting import VariantCount as VariantCount
    from quizgen.generator.counting import variant_count as variant_count
    from quizgen.generator.generating import Generator as Generator
    from quizgen.generator.generating import generate as generate

__all__ = ["Generator", "VariantCount", "generate", "variant_count"]

_HOMES = {
    "Generator": "quizgen.generator.generating",
    "VariantCount": "quizgen.generator.counting",
    "generate": "quizgen.generator.generating",
    "variant_count": "quizgen.generator.counting",
}
"""Where the names live; counting a bank must not load what generating needs."""


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'quizgen.generator' has no attribute {name!r}")
