"""Reads sums of logarithms and probabilities by what they have in common: their frames.

``log p_2 + 1/3 log p_6`` and ``log p_5 + 1/7 log p_1`` have one frame; they differ in what fills it. A frame is read by
the grammar once, with marks where names and numbers stand, and is written and brought to its normal form once. What
the normal form says of the marks holds of everything that may stand there, so that any other text of this frame is
read by filling it in: its echo is the frame's with other names, its value the frame's with other unknowns.

`value` says what such a value is, `cutting` how a text is cut, `moulds` what is known of the frame of one term, and
`reading` puts terms together. Whatever is not of this kind is left to the grammar, which is the rule.
"""

from .reading import Read, reader
from .value import Value, form_of, tree_of

__all__ = ["Read", "Value", "form_of", "reader", "tree_of"]
