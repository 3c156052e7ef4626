"""A handful of items made by hand, one or more of each kind, and a quiz of them."""

from __future__ import annotations

from fractions import Fraction as F

from grading.answersheet import PartKey
from grading.keys import (
    Band,
    ChoiceKey,
    Criterion,
    EssayKey,
    JointCondition,
    Key,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    Rival,
    Sentence,
    SymbolicKey,
    TextKey,
    Tolerance,
)
from quizgen.content import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Formula,
    Gap,
    Inline,
    LineBreak,
    ListBlock,
    Paragraph,
    Strong,
    Table,
    Text,
    Tokens,
)
from quizgen.model import (
    ChoiceInteraction,
    EssayInteraction,
    GeneratedItem,
    Interaction,
    Item,
    MatchingInteraction,
    MultipleAnswerInteraction,
    NumericInteraction,
    NumericTupleInteraction,
    Option,
    OrderingInteraction,
    Part,
    Purpose,
    Quiz,
    Slot,
    SymbolicInteraction,
    TextInteraction,
    TrueFalseInteraction,
    WorkedKey,
)

AWKWARD = (
    "]]>",
    "AT&T &amp; co",
    "a<b <script>alert(1)</script>",
    "~=#{}%50%",
    "\"double\" 'single' `back`",
    "🦊🧪 and ünïcödé",
    "שלום עולם",
    "first\n\nsecond",
    "costs 5$ or $$6$$ \\( not math \\)",
    "lorem ipsum " * 420,
    "##ANSWER1##",
    "{1:NUMERICAL:=1} {#1} \\} \\# \\",
    "*wild*",
    "bell\x07and\x00nul",
)


def log_pr(position: int, word: str) -> Formula:
    """``log Pr(x_position = word | x̄)`` in every notation."""
    mathml = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>log</mi><mo>&#8289;</mo><mi>Pr</mi><mo>(</mo>'
        f"<msub><mi>x</mi><mn>{position}</mn></msub><mo>=</mo><mtext>{word}</mtext><mo>|</mo>"
        '<mover><mi mathvariant="bold">x</mi><mo>¯</mo></mover><mo>)</mo></mrow></math>'
    )
    return Formula(
        latex=rf"\log \Pr(x_{{{position}}} = \text{{{word}}} \mid \bar{{\mathbf{{x}}}})",
        mathml=mathml,
        unicode=f"log Pr(x_{position} = {word} | x̄)",
        plain=f"log(Pr(x_{position} = {word} | xbar))",
        spoken=f"log probability that x {position} is {word}, given x bar",
    )


def words(text: str) -> tuple[Inline, ...]:
    return (Text(text),)


def paragraph(*content: Inline | str) -> Paragraph:
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in content))


def option(id_: str, *content: Inline | str) -> Option:
    return Option(id_, paragraph(*content).content)


def texts(options: tuple[Option, ...]) -> tuple[tuple[str, str], ...]:
    def plain(content: tuple[Inline, ...]) -> str:
        return "".join(part.unicode if isinstance(part, Formula) else getattr(part, "text", "") for part in content)

    return tuple((entry.id, plain(entry.content)) for entry in options)


def generated(
    name: str,
    kind: str,
    stem: tuple[Block, ...],
    parts: tuple[tuple[Part, Key, tuple[tuple[str, str], ...]], ...],
    title: str = "",
    solution: tuple[Block, ...] = (),
    hints: tuple[str, ...] = (),
) -> GeneratedItem:
    number = sum(name.encode())
    code = f"Q-{number:04X}"
    item = Item(
        id=f"{name}-0001",
        revision=f"{number:016x}",
        code=code,
        template=name,
        variant=1,
        kind=kind,
        language="en",
        title=title or name.replace("-", " ").capitalize(),
        stem=stem,
        parts=tuple(part for part, _, _ in parts),
        bloom="apply",
        concepts=("c-mlm-objective-mle",),
    )
    keys = tuple(PartKey(part.id, key, part.weight, options) for part, key, options in parts)
    return GeneratedItem(item, WorkedKey(item.id, item.revision, code, keys, name, solution=solution, hints=hints))


def single(
    name: str, kind: str, stem: tuple[Block, ...], interaction: Interaction, key: Key, **more: object
) -> GeneratedItem:
    options = tuple(getattr(interaction, "options", ()) or getattr(interaction, "entries", ()))
    if isinstance(interaction, MatchingInteraction):
        options = interaction.left + interaction.right
    parts = ((Part("answer", interaction), key, texts(options)),)
    return generated(name, kind, stem, parts, **more)  # type: ignore[arg-type]


def choice() -> GeneratedItem:
    two, eight = log_pr(2, "quick"), log_pr(8, "lazy")
    corrupted = Tokens(("[CLS]", "a", "[MASK]", "brown", "fox", "jumps", "over", "the", "[MASK]", "dog"))
    stem = (
        paragraph(
            "The original sentence is “a quick brown fox jumps over the lazy dog”. In this training step ",
            Emphasis(words("quick")),
            " (position 2) and ",
            Emphasis(words("lazy")),
            " (position 8) are masked, so the model receives ",
            corrupted,
            ", where ",
            Code("[CLS]"),
            " is position 0.",
        ),
        paragraph("Which expression does the model aim to ", Strong(words("maximise")), "?"),
    )
    options = (
        option("sum-of-probs", two, " plus, without logs, ", eight),
        option("key", two, " + ", eight),
        option("product-of-logs", two, " × ", eight),
        option("flip-sign", "−", two, " − ", eight),
    )
    rivals = (
        Rival(
            "sum-of-probs",
            ("sum-of-probs",),
            title="Adds probabilities instead of their logarithms",
            hint="What has to happen to a probability before contributions may be added?",
            feedback="Adding raw probabilities lets one position hide another; the log-likelihood adds $\\log p$.",
        ),
        Rival(
            "product-of-logs",
            ("product-of-logs",),
            title="Multiplies the logs",
            feedback="Logs turn products into sums.",
        ),
        Rival("flip-sign", ("flip-sign",), F(1, 2), "Flips the sign", "Maximise or minimise?", "$-J$ is the loss $L$."),
    )
    solution = (
        paragraph("Each selected position contributes the log-probability of its ", Emphasis(words("true")), " word:"),
        ListBlock(((paragraph(two),), (paragraph(eight),)), ordered=True),
    )
    return single(
        "objective-expression",
        "single-choice",
        stem,
        ChoiceInteraction(options),
        ChoiceKey("key", rivals),
        title="Which expression is the objective of this step?",
        solution=solution,
        hints=("Which positions were selected?", "What is conditioned on?"),
    )


def true_false(credit: F = F(0)) -> GeneratedItem:
    options = (option("true", "True"), option("false", "False"))
    rivals = (
        Rival(
            "true",
            ("single-strategic-token",),
            credit,
            "One strategic token",
            "Count the selected tokens.",
            "Every selected token of the batch has a loss term.",
        ),
    )
    stem = (paragraph("The loss is calculated for a single, strategically chosen masked token of the batch."),)
    name = "one-token" if not credit else "one-token-partly"
    return single(name, "true-false", stem, TrueFalseInteraction(options), ChoiceKey("false", rivals))


def multiple_answer(scoring: str = "plus-minus") -> GeneratedItem:
    options = tuple(option(f"position-{i}", f"position {i}") for i in range(1, 6))
    key = MultipleAnswerKey(
        ("position-2", "position-4", "position-5"),
        tuple(entry.id for entry in options),
        scoring,  # type: ignore[arg-type]
        (
            Rival("position-1", ("all-tokens",), title="All tokens", feedback="Position 1 was not selected."),
            Rival(
                "position-4", ("exclude-random-or-kept",), title="Forgets kept tokens", feedback="Kept tokens count."
            ),
        ),
    )
    table = Table(
        (words("position"), words("shown"), words("true")),
        (
            (words("1"), words("the"), words("the")),
            (words("2"), words("[MASK]"), words("early")),
            (words("4"), words("catches"), words("catches")),
        ),
        "The step",
    )
    return single(
        f"contributing-{scoring}",
        "multiple-answer",
        (paragraph("Which positions contribute?"), table),
        MultipleAnswerInteraction(options),
        key,
    )


WITHIN = Tolerance("absolute", F(5, 1000))


def numeric(tolerance: Tolerance = WITHIN) -> GeneratedItem:
    key = NumericKey(
        "1.6094379124341003746",
        tolerance,
        (Band(F(2, 100), F(3, 4)),),
        "nats",
        (
            Rival(
                "2.32192809488736234787",
                ("wrong-log-base",),
                F(1, 2),
                "Uses bits",
                "Which unit?",
                "$\\log_2$ gives bits.",
            ),
            Rival(
                "0.8047189562170501873", ("mean-over-masks",), title="Takes the mean", feedback="The sum was asked for."
            ),
        ),
    )
    stem = (paragraph("The model gives 0.5 to early and 0.4 to worm. What is the ", Strong(words("total loss")), "?"),)
    return single(
        "total-loss",
        "numeric",
        stem,
        NumericInteraction("nats"),
        key,
        hints=("Start with one mask.",),
        solution=(paragraph("−log 0.5 − log 0.4 = 1.609"),),
    )


def b(index: int) -> Formula:
    mathml = f'<math xmlns="http://www.w3.org/1998/Math/MathML"><msub><mi>b</mi><mn>{index}</mn></msub></math>'
    return Formula(f"b_{{{index}}}", mathml, f"b{'₀₁₂'[index]}", f"b_{index}", f"b {index}")


def numeric_tuple() -> GeneratedItem:
    conditions = (
        JointCondition("0 < b_1 <= 1", "$b_1$ is no probability."),
        JointCondition("0 < b_2 <= 1", "$b_2$ is no probability."),
        JointCondition(
            "b_1 + b_2 > 1.1", "The sum is smaller.", "The sums are equal.", ("linear-loss",), "Linear", "?"
        ),
        JointCondition("b_1*b_2 < 0.24", "The loss is smaller & $b_1 b_2$ larger.", "", ("sum-of-probs",), "Adds"),
    )
    rivals = (
        Rival("0.65; 0.6", ("sum-of-probs",), F(0), "Adds", "", "The loss is smaller & $b_1 b_2$ larger."),
        Rival("0.5; 0.55", credit=F(1, 4), feedback="Both are smaller."),
        Rival("0.75; 0.25", ("linear-loss",), F(0), "Linear", "?", "The sum is smaller."),
    )
    choice = (("o1", "0.5; 0.55"), ("o2", "0.65; 0.6"), ("o3", "0.9; 0.25"), ("o4", "0.75; 0.25"))
    options = tuple(
        option(id_, b(1), f" = {first}; ", b(2), f" = {second}")
        for id_, (first, second) in ((id_, value.split("; ")) for id_, value in choice)
    )
    fields = (option("b_1", b(1)), option("b_2", b(2)))
    key = NumericTupleKey(("b_1", "b_2"), conditions, ("0.9", "0.25"), rivals, False, choice)
    interaction = NumericTupleInteraction(fields, options[::-1])
    stem = (
        paragraph("Model A gives 0.8 and 0.3. Give ", b(1), " and ", b(2), " of a model: ", Strong(words("larger")),
                  " sum and a larger loss."),
    )  # fmt: skip
    parts_ = ((Part("answer", interaction), key, texts(options)),)
    return generated(
        "counterexample", "numeric-tuple", stem, parts_, "A counterexample",
        (paragraph("Make the two very different."),), ("What must be true of the product?",),
    )  # fmt: skip


def symbolic() -> GeneratedItem:
    sentence = Sentence(("[CLS]", "the", "early", "bird"), ("[CLS]", "the", "[MASK]", "bird"), (2,))
    key = SymbolicKey("log(p_2)", sentence=sentence, rivals=(Rival("p_2", ("sum-of-probs",), title="No log"),))
    return single(
        "write-objective",
        "symbolic",
        (paragraph("Write the objective with ", Code("p_2"), "."),),
        SymbolicInteraction(syntax_hint="for example log(p_2) + log(p_6)"),
        key,
    )


def matching() -> GeneratedItem:
    left = (option("x", "x̄"), option("a", "A(x)"), option("j", log_pr(2, "early")))
    right = (
        option("input", "the corrupted input"),
        option("selected", "the selected positions"),
        option("objective", "one term of the objective"),
        option("loss", "the loss"),
    )
    key = MatchingKey(
        (("x", "input"), ("a", "selected"), ("j", "objective")),
        tuple(entry.id for entry in right),
        (Rival("j=loss", ("flip-sign",), title="Sign", feedback="The loss has the other sign."),),
    )
    return single("notation", "matching", (paragraph("Match."),), MatchingInteraction(left, right), key)


def ordering(scoring: str = "per-position") -> GeneratedItem:
    entries = tuple(
        option(id_, text)
        for id_, text in (("update", "update the weights"), ("mask", "mask the input"), ("loss", "compute the loss"))
    )
    key = OrderingKey(
        ("mask", "loss", "update"),
        scoring,  # type: ignore[arg-type]
        (Rival("update mask loss", ("reversed",), title="Reversed", feedback="First the input."),),
    )
    return single(
        f"training-step-{scoring}", "ordering", (paragraph("Arrange the steps."),), OrderingInteraction(entries), key
    )


def short_answer(comparison: str = "tokens") -> GeneratedItem:
    if comparison == "tokens":
        key = TextKey(
            ("[CLS] the [MASK] bird",),
            "tokens",
            rivals=(
                Rival(
                    "[CLS] [MASK] early bird",
                    ("off-by-one-positions",),
                    title="Off by one",
                    feedback="Count from [CLS].",
                ),
            ),
        )
    else:
        key = TextKey(
            ("cross-entropy", "cross entropy", "2*2"),
            rivals=(
                Rival("entropy", ("entropy-as-cross-entropy",), F(1, 4), "Entropy", feedback="Of which distribution?"),
            ),
        )
    stem = (paragraph("Write the answer.", LineBreak(), "One line."), CodeBlock("labels[~masked] = -100", "python"))
    return single(f"write-{comparison}", "short-answer", stem, TextInteraction(comparison == "tokens"), key)


def essay() -> GeneratedItem:
    key = EssayKey((Criterion(F(1), "names the log"), Criterion(F(2), "explains why")), (50, 150))
    return single("explain", "essay", (paragraph("Why a sum of logs?"),), EssayInteraction((50, 150)), key)


def cloze() -> GeneratedItem:
    stem = (
        paragraph(
            "For ",
            log_pr(2, "early"),
            " the position is ",
            Gap("position"),
            ", the model sees ",
            Gap("sees"),
            " and the true word is ",
            Gap("word"),
            ".",
        ),
    )
    options = (option("mask", "[MASK]"), option("early", "the word itself"))
    parts = (
        (
            Part("position", NumericInteraction(), F(1, 2)),
            NumericKey("2", rivals=(Rival("1", ("off-by-one-positions",), title="Off", feedback="{[CLS]} is 0."),)),
            (),
        ),
        (
            Part("sees", ChoiceInteraction(options), F(1, 4)),
            ChoiceKey("mask", (Rival("early", ("condition-on-original",), feedback="It sees ~ x̄ # not x}."),)),
            texts(options),
        ),
        (Part("word", TextInteraction(), F(1, 4)), TextKey(("early",)), ()),
    )
    return generated("fill-in", "cloze", stem, parts)


def parts(with_essay: bool = False) -> GeneratedItem:
    options = (option("first", "the first step"), option("second", "the second step"))
    several = (
        (
            Part("J1", NumericInteraction(), F(1, 3), (paragraph("What is ", log_pr(2, "early"), " if Pr = 0.5?"),)),
            NumericKey("-0.69314718055994530942", Tolerance("absolute", F(5, 1000))),
            (),
        ),
        (
            Part("better", ChoiceInteraction(options), F(2, 3), (paragraph("Which step is better?"),)),
            ChoiceKey("first", (Rival("second", feedback="Closer to zero is better."),)),
            texts(options),
        ),
    )
    if with_essay:
        last = (
            Part("reason", EssayInteraction(), F(1, 3), (paragraph("Why?"),)),
            EssayKey((Criterion(F(1), "why"),)),
            (),
        )
        several = (
            *several[:1],
            (Part("better", ChoiceInteraction(options), F(1, 3), several[1][0].prompt), several[1][1], texts(options)),
            last,
        )  # type: ignore[assignment]
    name = "two-steps-with-reason" if with_essay else "two-steps"
    return generated(name, "parts", (paragraph("Two training steps."),), several)


def everything() -> tuple[GeneratedItem, ...]:
    """One or more of each kind."""
    return (
        choice(),
        true_false(),
        true_false(F(1, 2)),
        multiple_answer(),
        multiple_answer("all-or-nothing"),
        multiple_answer("per-option"),
        numeric(),
        symbolic(),
        matching(),
        ordering(),
        ordering("all-or-nothing"),
        short_answer(),
        short_answer("words"),
        essay(),
        cloze(),
        parts(),
        parts(with_essay=True),
        numeric_tuple(),
    )


def quiz_of(items: tuple[GeneratedItem, ...], purpose: Purpose = "practice", title: str = "Masked words") -> Quiz:
    slots = tuple(
        Slot(f"slot-{number}", g.item.title[:60], (g.item.template,), (g.item.id,), F(2))
        for number, g in enumerate(items, 1)
    )
    return Quiz(1, "0.1.0", "sha256:0", "demo", title, "en", purpose, slots)


def awkward_items(text: str) -> tuple[GeneratedItem, ...]:
    """One item of each kind in which every text is `text`."""
    two = (option("a", text + " one"), option("b", text + " two"), option("c", text + " three"))
    rivals = (Rival("b", ("m",), title=text, hint=text, feedback=text),)
    stem = (
        paragraph(text),
        CodeBlock(text),
        paragraph(Tokens((text, "x")), Code(text), Strong(words(text))),
        Table((words(text),), ((words(text),),), text),
        ListBlock(((paragraph(text),),)),
    )
    more = {"title": text, "solution": (paragraph(text),), "hints": (text, text)}
    gap_stem = (paragraph(text, Gap("n"), text, Gap("c"), text, Gap("t")),)
    true = (option("true", text + " t"), option("false", text + " f"))
    return (
        single("awk-choice", "single-choice", stem, ChoiceInteraction(two), ChoiceKey("a", rivals), **more),
        single(
            "awk-tf",
            "true-false",
            stem,
            TrueFalseInteraction(true),
            ChoiceKey("true", (Rival("false", feedback=text),)),
            **more,
        ),
        single(
            "awk-multi",
            "multiple-answer",
            stem,
            MultipleAnswerInteraction(two),
            MultipleAnswerKey(("a",), ("a", "b", "c"), rivals=rivals),
            **more,
        ),
        single(
            "awk-number",
            "numeric",
            stem,
            NumericInteraction(text[:20]),
            NumericKey("2", rivals=(Rival("3", feedback=text, title=text, hint=text),)),
            **more,
        ),
        single("awk-symbolic", "symbolic", stem, SymbolicInteraction(syntax_hint=text), SymbolicKey("p"), **more),
        single(
            "awk-match",
            "matching",
            stem,
            MatchingInteraction(two, two[::-1]),
            MatchingKey((("a", "a"), ("b", "b"), ("c", "c")), ("a", "b", "c"), (Rival("a=b", feedback=text),)),
            **more,
        ),
        single("awk-order", "ordering", stem, OrderingInteraction(two), OrderingKey(("c", "a", "b")), **more),
        single(
            "awk-text",
            "short-answer",
            stem,
            TextInteraction(),
            TextKey((text,), rivals=(Rival(text + "!", feedback=text),)),
            **more,
        ),
        single("awk-essay", "essay", stem, EssayInteraction(), EssayKey((Criterion(F(1), text),)), **more),
        generated(
            "awk-cloze",
            "cloze",
            gap_stem,
            (
                (Part("n", NumericInteraction(), F(1, 2)), NumericKey("2", rivals=(Rival("3", feedback=text),)), ()),
                (Part("c", ChoiceInteraction(two), F(1, 4)), ChoiceKey("a", rivals), texts(two)),
                (Part("t", TextInteraction(), F(1, 4)), TextKey((text,)), ()),
            ),
            **more,
        ),
        generated(
            "awk-parts",
            "parts",
            stem,
            (
                (Part("one", ChoiceInteraction(two), F(1, 2), (paragraph(text),)), ChoiceKey("a", rivals), texts(two)),
                (Part("two", EssayInteraction(), F(1, 2), (paragraph(text),)), EssayKey((Criterion(F(1), text),)), ()),
            ),
            **more,
        ),
        generated(
            "awk-numbers",
            "numeric-tuple",
            stem,
            (
                (
                    Part("answer", NumericTupleInteraction((option("x", text), option("y", b(2))), two[:2])),
                    NumericTupleKey(
                        ("x", "y"),
                        (JointCondition("x + y > 2", text, text, ("m",), text, text),),
                        ("2", "1"),
                        (Rival("1; 1/3", feedback=text, title=text, hint=text),),
                        choice=(("a", "2; 1"), ("b", "1; 1/3")),
                    ),
                    texts(two[:2]),
                ),
            ),
            **more,
        ),
    )
