"""Single choice between texts or formulas, true/false, and multiple answer."""

from __future__ import annotations

from fractions import Fraction

from grading.answersheet import PartKey
from grading.keys import ChoiceKey, MultipleAnswerKey
from quizgen.content import Formula, Text
from quizgen.distractors import Asked, TooFewError, balanced_formulas, free_formulas
from quizgen.generator.claims import prove_claims
from quizgen.generator.draft import Built, Draft, OptionTexts, Redraw, distinct_texts, option_texts
from quizgen.generator.kinds.chosen import own_order, some, some_wrong
from quizgen.generator.kinds.tokens import build_token_choice
from quizgen.generator.named import QUANTITY_RECORDS
from quizgen.generator.scene import Impossible
from quizgen.generator.wording import wording
from quizgen.model import ChoiceInteraction, MultipleAnswerInteraction, Option, TrueFalseInteraction
from quizgen.sampling.comparisons import ModelTable
from quizgen.sampling.single_mask import DistributionTable
from quizgen.template import FormulaChoice, MultipleAnswer, PartTemplate, RightText, TextChoice, TrueFalse, WrongText


def build_text_choice(draft: Draft, part: PartTemplate, answer: TextChoice) -> Built:
    """Options in words: the key and the wrong ones, or as many of them as ``choose`` asks for."""
    wrong = answer.wrong
    if draft.scene.wrong:
        wrong = tuple(entry for entry in wrong if set(entry.misconceptions) & set(draft.scene.wrong))
    else:
        wrong = some_wrong(draft, f"{part.id}: wrong options", wrong, answer.choose)
    ids = draft.option_ids(len(wrong) + 1, f"{part.id}: option ids")
    options = [Option(ids[0], draft.inline(answer.key))]
    options += [Option(id, draft.inline(entry.text)) for id, entry in zip(ids[1:], wrong, strict=True)]
    texts = distinct_texts(options)
    draft.tell(texts)
    rivals = tuple(
        [draft.rival(id, entry.misconceptions, entry.credit, entry) for id, entry in zip(ids[1:], wrong, strict=True)]
    )
    return _single_choice(draft, part, options, texts, ChoiceKey(ids[0], rivals))


def build_formula_choice(draft: Draft, part: PartTemplate, answer: FormulaChoice) -> Built:
    """Options that are formulas: the quantity, and wrong ones proven different from it and from each other."""
    if answer.quantity.text == "best_model":
        return _build_model_choice(draft, part, answer)
    masked, asked = draft.masked(), Asked(*QUANTITY_RECORDS[answer.quantity.text])
    credits = {candidate.id: candidate.credit for candidate in answer.candidates}
    offered = tuple(name for name in credits if not draft.scene.wrong or name in draft.scene.wrong)
    stream, setting = draft.stream(f"{part.id}: distractors"), draft.naming.setting
    count = answer.count or len(credits)
    try:
        if answer.design == "balanced" and count == 3:
            right, wrong = balanced_formulas(asked, masked, offered, stream, setting)
        else:
            right, wrong = free_formulas(asked, masked, offered, count, stream, setting)
    except TooFewError as error:
        raise Redraw(str(error)) from error
    ids = draft.option_ids(len(wrong) + 1, f"{part.id}: option ids")
    options = [Option(ids[0], (right,))]
    options += [Option(id, (option.formula,)) for id, option in zip(ids[1:], wrong, strict=True)]
    rivals = tuple(
        draft.rival(
            id,
            option.misconceptions,
            credits[option.misconceptions[0]] if len(option.misconceptions) == 1 else Fraction(0),
        )
        for id, option in zip(ids[1:], wrong, strict=True)
    )
    return _single_choice(draft, part, options, option_texts(options), ChoiceKey(ids[0], rivals))


def _build_model_choice(draft: Draft, part: PartTemplate, answer: FormulaChoice) -> Built:
    """Options that are the compared models; the table was drawn so that each mistaken rule prefers another one."""
    models = draft.scene.models
    if not isinstance(models, ModelTable | DistributionTable):
        raise Impossible("this key needs models to compare; draw them: models: {comparison: 4, against: [...]}")
    count = len(models.rows if isinstance(models, ModelTable) else models.models)
    options = [Option(f"m{number + 1}", (Text(draft.naming.model_name(number)),)) for number in range(count)]
    credits = {candidate.id: candidate.credit for candidate in answer.candidates}
    preferred = {number: rule for rule, number in reversed(models.favourites) if rule in credits}
    rivals = tuple(
        draft.rival(option.id, (preferred[number],), credits[preferred[number]])
        if number in preferred
        else draft.rival(option.id, ())
        for number, option in enumerate(options)
        if number != models.key
    )
    key = ChoiceKey(options[models.key].id, rivals)
    return ChoiceInteraction(tuple(options), shuffle=False), PartKey(part.id, key, options=option_texts(options))


def _single_choice(
    draft: Draft, part: PartTemplate, options: list[Option], texts: OptionTexts, key: ChoiceKey
) -> Built:
    labelled = own_order(options, texts)
    shown = labelled or draft.shown_order(options, f"{part.id}: order")
    return ChoiceInteraction(shown, shuffle=not labelled), PartKey(part.id, key, options=texts)


def build_true_false(draft: Draft, part: PartTemplate, answer: TrueFalse) -> Built:
    """The statement of the scene, or the only one."""
    statement = draft.scene.statement or answer.statements[0]
    words = wording(draft.language)
    options = (Option("true", (Text(words.true),)), Option("false", (Text(words.false),)))
    right, wrong = ("true", "false") if statement.truth else ("false", "true")
    key = ChoiceKey(right, (draft.rival(wrong, statement.misconceptions),))
    return TrueFalseInteraction(options), PartKey(part.id, key, options=option_texts(options))


def build_multiple_answer(draft: Draft, part: PartTemplate, answer: MultipleAnswer) -> Built:
    """Right and wrong options; where they claim to be equal to an expression, each claim is proven."""
    if answer.tokens:
        return build_token_choice(draft, part, answer)
    right, wrong = answer.right, answer.wrong
    count_right, count_wrong = answer.choose or (None, None)
    right = some(draft, f"{part.id}: right options", right, count_right)
    wrong = some_wrong(draft, f"{part.id}: wrong options", wrong, count_wrong)
    ids = draft.option_ids(len(right) + len(wrong), f"{part.id}: option ids")
    entries: tuple[RightText | WrongText, ...] = (*right, *wrong)
    options = [Option(id, draft.inline(entry.text)) for id, entry in zip(ids, entries, strict=True)]
    texts = distinct_texts(options)
    if answer.same_value_as is not None:
        formulas = [_only_formula(option) for option in options]
        prove_claims(answer, formulas[: len(right)], formulas[len(right) :])
    draft.tell(texts)
    rivals = tuple(
        draft.rival(id, entry.misconceptions, entry=entry if isinstance(entry, WrongText) else None)
        for id, entry in zip(ids, entries, strict=True)
        if entry.misconceptions or (isinstance(entry, WrongText) and (entry.hint or entry.feedback))
    )
    key = MultipleAnswerKey(
        correct=tuple(sorted(ids[: len(right)])), options=tuple(sorted(ids)), scoring=answer.scoring, rivals=rivals
    )
    shown = own_order(options, texts) or draft.shown_order(options, f"{part.id}: order")
    return MultipleAnswerInteraction(shown), PartKey(part.id, key, options=texts)


def _only_formula(option: Option) -> Formula:
    formulas = [node for node in option.content if isinstance(node, Formula)]
    if len(formulas) != 1:
        raise Redraw("an option that claims a value must be exactly one formula")
    return formulas[0]
