"""The form in which a right formula has to be written, judged on the tree as it was typed, after equality is proven.

* ``expanded``: sums of logarithms of single things. Every logarithm holds one name, one probability or a number: no
  product, quotient, power or root, no sum, no exponential, no joint probability. No sum is multiplied by anything that
  holds a name, divided by it or raised to a power. A sign or a number before a sum, as in −(log p₂ + log p₆) or
  ½(log p₂ + log p₆), is how losses and means are written and counts as expanded.
* ``single-log``: one logarithm that holds names; logarithms of numbers, as in log(p₂·p₆)/log(2), do not count.
* ``written-out``: no Σ or Π; the parser writes sums out at once, so this is read from the signs of the text.

An equal formula in another form is not wrong: it earns what the requirement declares. By default that is half, since
the value is right and the form that was asked for is missing; where the stem itself shows the formula in another form,
so that copying it would earn the half, the item sets 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache

from grading.atoms import resolved
from grading.expressions import (
    Expression,
    Logarithm,
    Negation,
    Power,
    Probability,
    Product,
    Quotient,
    Sum,
    Symbol,
    atoms,
    children,
    walk,
)
from grading.keys import FormKind, Requirement
from grading.parsing.language import Language
from grading.parsing.refusals import Refused
from grading.parsing.tokens import clean, tokenize


def missing(
    requirements: Iterable[Requirement], tree: Expression, text: str, language: Language
) -> tuple[tuple[Requirement, str], ...]:
    """The requirements that a formula does not meet, each with a sentence for the learner, in their order.

    tree: as it was read, not simplified. text: as it was typed. The sentence is the key's own where it has one.

    >>> from grading.parsing import parse_expression
    >>> language, typed = Language(any_name=True), "log(p_2*p_6)"
    >>> asked = Requirement("expanded"), Requirement("single-log")
    >>> [words for _, words in missing(asked, parse_expression(typed, language), typed, language)]
    ['The value is right; please write the logarithm of the product as a sum of logarithms.']
    """
    unmet = []
    for asked in requirements:
        wanted = next(_wanting(asked.form, tree, text, language), "")
        if wanted:
            unmet.append((asked, asked.feedback or f"The value is right; please {wanted}."))
    return tuple(unmet)


def credit_of(unmet: Iterable[tuple[Requirement, str]]) -> Fraction:
    """What an equal formula earns that misses these forms: the least of their credits, 1 if there are none."""
    return min((asked.credit for asked, _ in unmet), default=Fraction(1))


def _wanting(form: FormKind, tree: Expression, text: str, language: Language) -> Iterator[str]:
    """What to do about each place that is not in this form."""
    if form == "written-out":
        if uses_series(text, language.decimal_comma):
            yield "write out every term instead of the sign for a sum or a product"
        return
    names = resolved(tree, language)  # n is a number there, a joint probability a product
    if form == "single-log":
        count = sum(isinstance(node, Logarithm) and bool(atoms(node.argument)) for node in walk(names))
        if count > 1:
            yield "gather the logarithms into the logarithm of one product"
        elif count < 1:
            yield "write it as one logarithm"
        return
    joint = any(
        isinstance(node, Logarithm) and isinstance(node.argument, Probability) and len(node.argument.events) > 1
        for node in walk(tree)
    )
    if joint:
        yield "write the joint probability as a product, and its logarithm as a sum of logarithms"
    yield from (wanted for node in walk(names) if (wanted := _unexpanded(node)))


def _unexpanded(node: Expression) -> str:
    """What to do about this node, "" if it is expanded."""
    match node:
        case Logarithm(argument, base):
            if atoms(argument) and not isinstance(argument, Symbol | Probability):
                return _LOGARITHMS.get(type(argument), "write only logarithms of single probabilities")
            return "use a number as the base of the logarithm" if base is not None and atoms(base) else ""
        case Product(factors):
            holding = [factor for factor in factors if atoms(factor)]
            return _MULTIPLY if len(holding) > 1 and any(map(_holds_sum, holding)) else ""
        case Quotient(numerator, denominator):
            if atoms(denominator) and (_holds_sum(numerator) or _holds_sum(denominator)):
                return "divide every term of the sum by itself"
        case Power(base, exponent):
            return _MULTIPLY if _holds_sum(base) or _holds_sum(exponent) else ""
    return ""


_MULTIPLY = "multiply the sum out"
_LOGARITHMS: dict[type, str] = {
    Product: "write the logarithm of the product as a sum of logarithms",
    Quotient: "write the logarithm of the quotient as a difference of logarithms",
    Power: "write the logarithm of the power as a multiple of a logarithm",
}


def _holds_sum(tree: Expression) -> bool:
    """Whether a sum of names would have to be multiplied out here; sums inside of functions stay where they are."""
    if isinstance(tree, Sum):
        return bool(atoms(tree))
    return isinstance(tree, Negation | Product | Quotient) and any(map(_holds_sum, children(tree)))


@lru_cache(maxsize=4096)
def uses_series(text: str, decimal_comma: bool = False) -> bool:
    """Whether a text has the sign of a sum or product over a set.

    >>> uses_series("sum_{i in {2,6}} log p_i"), uses_series("log p_2 + log p_6")
    (True, False)
    """
    try:
        return any(token.kind == "series" for token in tokenize(clean(text), decimal_comma))
    except Refused:
        return False


def in_other_form(form: FormKind, text: str) -> str:
    """A text of the same value as the key's that is not in this form.

    >>> in_other_form("single-log", "log(p_2*p_6)")
    '(log(p_2*p_6))/2 + (log(p_2*p_6))/2'
    """
    if form == "expanded":
        return f"ln(exp({text}))"
    if form == "single-log":
        return f"({text})/2 + ({text})/2"
    index = next(letter for letter in "ijktuvwabcdfgh" if letter not in text)
    return f"sum_{{{index} in {{1}}}} ({text})"
