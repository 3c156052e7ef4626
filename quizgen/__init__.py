"""Makes quizzes about training objectives: templates in, items, archives and exports out.

>>> from quizgen import Source, generate, load_bank
>>> item = generate("obj-expression-choice", bank=load_bank(), source=Source(seed=1), fixed="S8").item
>>> item.sentence
'quick-fox'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quizgen.assembly import assemble as assemble
    from quizgen.bank import load_bank as load_bank
    from quizgen.exporters import export as export
    from quizgen.generator import generate as generate
    from quizgen.sampling.draws import Source as Source

__version__ = "0.1.0"

__all__ = ["Source", "__version__", "assemble", "export", "generate", "load_bank"]

_HOMES = {
    "Source": "quizgen.sampling.draws",
    "assemble": "quizgen.assembly",
    "export": "quizgen.exporters",
    "generate": "quizgen.generator",
    "load_bank": "quizgen.bank",
}
"""Where the names of the front door live; they are imported when they are used, so that a start is fast."""


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'quizgen' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
