"""Keys and responses for property tests."""

from fractions import Fraction

from hypothesis import strategies as st

from grading.answersheet import PartKey
from grading.keys import (
    Band,
    ChoiceKey,
    Digits,
    EssayKey,
    JointCondition,
    MatchingKey,
    MultipleAnswerKey,
    NumericKey,
    NumericTupleKey,
    OrderingKey,
    Relation,
    Requirement,
    Rival,
    SymbolDeclaration,
    SymbolicKey,
    TextKey,
    Tolerance,
)

credits = st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(3, 4), Fraction(1, 3)])
names = st.sampled_from(["flip-sign", "sum-of-probs", "wrong-log-base", "all-tokens"])


@st.composite
def choice_parts(draw):
    ids = [f"o{k}" for k in range(draw(st.integers(2, 6)))]
    rivals = tuple(Rival(i, (draw(names),), draw(credits)) for i in ids[1:] if draw(st.booleans()))
    return PartKey("answer", ChoiceKey(ids[0], rivals), options=tuple((i, f"The text of {i}") for i in ids))


@st.composite
def multiple_answer_parts(draw):
    ids = [f"o{k}" for k in range(draw(st.integers(2, 7)))]
    right = tuple(i for i in ids if draw(st.booleans()))
    scoring = draw(st.sampled_from(["plus-minus", "all-or-nothing", "per-option"]))
    return PartKey("answer", MultipleAnswerKey(right, tuple(ids), scoring, (Rival(ids[0], (draw(names),)),)))


@st.composite
def matching_parts(draw):
    lefts = [f"l{k}" for k in range(draw(st.integers(1, 5)))]
    rights = [f"r{k}" for k in range(draw(st.integers(1, 6)))]
    return PartKey("answer", MatchingKey(tuple((left, draw(st.sampled_from(rights))) for left in lefts), tuple(rights)))


@st.composite
def ordering_parts(draw):
    order = tuple(f"s{k}" for k in range(draw(st.integers(1, 6))))
    return PartKey("answer", OrderingKey(order, draw(st.sampled_from(["per-position", "all-or-nothing"]))))


@st.composite
def text_parts(draw):
    words = st.lists(st.sampled_from(["the", "Early", "[MASK]", "bird"]), min_size=1, max_size=4).map(" ".join)
    accepted = tuple(draw(st.lists(words, min_size=1, max_size=3)))
    rivals = tuple(Rival(w, (draw(names),), draw(credits)) for w in draw(st.lists(words, max_size=3)))
    comparison = draw(st.sampled_from(["words", "tokens"]))
    return PartKey("answer", TextKey(accepted, comparison, draw(st.booleans()), rivals))


hundredths = st.integers(-2000, 2000).map(lambda k: Fraction(k, 100))
values = st.one_of(
    hundredths.map(lambda value: str(float(value))),
    st.sampled_from(["1/3", "-log(0.5) - log(0.4)", "log(0.62) + log(0.35)", "exp(0.8)", "-2/7", "46", "0"]),
)
tolerances = st.one_of(
    st.just(Tolerance()),
    st.sampled_from([Fraction(1, 200), Fraction(1, 20)]).map(lambda amount: Tolerance("absolute", amount)),
    st.just(Tolerance("relative", Fraction(1, 100))),
    st.sampled_from(["absolute", "relative"]).map(lambda kind: Tolerance(kind, Fraction(1, 50), "outside")),
    st.sampled_from([2, 3, 4]).map(lambda figures: Tolerance("significant", Fraction(figures))),
    st.sampled_from([0, 2, 3]).map(lambda places: Tolerance("decimals", Fraction(places))),
)


asked = st.builds(Digits, st.sampled_from(["figures", "decimals"]), st.integers(1, 4), credits, credits, credits)


@st.composite
def numeric_parts(draw):
    tolerance = draw(tolerances)
    bands = draw(st.sampled_from([(), (Band(Fraction(1, 50), Fraction(3, 4)),)]))
    if tolerance.kind in ("significant", "decimals") or tolerance.amount >= Fraction(1, 50):
        bands = ()
    rivals = tuple(Rival(value, (draw(names),), draw(credits)) for value in draw(st.lists(values, max_size=3)))
    unit = draw(st.sampled_from(["", "nats", "bits", "%", "tokens/s"]))
    digits = draw(st.one_of(st.none(), asked))
    return PartKey("answer", NumericKey(draw(values), tolerance, bands, unit, rivals, draw(st.booleans()), digits))


@st.composite
def tuple_parts(draw):
    """Numbers whose sum is larger than a bound; the known wrong ones have a smaller sum, or one that is equal."""
    asked = ("x", "y", "z")[: draw(st.integers(1, 3))]
    bound = draw(hundredths)
    smaller = st.lists(st.integers(0, 500).map(lambda k: Fraction(k, 100)), min_size=len(asked), max_size=len(asked))

    def with_sum(numbers, total):
        return "; ".join(map(str, (*numbers[1:], total - sum(numbers[1:]))))

    sample = with_sum(draw(smaller), bound + Fraction(1, 100)).split("; ")
    wrong = {with_sum(numbers, bound - numbers[0]) for numbers in draw(st.lists(smaller, max_size=3))}
    rivals = tuple(Rival(value, (draw(names),), draw(credits)) for value in sorted(wrong))
    choice = [(f"o{k}", value) for k, value in enumerate(("; ".join(sample), *(rival.value for rival in rivals)))]
    conditions = (JointCondition(f"{' + '.join(asked)} > {bound}", "smaller", "", (draw(names),)),)
    chosen = tuple(choice) if draw(st.booleans()) else ()
    return PartKey("answer", NumericTupleKey(asked, conditions, tuple(sample), rivals, draw(st.booleans()), chosen))


symbolic_part = PartKey(
    "answer",
    SymbolicKey(
        "log(p_2) + log(p_6)",
        (SymbolDeclaration("p_2"), SymbolDeclaration("p_6")),
        rivals=(
            Rival("p_2 + p_6", ("sum-of-probs",)),
            Rival("log(p_2)*log(p_6)", ("product-of-logs",)),
            Rival("-log(p_2) - log(p_6)", ("flip-sign",)),
            Rival("(log(p_2) + log(p_6))/2", ("mean-over-masks",), Fraction(1, 2)),
        ),
    ),
)
related_part = PartKey(
    "answer",
    SymbolicKey(
        "log(p_2) + log(p_6)",
        (SymbolDeclaration("p_2"), SymbolDeclaration("p_6")),
        rivals=(Rival("p_2*p_6", ("product-of-probs",), Fraction(1, 3)),),
        forms=(Requirement("expanded"), Requirement("written-out", Fraction(3, 4), "Write it out.")),
        accept=(Relation("opposite-sign", misconceptions=("flip-sign",)), Relation("same-optimum", Fraction(1, 2))),
    ),
)
essay_part = PartKey("answer", EssayKey((), (2, 5)))

parts = st.one_of(
    choice_parts(),
    multiple_answer_parts(),
    matching_parts(),
    ordering_parts(),
    text_parts(),
    numeric_parts(),
    tuple_parts(),
    st.just(symbolic_part),
    st.just(related_part),
    st.just(essay_part),
)

json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=20),
        st.sampled_from(
            ["o0", "o1", "l0", "r0", "s0", "1.5", "1e999999", "9**9**9", "((((", "log(0)", "1/0", "\x00", "\ud800"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["l0", "l1", "answer", "x", "y", ""]), inner, max_size=3),
    ),
    max_leaves=8,
)
