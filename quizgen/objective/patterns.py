"""Equality patterns: what a proof about some trees depends on, so that it is made once and not for every sentence."""

from __future__ import annotations

from functools import lru_cache

from grading.atoms import identify
from grading.expressions import (
    MASK,
    Context,
    Event,
    Expression,
    Extremum,
    Logarithm,
    Negation,
    Number,
    Probability,
    Product,
    Sum,
    Symbol,
    children,
)
from grading.parsing.language import Language

Pattern = tuple[object, ...]
_NO_LANGUAGE = Language()


def pattern(*trees: Expression, language: Language = _NO_LANGUAGE) -> Pattern:
    """Trees with their atoms renamed by first appearance: a verdict for one instance holds for all with its pattern.

    language: the one that the judge is given with the trees.

    *Why that is sound.* To the judge an atom is an unknown in (0, 1] whose only property is its identity
    (`grading.atoms`): position, token without case, and the context without case and without trailing ``[MASK]``. Here
    atoms get one name exactly if they are the same in that sense. Take two instances with the same pattern. Both come
    from it by putting atoms for names, different atoms for different names; so there is a bijection of the atoms of
    the one to those of the other that carries its trees to the other's trees. Renaming unknowns one to one changes
    neither whether two functions are equal nor whether a point tells them apart, so the verdict is the same.

    A joint probability is no atom but the product of its components, so these are named one by one and it stays
    visible which of them occur elsewhere. A joint that does not split (the wrong way round, unconditional, or with
    two tokens at one place) is one atom, named by all of its events. A symbol that stands for an atom or for a
    number of the sentence is taken for it. Symbols ``p_k`` that are nothing but unknown probabilities are renamed; any
    other symbol keeps its name and what is assumed of it, and numbers keep their values.

    >>> a, b = Logarithm(Symbol("p_2")), Logarithm(Symbol("p_6"))
    >>> pattern(Sum((a, b)), Sum((b, a)))
    (('sum', ('log', 0), ('log', 1)), ('sum', ('log', 1), ('log', 0)))
    """
    names: dict[object, int] = {}
    number = names.setdefault
    contexts: dict[tuple[str, ...] | None, int] = {None: 0}
    seen: dict[int, int] = {id(None): 0}

    def place_of(given: Context | None) -> int:
        # Contexts are mostly one object; looking at their tokens each time would cost more than all the rest.
        assert given is not None
        number = seen[id(given)] = contexts.setdefault(_shown(given.tokens), len(contexts))
        return number

    def symbol(node: Symbol) -> object:
        leaf = node if language.sentence is None else identify(node, language)
        if not isinstance(leaf, Symbol):
            return of(leaf)
        assumption = language.assumptions.get(leaf.name)
        if leaf.name.startswith("p_") and assumption is None:
            return number(leaf.name, len(names))
        return ("symbol", leaf.name, assumption)

    def of(node: Expression) -> object:
        # In the order of how often they occur: this runs for every candidate of every item.
        if isinstance(node, Probability):
            given, events = node.given, node.events
            context = seen.get(id(given))
            if context is None:
                context = place_of(given)
            if len(events) != 1:
                return _joint(events, context, node.reverse, names)
            event = events[0]
            return number((event.of, event.position, event.token.casefold(), context, node.reverse), len(names))
        if isinstance(node, Logarithm):
            base = node.base
            return ("log", of(node.argument)) if base is None else ("log", of(node.argument), of(base))
        if isinstance(node, Sum):
            return ("sum", *[of(term) for term in node.terms])
        if isinstance(node, Negation):
            return ("minus", of(node.operand))
        if isinstance(node, Product):
            return ("product", *map(of, node.factors))
        if isinstance(node, Symbol):
            return symbol(node)
        if isinstance(node, Number):
            return ("number", node.value.numerator, node.value.denominator)
        which = node.which if isinstance(node, Extremum) else type(node).__name__
        return (which, *map(of, children(node)))

    return tuple(map(of, trees))


@lru_cache(maxsize=4096)
def _shown(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """What a context shows: trailing masks show nothing, and case does not count."""
    end = len(tokens)
    while end and tokens[end - 1] == MASK:
        end -= 1
    return tuple(token.casefold() for token in tokens[:end])


def _joint(events: tuple[Event, ...], context: int, reverse: bool, names: dict[object, int]) -> object:
    distinct = sorted({(event.of, event.position, event.token.casefold()) for event in events})
    if len(distinct) == 1:
        return names.setdefault((*distinct[0], context, reverse), len(names))
    if context == 0 or reverse or len({place[:2] for place in distinct}) < len(distinct):
        return names.setdefault((*distinct, context, reverse), len(names))
    parts = [names.setdefault((*event, context, reverse), len(names)) for event in distinct]
    return ("product", *parts)
