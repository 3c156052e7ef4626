"""Generating: a template and a variant number in, one complete item with its keys out.

Variants are independent of each other: number 500 needs none of the 499 before it. An attempt that gives no sound
question (a condition does not hold, a wrong number lies too near the key, too few distractors survive the proof) is
counted by its reason and drawn again; when no attempt is left, the reasons are the message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

import msgspec

from grading.answersheet import PartKey, to_json
from quizgen.content import Block
from quizgen.findings import Finding, FindingsError
from quizgen.generator.bindings import Formulas
from quizgen.generator.counting import VariantCount, count_variants
from quizgen.generator.difficulty import difficulty_of
from quizgen.generator.draft import Draft, OptionTexts, Redraw, Unwanted
from quizgen.generator.halves import Halves
from quizgen.generator.identity import item_names, revision_of
from quizgen.generator.kinds import BUILDERS
from quizgen.generator.named import HoleError
from quizgen.generator.naming import Naming
from quizgen.generator.radicals import radical_choices
from quizgen.generator.scene import Impossible, Scene
from quizgen.generator.scene_space import SceneSpace
from quizgen.generator.texts import Texts
from quizgen.model import GeneratedItem, Item, Part, Purpose, WorkedKey
from quizgen.pieces import joined_json, piece_json
from quizgen.template import Template

if TYPE_CHECKING:
    from quizgen.bank import Bank
    from quizgen.formulas import Bindings
    from quizgen.generator.trace import Trace
    from quizgen.sampling.draws import Source
    from quizgen.sampling.predictions import Predictor

ATTEMPTS = 60


class Generator:
    """Generates the variants of one template for one source, language, choice of radicals and purpose.

    scenes: the sentences, or statements, that it is limited to, as `SceneSpace.names` has them; None for all.
    predictor: a model that gives the probabilities of true words, which are drawn without one.
    """

    def __init__(
        self,
        template: Template,
        bank: Bank,
        source: Source,
        *,
        language: str | None = None,
        radicals: Mapping[str, str] | None = None,
        purpose: Purpose = "practice",
        scenes: Mapping[str, Collection[str]] | None = None,
        predictor: Predictor | None = None,
    ) -> None:
        self.language = bank.known_language(language)
        self.original = template
        self.template = template.in_language(self.language)
        self.bank = bank
        self.radicals = dict(radicals) if radicals is not None else dict(radical_choices(template)[0])
        self._source = source
        self._scenes, self._predictor = scenes, predictor
        # An exam draws from streams of its own: practice with the same seed or secret never shows its variants.
        self._bank = bank.id if purpose == "practice" else f"{bank.id} ({purpose})"
        self._stream_name = f"{self._bank}/{template.id}"
        # A quiz may hold the same variant in two languages: they are two items.
        self._named_in = self._bank if self.language == bank.language else f"{self._bank} [{self.language}]"
        self._formulas = Formulas(self.template)
        self._texts = Texts(
            lambda: bank.words(self.language), self.template.findings_in, self.language, self.template.texts
        )

    @cached_property
    def space(self) -> SceneSpace:
        """All scenes of the template."""
        try:
            space = SceneSpace(
                self.template,
                self.bank.corpus,
                self._source,
                self._stream_name,
                self.language,
                self.radicals,
                lambda: self._formulas.conditions,
                self._scenes,
                self._predictor,
            )
            space.require_combinations()
        except Impossible as error:
            raise self._error("Q601", str(error)) from error
        return space

    @cached_property
    def _sorted_radicals(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(self.radicals.items()))

    @cached_property
    def _difficulty(self) -> str:
        return difficulty_of(self.original, self.radicals)

    @cached_property
    def _halves(self) -> Halves:
        return Halves(self.template)

    @cached_property
    def _decimal_comma(self) -> bool:
        return self.bank.decimal_comma(self.language)

    def items(self, start: int = 0) -> Iterator[GeneratedItem]:
        """The variants from number `start` on, without end; in constant memory."""
        variant = start
        while True:
            yield self.item(variant)
            variant += 1

    def item(self, variant: int, trace: Trace | None = None) -> GeneratedItem:
        """The item of this variant. Raises FindingsError, with the reasons counted, if no attempt succeeds.

        trace: filled with what is printed.
        """
        item = self._drawn(variant, None, trace)
        assert item is not None
        return item

    def item_in(self, half: Purpose, variant: int) -> GeneratedItem | None:
        """The item of this variant if it is in this half of all, decided before the rest of it is made where it can be.

        Raises FindingsError as `item` does.
        """
        return self._drawn(variant, half)

    def _drawn(self, variant: int, half: Purpose | None, trace: Trace | None = None) -> GeneratedItem | None:
        reasons: dict[str, int] = {}
        for attempt in range(ATTEMPTS):
            try:
                begun = self.space.begun(variant, attempt)
                told = self._halves.of_scene(begun) if half is not None else None
                if told not in (half, None):
                    return None
                return self._built(self.space.completed(begun), half if told is None else None, trace)
            except Unwanted:
                return None
            except Redraw as redraw:
                reasons[str(redraw)] = reasons.get(str(redraw), 0) + 1
            except HoleError as error:
                raise self._error("Q602", str(error), "mend the hole in the text") from error
            except Impossible as error:
                raise self._error("Q602", str(error)) from error
        counted = "; ".join(f"{count} × {reason}" for reason, count in Counter(reasons).most_common(4))
        raise self._error("Q603", f"variant {variant} cannot be drawn in {ATTEMPTS} attempts: {counted}")

    def fixed(self, name: str) -> GeneratedItem:
        """The item of a named draw of the template. Raises FindingsError if there is no such name."""
        for entry in self.original.fixed:
            if entry.name == name:
                try:
                    fixed = self._built(self.space.fixed(entry))
                    assert fixed is not None
                    return fixed
                except (Redraw, Impossible, HoleError) as error:
                    raise self._error("Q604", f"the fixed draw '{name}' gives no question: {error}") from error
        known = ", ".join(entry.name for entry in self.original.fixed) or "none"
        raise self._error("Q604", f"there is no fixed draw '{name}'", f"choose one that there is: {known}")

    def exhausted(self, variant: int) -> bool:
        """Whether all distinct variants have numbers below this one for certain."""
        count = self.count()
        return count.exact and variant >= count.number

    def count(self) -> VariantCount:
        """How many distinct variants there are, as far as it can be known without generating them."""
        return self._count

    @cached_property
    def _count(self) -> VariantCount:
        return count_variants(self.template, self.space)

    @staticmethod
    def signature(generated: GeneratedItem) -> bytes:
        """What makes two items read alike: the stem, the options in whatever order, and the right answers."""
        item = generated.item
        options = [sorted(text for _, text in part.options) for part in generated.key.parts]
        keys = [getattr(part.key, "value", "") for part in generated.key.parts]
        return revision_of(piece_json(item.stem), to_json(options), to_json(keys)).encode()

    # ------------------------------------------------------------ building

    def draft(self, scene: Scene, bindings: Bindings | None = None, trace: Trace | None = None) -> Draft:
        """The draft of an item of a scene, whether its conditions hold or not.

        bindings: the numbers of the scene by name, if they are known. Raises Impossible where one has no value.
        """
        bound = self._formulas.bind(scene) if bindings is None else bindings
        naming = Naming(scene, self.language, self._decimal_comma, bound, trace)
        return Draft(
            self.template, scene, naming, self._formulas, self._texts, self._source, self._stream_name,
            self.language, self._decimal_comma, bound, self.radicals,
        )  # fmt: skip

    def _built(self, scene: Scene, half: Purpose | None = None, trace: Trace | None = None) -> GeneratedItem | None:
        """The item of a scene; None if it is in the other half. half: that is asked for, if it has to be told still."""
        bindings, failed = self._formulas.bind_if_wanted(scene)
        if failed is not None:
            raise Redraw(f"the condition '{failed.text}' does not hold")
        if trace is not None:
            trace.begin(scene)
        draft = self.draft(scene, bindings, trace)
        if half is not None and self._halves.by_stem:
            if self._halves.of_stem(draft.stem()) != half:
                return None
            half = None
        fields = list(draft.parts())
        offered: list[OptionTexts] = []
        if half is not None:
            draft.on_options = partial(self._require_half, half, draft, offered, len(fields))
        parts: list[Part] = []
        keys: list[PartKey] = []
        for part, here in fields:
            interaction, key = BUILDERS[type(part.answer)](here, part, part.answer)
            prompt = here.blocks(part.prompt) if part.prompt is not None else ()
            parts.append(Part(part.id, interaction, part.weight, prompt))
            same = key.weight.as_integer_ratio() == part.weight.as_integer_ratio()
            keys.append(key if same else msgspec.structs.replace(key, weight=part.weight))
        stem = draft.stem()
        told = half is None or len(offered) == len(fields)
        if not told and self._halves.of_item(stem, [key.options for key in keys]) != half:
            return None
        return self._named(draft, stem, tuple(parts), tuple(keys))

    def _require_half(
        self, half: Purpose, draft: Draft, offered: list[OptionTexts], fields: int, texts: OptionTexts
    ) -> None:
        """Raises Unwanted once the options of all fields are offered, if the item is not in this half."""
        offered.append(texts)
        if len(offered) == fields and self._halves.of_item(draft.stem(), offered) != half:
            raise Unwanted

    def _named(
        self, draft: Draft, stem: tuple[Block, ...], parts: tuple[Part, ...], keys: tuple[PartKey, ...]
    ) -> GeneratedItem:
        template, scene = self.template, draft.scene
        id, code = item_names(self._source, self._named_in, template.id, scene.fixed or scene.variant)
        with draft.at("solution"):
            solution = draft.blocks(template.solution) if template.solution is not None else ()
            if scene.statement is not None and scene.statement.solution is not None:
                solution = (*solution, *draft.blocks(scene.statement.solution))
        with draft.at("hints"):
            hints = draft.lines(template.hints)
        revision = revision_of(joined_json(stem, parts, keys, solution, hints))
        statement = scene.statement
        item = Item(
            id=id,
            revision=revision,
            code=code,
            template=template.id,
            variant=scene.variant,
            kind=template.kind,
            language=self.language,
            title=template.title,
            stem=stem,
            parts=parts,
            bloom=template.bloom,
            concepts=template.concepts,
            radicals=self._sorted_radicals,
            fixed=scene.fixed,
            difficulty=self._difficulty,
            sentence=scene.sentence.id if scene.sentence is not None else "",
            further_sentences=tuple([sentence.id for sentence, _ in scene.inputs.values()]),
            group=(
                f"{template.id}/{statement.group}" if statement is not None and statement.group else template.one_of
            ),
        )
        key = WorkedKey(
            item=id, revision=revision, code=code, parts=keys, language=self.language, solution=solution, hints=hints,
            predictions=() if scene.fixed else self.space.predicting.predictions(scene.masked),
        )  # fmt: skip
        return GeneratedItem(item, key)

    def _error(
        self, code: str, message: str, remedy: str = "widen its draws or conditions, or offer more wrong answers"
    ) -> FindingsError:
        place = self.original.document.place(("template",))
        return FindingsError([Finding(place, code, f"template '{self.original.id}': {message}", remedy)])


def generate(
    template: Template | str,
    variant: int = 0,
    *,
    bank: Bank,
    source: Source,
    language: str | None = None,
    fixed: str | None = None,
    radicals: Mapping[str, str] | None = None,
) -> GeneratedItem:
    """One item of a template: a variant by number, or a named draw of the template by `fixed`.

    Raises FindingsError where the template or the variant cannot be had.
    """
    found = bank.template(template) if isinstance(template, str) else template
    generator = Generator(found, bank, source, language=language, radicals=radicals)
    return generator.fixed(fixed) if fixed is not None else generator.item(variant)
