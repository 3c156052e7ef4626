"""Formulas in two dimensions: LaTeX and presentation MathML, straight from the tree.

Text in a line is written by `grading.text`. Everything that is written here reads back to the same tree.
"""

from grading.writing.latex import to_latex
from grading.writing.mathml import to_mathml
from grading.writing.typesetting import Setting

__all__ = ["Setting", "to_latex", "to_mathml"]
