"""The rule for ``$…$``, mended: at the very beginning of a text it looked at the text's last character instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline


def mend_dollars(markdown: MarkdownIt) -> MarkdownIt:
    """A formula that begins a text is one, also where the text ends in a digit.

    The plug-in refuses a digit in front of a dollar sign, and finds one at place −1.
    """
    from mdit_py_plugins.dollarmath.index import math_inline_dollar

    rule = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)

    def mended(state: StateInline, silent: bool) -> bool:
        if state.pos:
            return rule(state, silent)
        written = state.src
        state.src = written + "\n"
        try:
            return rule(state, silent)
        finally:
            state.src = written

    markdown.inline.ruler.at("math_inline", mended)
    return markdown
