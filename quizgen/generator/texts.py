"""The author's texts of one template, each compiled once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quizgen.markup import CompiledBlocks, CompiledInline
    from quizgen.template import Written


class Texts:
    """Compiled Markdown by place; compiling is slow, filling is fast."""

    def __init__(self) -> None:
        self._blocks: dict[str, CompiledBlocks] = {}
        self._inline: dict[str, CompiledInline] = {}

    def blocks(self, text: Written) -> CompiledBlocks:
        compiled = self._blocks.get(text.text)
        if compiled is None:
            from quizgen.markup import compile_blocks

            compiled = self._blocks[text.text] = compile_blocks(text.text)
        return compiled

    def inline(self, text: Written) -> CompiledInline:
        compiled = self._inline.get(text.text)
        if compiled is None:
            from quizgen.markup import compile_inline

            compiled = self._inline[text.text] = compile_inline(text.text)
        return compiled
