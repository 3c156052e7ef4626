"""The tree of a typed formula, or a refusal; formulas that were read before are kept."""

from __future__ import annotations

from collections.abc import Sequence

from grading.expressions import Expression, children
from grading.parsing.conventions import MAX_DEPTH, MAX_HEIGHT
from grading.parsing.grammar import Parser
from grading.parsing.language import Language
from grading.parsing.lexemes import END, ends_of_terms, quick_tokens
from grading.parsing.refusals import Refused, refuse
from grading.parsing.tokens import Token, clean, tokenize

LONGEST_FORMULA = 80
"""Tokens of a formula that is kept."""
MOST_FORMULAS = 10_000
_EMPTY = Language()


def parse_expression(text: str, language: Language | None = None) -> Expression:
    """The tree of a typed formula; the whole text is read or refused.

    Raises Refused with a `Refusal`: code, place, one kind sentence and, where possible, what to type instead.

    >>> from grading.keys import SymbolDeclaration
    >>> from grading.text import to_unicode
    >>> language = Language(symbols=(SymbolDeclaration("p_2"), SymbolDeclaration("p_6")))
    >>> to_unicode(parse_expression("log p₂·p_{6} − 1/2", language))
    'log(p₂·p₆) − 1/2'
    """
    language = _EMPTY if language is None else language
    cleaned = clean(text)
    try:
        tokens, known = quick_tokens(cleaned, language)
        whole = tuple(tokens)
        if (tree := known.formulas.get(whole)) is None:
            tree = tree_of(Parser(tokens, language, known.terms, ends_of_terms(tokens)))
            if len(tokens) <= LONGEST_FORMULA and len(known.formulas) < MOST_FORMULAS:
                known.formulas[whole] = tree
        return tree
    except Refused:  # once more, by the rule, which knows the places of its tokens
        tokens = tokenize(cleaned, language.decimal_comma, language.own_names)
        return tree_of(Parser(tokens, language, {}, {}))


def parse_tokens(tokens: Sequence[Token], language: Language) -> Expression:
    """The tree of tokens whose places in a text are not known; raises Refused."""
    return tree_of(Parser([*tokens, END], language, {}, {}))


def tree_of(parser: Parser) -> Expression:
    """The tree of all the tokens."""
    if len(parser.tokens) == 1:
        raise refuse("empty:formula")
    try:
        tree = parser.sum()
        if parser.kind != "end":
            raise parser.unexpected()
    except RecursionError:  # a guard behind the limit of depth
        raise refuse("too-deep:levels", most=MAX_DEPTH) from None
    if len(parser.tokens) > MAX_HEIGHT and _too_high(tree):  # fewer tokens cannot make so high a tree
        raise refuse("too-deep:steps", most=MAX_HEIGHT)
    return tree


def _too_high(tree: Expression) -> bool:
    """Whether the tree has more levels than everything that walks through it by recursion can take."""
    level: tuple[Expression, ...] = (tree,)
    for _ in range(MAX_HEIGHT):
        level = tuple(child for node in level for child in children(node))
        if not level:
            return False
    return True
