"""What typed formulas are asked beyond their value: forms of the key, and relations that earn credit."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grading.expressions import Expression, Negation, Number, Product, Sum
from grading.keys import RelationKind, SymbolicKey
from grading.parsing import Language, parse_expression
from grading.relations import Proven, first_relation, relate
from grading.requirements import missing
from quizgen.checks.check import Check, Subject
from quizgen.findings import Finding, FindingsError, Severity
from quizgen.generator import Generator
from quizgen.sampling.draws import Source
from quizgen.template import PartTemplate, Symbolic

VARIANTS = 3
_SOME = Number(Fraction(17))


def run(subject: Subject) -> Iterator[Finding]:
    """The key has the form that it asks for, its relations can be proven, and no wrong answer contradicts them."""
    template = subject.template
    asking = [
        (part, part.answer)
        for part in template.parts
        if isinstance(part.answer, Symbolic) and (part.answer.forms or part.answer.accept)
    ]
    if not asking:
        return
    found: dict[tuple[str, object], Finding] = {}
    for where, answer, key in _keys(subject, asking):
        language = Language.of(key)
        tree = parse_expression(key.value, language)
        for finding in _of_key(subject, where, answer, key, tree, language):
            found.setdefault((finding.code, finding.place), finding)
        for finding in _of_rivals(subject, answer, key, tree, language):
            found.setdefault((finding.code, finding.place), finding)
    yield from found.values()


def _keys(subject: Subject, asking: list[tuple[PartTemplate, Symbolic]]) -> Iterator[tuple[str, Symbolic, SymbolicKey]]:
    """(which variant, what a part asks, its key) of the fixed draws and some variants."""
    generator = Generator(subject.template, subject.bank, Source(seed="check"))
    try:
        count = generator.count()
        drawn = range(max(1, min(VARIANTS, count.number)) if count.exact else VARIANTS)
        items = [(f"the fixed draw {entry.name}", generator.fixed(entry.name)) for entry in subject.template.fixed]
        items += [(f"variant {variant}", generator.item(variant)) for variant in drawn]
    except FindingsError:
        return  # the rule of the examples reports that nothing can be drawn
    for where, item in items:
        keys = {part.id: part.key for part in item.key.parts}
        for part, answer in asking:
            key = keys.get(part.id)
            if isinstance(key, SymbolicKey):
                yield where, answer, key


def _of_key(
    subject: Subject, where: str, answer: Symbolic, key: SymbolicKey, tree: Expression, language: Language
) -> Iterator[Finding]:
    document = subject.template.document
    for asked, _ in missing(key.forms, tree, key.value, language):
        message = f"in {where} the key {key.value} is itself not in the form `{asked.form}`"
        yield document.finding("Q415", message, "ask for another form, or write the key in this one", answer.form_path)
    for relation in key.accept:
        if not isinstance(relate(relation.kind, tree, _example(relation.kind, tree), language), Proven):
            message = f"for the key {key.value} of {where} `{relation.kind}` can never be proven"
            remedy = "delete it; answers would all go to a person"
            yield document.finding("Q416", message, remedy, (*answer.accept_path, relation.kind), of="key")


def _example(kind: RelationKind, key: Expression) -> Expression:
    """A formula that has this relation to the key, whatever the key is."""
    match kind:
        case "opposite-sign":
            return Negation(key)
        case "added-constant":
            return Sum((key, _SOME))
    return Product((_SOME, key))


def _of_rivals(
    subject: Subject, answer: Symbolic, key: SymbolicKey, tree: Expression, language: Language
) -> Iterator[Finding]:
    paths = {wrong.id: wrong.path for wrong in answer.wrong}
    for rival in key.rivals:
        relation, _ = first_relation(key.accept, tree, parse_expression(rival.value, language), language)
        if relation is None or relation.credit == rival.credit:
            continue
        name = rival.misconceptions[0] if rival.misconceptions else rival.value
        message = f"{name} earns {rival.credit} here, but has `{relation.kind}`, for which {relation.credit} is given"
        remedy = f"write `{name}: {relation.credit}`, if that is not meant"
        path = paths.get(name, answer.accept_path)
        yield subject.template.document.finding("Q417", message, remedy, path, severity=Severity.WARNING)


CHECK = Check(("Q415", "Q416", "Q417"), "forms and relations make sense", run, on_sound_only=True)
