"""Markdown with ``$math$`` and holes, compiled once a template and filled for each variant.

What fills a hole is content, never markup: the drawn word ``**x**`` or ``<script>`` stays as it is written.
Holes are read by Jinja2's own parser, and only names, attributes and filters with constant arguments are holes.
"""

from quizgen.markup.compiler import CompiledBlocks, CompiledInline, HoleValue, compile_blocks, compile_inline, inline_of
from quizgen.markup.formula_shapes import MisplacedHole
from quizgen.markup.holes import Hole

__all__ = [
    "CompiledBlocks",
    "CompiledInline",
    "Hole",
    "HoleValue",
    "MisplacedHole",
    "compile_blocks",
    "compile_inline",
    "inline_of",
]
