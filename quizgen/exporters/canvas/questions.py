"""One item as one Canvas question: QTI 1.2 with the metadata without which Canvas takes a number for an essay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import msgspec

from grading.answersheet import PartKey
from grading.keys import (
    ChoiceKey,
    EssayKey,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    OrderingKey,
    Rival,
    SymbolicKey,
    TextKey,
)
from quizgen.exporters.accepted_numbers import full_mark_numbers, narrowed, printed
from quizgen.exporters.accepted_texts import spellings
from quizgen.exporters.canvas.fidelity import GAPS_OF_TEXT, gaps_type
from quizgen.exporters.canvas.markup import (
    DIALECT,
    canvas_dialect,
    canvas_text,
    listed_text,
    option_html,
    phrase_html,
    text_in_reports,
    text_without_formulas,
    xml_attribute,
    xml_text,
)
from quizgen.exporters.rendering.decimals import decimal
from quizgen.exporters.rendering.fields import field_instructions, named_answer
from quizgen.exporters.rendering.gaps import gaps
from quizgen.exporters.rendering.html import block_html
from quizgen.exporters.rendering.wording import Wording, wording
from quizgen.model import (
    Interaction,
    Item,
    MatchingInteraction,
    Option,
    OrderingInteraction,
    Part,
    TrueFalseInteraction,
    WorkedKey,
)

ANSWER = "response1"

_OUTCOMES = '<outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>'


class Body(msgspec.Struct, frozen=True):
    """What a type of question has of its own. fields: below the text. conditions: of the processing. said: feedback of
    single options by their ids. explained: known wrong answers that only the general feedback can name.
    """

    type: str
    fields: str
    conditions: str
    said: tuple[tuple[str, str], ...] = ()
    explained: tuple[tuple[Rival, PartKey], ...] = ()


def question(item: Item, key: WorkedKey, points: Fraction, code: bool) -> str:
    """The ``<item>``. code: print the item's code under its text."""
    words = wording(item.language)
    html, body = _several(item, key, words) if len(item.parts) > 1 else _single(item, key, words)
    if code:
        html += f"\n<p><small>{canvas_text(item.code)}</small></p>"
    said = [("general_fb", "<other/>", _general(item, key, body, words))]
    said += [(f"{id_}_fb", _equal(ANSWER, id_), text) for id_, text in body.said]
    shown = "".join(_shown(condition, name) for name, condition, _ in said)
    feedback = "".join(
        f"<itemfeedback ident={xml_attribute(name)}><flow_mat>{_material(text)}</flow_mat></itemfeedback>\n"
        for name, _, text in said
    )
    metadata = {
        "question_type": body.type,
        "points_possible": decimal(points, 12),
        "assessment_question_identifierref": f"{item.id}-{item.revision}",
    }
    fields = "".join(
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{xml_text(entry)}</fieldentry></qtimetadatafield>\n"
        for label, entry in metadata.items()
    )
    return (
        f"<item ident={xml_attribute(item.id)} title={xml_attribute(f'{item.code} {item.title}')}>\n"
        f"<itemmetadata><qtimetadata>\n{fields}</qtimetadata></itemmetadata>\n"
        f"<presentation>{_material(html)}\n{body.fields}</presentation>\n"
        f"<resprocessing>{_OUTCOMES}\n{shown}{body.conditions}</resprocessing>\n"
        f"{feedback}</item>\n"
    )


def _single(item: Item, key: WorkedKey, words: Wording) -> tuple[str, Body]:
    (part,), (part_key,) = item.parts, key.parts
    html = block_html(item.stem + part.prompt, DIALECT) + _instructions(part.interaction, words)
    return html, _body(part, part_key, words)


def _body(part: Part, part_key: PartKey, words: Wording) -> Body:
    key, interaction = part_key.key, part.interaction
    match key:
        case ChoiceKey():
            return _choice(interaction, key)
        case MultipleAnswerKey():
            return _multiple_answer(interaction, key, part_key)
        case NumericKey():
            return _number(key, part_key)
        case TextKey():
            fields = _typed(ANSWER)
            accepted = "".join(_equal(ANSWER, text) for text in _texts(key))
            return Body("short_answer_question", fields, _scored(accepted), explained=_all_of(key.rivals, part_key))
        case MatchingKey():
            return _matching(interaction, key, part_key)
        case OrderingKey():
            return _ordering(interaction, key, part_key)
        case EssayKey() | SymbolicKey():
            return _essay()
    raise TypeError(f"not a key: {key!r}")


def _choice(interaction: Interaction, key: ChoiceKey) -> Body:
    options: tuple[Option, ...] = getattr(interaction, "options", ())
    kind = "true_false_question" if isinstance(interaction, TrueFalseInteraction) else "multiple_choice_question"
    said = ((rival.value, text) for rival in key.rivals if (text := _told(rival)))
    return Body(kind, _listed(ANSWER, "Single", _labels(options)), _scored(_equal(ANSWER, key.correct)), tuple(said))


def _multiple_answer(interaction: Interaction, key: MultipleAnswerKey, part_key: PartKey) -> Body:
    options: tuple[Option, ...] = getattr(interaction, "options", ())
    right = set(key.correct)
    conditions = "".join(
        _equal(ANSWER, option.id) if option.id in right else f"<not>{_equal(ANSWER, option.id)}</not>"
        for option in options
    )
    said = ((rival.value, text) for rival in key.rivals if rival.value not in right and (text := _told(rival)))
    left_out = [rival for rival in key.rivals if rival.value in right]
    return Body(
        "multiple_answers_question",
        _listed(ANSWER, "Multiple", _labels(options)),
        _scored(f"<and>{conditions}</and>"),
        tuple(said),
        _all_of(left_out, part_key),
    )


def _number(key: NumericKey, part_key: PartKey) -> Body:
    fields = _typed(ANSWER, ' fibtype="Decimal"')
    conditions = "".join(_scored(_near(*printed(narrowed(entry)))) for entry in full_mark_numbers(key))
    return Body("numerical_question", fields, conditions, explained=_all_of(key.rivals, part_key))


def _near(number: str, reach: str) -> str:
    """A number or what is no further from it: Classic reads the upper bound, New Quizzes the lower one."""
    low, high = (decimal(Fraction(number) + sign * Fraction(reach), 40) for sign in (-1, 1))
    name = f"respident={xml_attribute(ANSWER)}"
    return f"<or>{_equal(ANSWER, number)}<and><vargte {name}>{low}</vargte><varlte {name}>{high}</varlte></and></or>"


def _texts(key: TextKey) -> Iterator[str]:
    """Every right text once; capital letters make none of its own."""
    seen: set[str] = set()
    for text in key.accepted:
        for spelling in spellings(text, key):
            if spelling and spelling.lower() not in seen:
                seen.add(spelling.lower())
                yield spelling


def _matching(interaction: Interaction, key: MatchingKey, part_key: PartKey) -> Body:
    assert isinstance(interaction, MatchingInteraction)
    pairs = dict(key.pairs)
    lefts = [(left.id, listed_text(left.content)) for left in interaction.left]
    rights = [(right.id, listed_text(right.content)) for right in interaction.right]
    return _paired(lefts, rights, pairs, _all_of(key.rivals, part_key))


def _ordering(interaction: Interaction, key: OrderingKey, part_key: PartKey) -> Body:
    """Entries on the left, their places on the right."""
    assert isinstance(interaction, OrderingInteraction)
    lefts = [(entry.id, listed_text(entry.content)) for entry in interaction.entries]
    places = [(f"place{number}", f"{number}.") for number in range(1, len(lefts) + 1)]
    right = {id_: f"place{number}" for number, id_ in enumerate(key.order, 1)}
    return _paired(lefts, places, right, _all_of(key.rivals, part_key))


def _paired(
    lefts: Sequence[tuple[str, str]],
    rights: Sequence[tuple[str, str]],
    pairs: dict[str, str],
    explained: tuple[tuple[Rival, PartKey], ...],
) -> Body:
    labels = _text_labels(rights)
    fields = "".join(_listed(f"response_{id_}", "Single", labels, _plain(text)) for id_, text in lefts)
    share = decimal(Fraction(100, len(lefts)), 12)
    conditions = "".join(_scored(_equal(f"response_{id_}", pairs[id_]), "Add", share) for id_, _ in lefts)
    return Body("matching_question", fields, conditions, explained=explained)


def _essay() -> Body:
    return Body(
        "essay_question",
        _typed(ANSWER),
        '<respcondition continue="No"><conditionvar><other/></conditionvar></respcondition>\n',
    )


# --- several parts


def _several(item: Item, key: WorkedKey, words: Wording) -> tuple[str, Body]:
    """All parts in one question: gaps of one kind in the text, else one text for all of them."""
    type_ = gaps_type(key)
    gap_of = {part.id: f"[{part.id}]" if type_ else f"({number})" for number, part in enumerate(item.parts, 1)}
    dialect = canvas_dialect(lambda part: gap_of[part])
    in_text = set(gaps(item.stem))
    html = [block_html(item.stem, dialect)]
    for number, part in enumerate(item.parts, 1):
        if part.id not in in_text or not type_:
            heading = (
                "" if part.id in in_text else f"<p><strong>{canvas_text(words('part', number=number))}</strong></p>\n"
            )
            field = f"<p>{gap_of[part.id]}</p>" if type_ else _offered(part)
            html.append(
                heading + block_html(part.prompt, dialect) + _instructions(part.interaction, words) + "\n" + field
            )
    if not type_:
        return "\n".join(html), _essay()
    share = decimal(Fraction(100, len(item.parts)), 12)
    fields, conditions, explained = "", "", list[tuple[Rival, PartKey]]()
    for part, part_key in zip(item.parts, key.parts, strict=True):
        name, offered, right = f"response_{part.id}", list[tuple[str, str]](), list[str]()
        if isinstance(part_key.key, TextKey) and type_ == GAPS_OF_TEXT:
            offered = [(f"{part.id}-{k}", text) for k, text in enumerate(_texts(part_key.key), 1)]
            right = [id_ for id_, _ in offered]
        elif isinstance(part_key.key, ChoiceKey):
            options: tuple[Option, ...] = getattr(part.interaction, "options", ())
            offered = [(f"{part.id}-{option.id}", listed_text(option.content)) for option in options]
            right = [f"{part.id}-{part_key.key.correct}"]
        answers = _text_labels(offered)
        fields += _listed(name, "Single", answers, _plain(part.id))
        conditions += "".join(_scored(_equal(name, id_), "Add", share) for id_ in right)
        explained += _all_of(getattr(part_key.key, "rivals", ()), part_key)
    return "\n".join(html), Body(type_, fields, conditions, explained=tuple(explained))


def _offered(part: Part) -> str:
    """The options of a part that is answered in words, as a list."""
    columns = [getattr(part.interaction, name, ()) for name in ("options", "entries", "left", "right")]
    return "\n".join(
        f"<ul>{''.join(f'<li>{option_html(option.content)}</li>' for option in column)}</ul>"
        for column in columns
        if column
    )


# --- pieces


def _instructions(interaction: Interaction, words: Wording) -> str:
    text = field_instructions(interaction, words)
    return f"\n<p><em>{canvas_text(text)}</em></p>" if text else ""


def _general(item: Item, key: WorkedKey, body: Body, words: Wording) -> str:
    """The worked solution, known wrong answers without a place of their own, and where the question comes from."""
    known = "".join(
        f"<li>{canvas_text(named_answer(rival, part_key, words))} {told}</li>"
        for rival, part_key in body.explained
        if (told := _told(rival))
    )
    known = f"\n<p>{canvas_text(words('known-answers'))}</p>\n<ul>{known}</ul>" if known else ""
    origin = f"{item.code} · {item.id} · {item.revision}"
    return f"{block_html(key.solution, DIALECT)}{known}\n<p><small>{canvas_text(origin)}</small></p>"


def _told(rival: Rival) -> str:
    return phrase_html(rival.feedback or rival.title)


def _all_of(rivals: Iterable[Rival], part_key: PartKey) -> tuple[tuple[Rival, PartKey], ...]:
    return tuple((rival, part_key) for rival in rivals)


def _labels(options: tuple[Option, ...]) -> str:
    """Options; where formulas or signs alone tell some apart, these are named for Canvas's reports, which drop both."""
    contents = [option.content for option in options]
    bare, plain = [text_without_formulas(content) for content in contents], [*map(text_in_reports, contents)]
    named, apart = _repeated(bare), _repeated(plain)
    return "".join(
        f'<response_label ident="{option.id}">'
        f"{_material(option_html(option.content, name in named, text in apart))}</response_label>\n"
        for option, name, text in zip(options, bare, plain, strict=True)
    )


def _repeated(texts: list[str]) -> set[str]:
    """The texts that stand there more than once."""
    return {text for text, count in Counter(texts).items() if count > 1}


def _text_labels(answers: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f"<response_label ident={xml_attribute(id_)}>{_plain(text)}</response_label>\n" for id_, text in answers
    )


def _listed(name: str, cardinality: str, labels: str, heading: str = "") -> str:
    return (
        f"<response_lid ident={xml_attribute(name)} rcardinality={xml_attribute(cardinality)}>{heading}"
        f"<render_choice>\n{labels}</render_choice></response_lid>\n"
    )


def _typed(name: str, more: str = "") -> str:
    return (
        f'<response_str ident={xml_attribute(name)} rcardinality="Single"><render_fib{more}>'
        f'<response_label ident="answer1" rshuffle="No"/></render_fib></response_str>\n'
    )


def _material(html: str) -> str:
    return f'<material><mattext texttype="text/html">{xml_text(html)}</mattext></material>'


def _plain(text: str) -> str:
    return f'<material><mattext texttype="text/plain">{xml_text(" ".join(text.split()))}</mattext></material>'


def _equal(name: str, value: str) -> str:
    return f"<varequal respident={xml_attribute(name)}>{xml_text(value)}</varequal>"


def _scored(condition: str, action: str = "Set", share: str = "100") -> str:
    end = "No" if action == "Set" else "Yes"
    set_ = f'<setvar action="{action}" varname="SCORE">{share}</setvar>'
    return f'<respcondition continue="{end}"><conditionvar>{condition}</conditionvar>{set_}</respcondition>\n'


def _shown(condition: str, name: str) -> str:
    shown = f'<displayfeedback feedbacktype="Response" linkrefid={xml_attribute(name)}/>'
    return f'<respcondition continue="Yes"><conditionvar>{condition}</conditionvar>{shown}</respcondition>\n'
