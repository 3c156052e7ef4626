"""A template with its pool as one ``<question type="stack">``."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from grading.answersheet import PartKey
from grading.keys import NumericKey, SymbolicKey
from quizgen.exporters.moodle_stack.castext import castext, input_at, marked, shared, shared_whole
from quizgen.exporters.moodle_stack.formulas import known_formulas
from quizgen.exporters.moodle_stack.known import Known
from quizgen.exporters.moodle_stack.maxima import SHORT, formula_names
from quizgen.exporters.moodle_stack.numbers import known_numbers
from quizgen.exporters.moodle_stack.shared_content import shared_blocks
from quizgen.exporters.moodle_stack.table import Table
from quizgen.exporters.moodle_stack.tree import tests, tree
from quizgen.exporters.moodle_xml.xml import (
    DIALECT,
    NAME_LENGTH,
    element,
    html_element,
    id_number,
    moodle_dialect,
    moodle_text,
    moodle_texts,
    phrase_html,
    text_element,
)
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.gaps import gaps
from quizgen.exporters.rendering.text import printable
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.model import GeneratedItem, Item, Part

PENALTY = "0.3333333"
BLANK = "____"
SEPARATOR, REVISION = " · ", 16
"""Between the parts of the line that says where a row comes from; so much of its revision is shown."""

OPTIONS = (
    ("questionsimplify", "0"),
    ("assumepositive", "1"),
    ("assumereal", "1"),
    ("decimals", "."),
    ("scientificnotation", "*10"),
    ("multiplicationsign", "dot"),
    ("sqrtsign", "1"),
    ("complexno", "i"),
    ("inversetrig", "cos-1"),
    ("logicsymbol", "lang"),
    ("matrixparens", "["),
    ("isbroken", "0"),
    ("variantsselectionseed", ""),
)

INPUT_OPTIONS = (
    ("strictsyntax", "1"),
    ("syntaxattribute", "1"),
    ("forbidwords", ""),
    ("forbidfloat", "0"),
    ("requirelowestterms", "0"),
    ("checkanswertype", "0"),
    ("mustverify", "1"),
    ("showvalidation", "1"),
)


class Row(msgspec.Struct, frozen=True, gc=False):
    """One item of a pool with what is known of the answers to its parts. in_text: parts with a gap in the stem."""

    made: GeneratedItem
    knowns: tuple[Known, ...]
    in_text: tuple[str, ...]

    @property
    def shape(self) -> tuple[object, ...]:
        """What the items of one question have in common."""
        item, key = self.made.item, self.made.key
        parts = [
            (
                part.id,
                part.weight.as_integer_ratio(),
                type(part_key.key),
                getattr(part_key.key, "decimal_comma", False),
                known.refuses_decimals,
                _unit(part) if part.id in self.in_text else "",
            )
            for part, part_key, known in zip(item.parts, key.parts, self.knowns, strict=True)
        ]
        credited = [known.credited for known in self.knowns]
        return (item.template, item.language, tuple(parts), self.in_text, len(key.hints), tuple(credited))


class Asked(msgspec.Struct, frozen=True):
    """A question to write. id: its id number. points: what it is worth. code_in_stem: show each item's code."""

    id: str
    points: Fraction
    code_in_stem: bool


def row(made: GeneratedItem) -> Row:
    """An item as a row. Raises Unwritable if a formula of its key cannot be said in STACK."""
    words = wording(made.item.language)
    knowns = tuple([_known(part_key, words) for part_key in made.key.parts])
    return Row(made, knowns, tuple(gaps(made.item.stem)))


def _known(part_key: PartKey, words: Wording) -> Known:
    match part_key.key:
        case NumericKey() as key:
            return known_numbers(key, words)
        case SymbolicKey() as key:
            return known_formulas(key)
    raise TypeError(f"STACK is not asked for a {type(part_key.key).__name__}")


def question(rows: Sequence[Row], asked: Asked) -> str:
    """A question whose deployed seeds are these rows, in their order."""
    first = rows[0].made.item
    words = wording(first.language)
    table = Table([origin(one.made.item) for one in rows])
    from_where = _origins(rows, table)
    text = _text(rows, table, asked.code_in_stem)
    solution = shared_blocks([one.made.key.solution for one in rows], DIALECT, table.hole)
    solution += f"\n<p><small>{from_where}</small></p>"
    hints = [shared(column, table.hole) for column in zip(*(_hints(one.made) for one in rows), strict=True)]
    trees = [
        tree(number, part.weight, [one.knowns[number - 1] for one in rows], table)
        for number, part in enumerate(first.parts, 1)
    ]
    feedback = "".join(f"<p>[[feedback:{tree.name}]]</p>" for tree in trees)
    said = (("prtcorrect", "correct"), ("prtpartiallycorrect", "partly"), ("prtincorrect", "incorrect"))
    comma = any(getattr(part_key.key, "decimal_comma", False) for part_key in rows[0].made.key.parts)
    options = dict(OPTIONS) | ({"decimals": ","} if comma else {})
    if any(_is_signed(one.made) for one in rows):
        options["assumepositive"] = "0"
    seeds = range(1, len(rows) + 1) if table.varies else ()
    return (
        '<question type="stack">\n'
        + text_element("name", " ".join(printable(first.title).split())[:NAME_LENGTH] or first.template)
        + html_element("questiontext", text)
        + html_element("generalfeedback", solution)
        + element("defaultgrade", decimal(asked.points, 12))
        + element("penalty", PENALTY)
        + element("hidden", "0")
        + element("idnumber", id_number(asked.id))
        + text_element("stackversion", "")
        + text_element("questionvariables", table.variables())
        + html_element("specificfeedback", feedback)
        + html_element("questionnote", f"<p>{from_where}</p>")
        + html_element("questiondescription", "")
        + "".join(html_element(tag, f"<p>{castext(words(name))}</p>") for tag, name in said)
        + "".join(element(tag, value) for tag, value in options.items())
        + "".join(_input(number, rows, made.shown) for number, made in enumerate(trees, 1))
        + "".join(made.xml for made in trees)
        + "".join(html_element("hint", hint) for hint in hints)
        + "".join(element("deployedseed", str(seed)) for seed in seeds)
        + "".join(tests(trees, PENALTY))
        + _tags(first)
        + "</question>\n"
    )


def _is_signed(made: GeneratedItem) -> bool:
    """Whether a name of a formula may be negative."""
    keys = [part_key.key for part_key in made.key.parts if isinstance(part_key.key, SymbolicKey)]
    return any(symbol.assumption == "real" for key in keys for symbol in key.symbols)


def origin(item: Item) -> str:
    """Where a row comes from, in one line: code, id and revision."""
    return SEPARATOR.join((item.code, item.id, item.revision[:REVISION]))


def _origins(rows: Sequence[Row], table: Table) -> str:
    """`origin` of each row, as CASText."""
    items = [one.made.item for one in rows]
    columns = [item.code for item in items], [item.id for item in items], [item.revision[:REVISION] for item in items]
    return SEPARATOR.join([shared_whole(moodle_texts(column), table.hole) for column in columns])


def _text(rows: Sequence[Row], table: Table, code_in_stem: bool) -> str:
    """The question as CASText with its inputs: in their places in the stem, or below it after their prompts."""
    first, items = rows[0].made, [one.made.item for one in rows]
    words, hole = wording(first.item.language), table.hole
    numbers = {part.id: number for number, part in enumerate(first.item.parts, 1)}
    units = {part.id: _unit(part) for part in first.item.parts}
    dialect = moodle_dialect(lambda part: marked(numbers[part]) + units[part] if part in numbers else BLANK)
    written = [shared_blocks([item.stem for item in items], dialect, hole)]
    for place, part in enumerate(first.item.parts):
        if part.id not in rows[0].in_text:
            prompts = [item.parts[place].prompt for item in items]
            written += [shared_blocks(prompts, dialect, hole)] if any(prompts) else []
            own_units = shared([_unit(item.parts[place]) for item in items], hole)
            written.append(f"<p>{input_at(place + 1)}{own_units}</p>")
    how_to_type = dict.fromkeys([_how_to_type(part_key.key) for part_key in first.key.parts])
    written += [f"<p><em>{castext(moodle_text(words(name)))}</em></p>" for name in how_to_type]
    if code_in_stem:
        written.append(f"<p><small>{shared_whole(moodle_texts([item.code for item in items]), hole)}</small></p>")
    return "\n".join(written)


def _unit(part: Part) -> str:
    unit = getattr(part.interaction, "unit", "")
    return f" {moodle_text(unit)}" if unit else ""


def _how_to_type(key: object, sample: bool = False) -> str:
    """The name of the words that say how an answer is typed in STACK, or of those in its empty field."""
    mark = "comma" if getattr(key, "decimal_comma", False) else "point"
    return f"stack:{'formula' if isinstance(key, SymbolicKey) else 'number'}{'-sample' if sample else ''}-{mark}"


def _hints(made: GeneratedItem) -> list[str]:
    return [phrase_html(text) for text in made.key.hints]


def _input(number: int, rows: Sequence[Row], shown: str) -> str:
    key = rows[0].made.key.parts[number - 1].key
    formula = isinstance(key, SymbolicKey)
    words = wording(rows[0].made.item.language)
    own = [one.made.key.parts[number - 1].key for one in rows]
    formulas = [each for each in own if isinstance(each, SymbolicKey)]
    names = dict.fromkeys([name for each in formulas for name in formula_names(each)])
    allowed = ",".join(name for name in names if len(name) > SHORT)
    no_decimals = rows[0].knowns[number - 1].refuses_decimals
    options = dict(INPUT_OPTIONS) | ({"forbidfloat": "1"} if no_decimals else {})
    settings = (
        ("name", f"ans{number}"),
        ("type", "algebraic" if formula else "numerical"),
        ("tans", shown),
        ("insertstars", "1" if formula else "0"),
        ("boxsize", "40" if formula else "15"),
        ("syntaxhint", words(_how_to_type(key, sample=True))),
        *options.items(),
        ("allowwords", allowed),
        ("options", "consolidatesubscripts:true" if formula else ""),
    )
    return "<input>\n" + "".join(element(tag, value) for tag, value in settings) + "</input>\n"


def _tags(item: Item) -> str:
    names = dict.fromkeys((item.template, *item.concepts, *([f"bloom:{item.bloom}"] if item.bloom else [])))
    tags = "".join(text_element("tag", printable(name)[:255]) for name in names if name)
    return f"<tags>\n{tags}</tags>\n"
