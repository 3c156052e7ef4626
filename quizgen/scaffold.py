"""A template to begin with: small, complete, commented, and without findings."""

from __future__ import annotations

_HEAD = """\
template: {id}
kind: {kind}
bloom: {bloom}                # remember, understand, apply, analyze, evaluate or create
"""

_PLAIN_WRONG = """\
wrong:                          # write `misconception-id: text` where a known misconception stands behind it
  - They are replaced at random.
  - They are taken out of the input.
"""

_BODIES: dict[str, tuple[str, str]] = {
    "single-choice": (
        "understand",
        """\
stem: |
  During masked language modelling, some tokens of the input are replaced by `[MASK]`.
  What happens to the **other** tokens?
key: They stay, and are the context.
"""
        + _PLAIN_WRONG
        + """\
hints:
  - What does the model look at when it predicts a masked token?
solution: |
  Only the selected tokens are changed. The others stay visible, and the model predicts the masked ones from them.
examples:                       # responses and what grading must say; `quizgen check` tries them
  - {{answer: key, expect: correct}}
""",
    ),
    "multiple-answer": (
        "analyze",
        """\
stem: Which of these expressions equal $\\log a + \\log b$ for all positive $a$ and $b$?
key:
  - $\\log (a b)$
  - $\\log (b a)$
wrong:
  - $\\log (a + b)$
  - $\\log a \\cdot \\log b$
scoring: plus-minus             # or all-or-nothing, per-option
hints:
  - Which rule turns a sum of logarithms into one logarithm?
solution: The logarithm of a product is the sum of the logarithms, in whatever order the factors stand.
examples:
  - {{answer: key, expect: correct}}
""",
    ),
    "true-false": (
        "remember",
        """\
stem: The logarithm of a probability is never positive.
key: true
hints:
  - How large can a probability be?
solution: A probability is at most $1$, and $\\log 1 = 0$. Smaller probabilities have negative logarithms.
examples:
  - {{answer: key, expect: correct}}
  - {{answer: 'false', expect: incorrect}}
""",
    ),
    "numeric": (
        "apply",
        """\
draw:                           # what changes from variant to variant: 2..9, a list, [0.1, 0.2 .. 0.9] …
  a: 2..9
  b: 2..9
where: a < b                    # only draws for which this holds
stem: A rectangle is {{{{ a }}}} cm by {{{{ b }}}} cm. What is its area?
key: a*b                        # a formula of what is drawn
unit: cm²
wrong:                          # known wrong numbers; for misconceptions with a formula of their own, only the id
  perimeter: 2*(a + b)
  half: {{value: a*b/2, credit: 1/4}}
hints:
  - How many squares of one centimetre fit into a row, and how many rows are there?
solution: The area is {{{{ a }}}} · {{{{ b }}}} = {{{{ area }}}} cm².
let: {{area: a*b}}                # numbers computed from what is drawn, for texts and formulas
examples:
  - {{answer: key, expect: correct}}
  - {{answer: perimeter, expect: incorrect}}
  - {{answer: half, expect: partial, score: 1/4}}
  - {{answer: many, expect: invalid}}
""",
    ),
    "numeric-tuple": (
        "create",
        """\
draw: {{s: [0.60, 0.61 .. 0.99]}}
stem: |
  Give two probabilities $x$ and $y$ with a sum larger than {{{{ s }}}} and a product smaller than $0.2$.
key:
  numbers: {{x: s, y: 0.1}}     # one right answer; every other one that fulfils the conditions is right too
  such_that:                    # each condition with what is said where it fails
    0 < x <= 1: A probability is larger than 0 and at most 1; $x$ is not.
    0 < y <= 1: A probability is larger than 0 and at most 1; $y$ is not.
    x + y > s: The sum of your numbers is not larger than {{{{ s }}}}.
    x*y < 0.2: The product of your numbers is not smaller than $0.2$.
wrong:                          # options beside the right answer where a format cannot check conditions
  - {{x: 0.3, y: s - 0.35}}
  - {{x: s, y: 0.4}}
  - {{x: s - 0.1, y: 0.1}}
hints:
  - Is the product of two numbers with a given sum largest where they are alike, or where they differ?
solution: Two very different numbers have a large sum and a small product, such as {{{{ s }}}} and $0.1$.
examples:
  - {{answer: key, expect: correct}}
  - {{answer: {{x: 1, y: 0}}, expect: incorrect}}
""",
    ),
    "symbolic": (
        "apply",
        """\
stem: Write the perimeter of a rectangle with the sides $a$ and $b$ as a formula.
symbols: {{a: positive, b: positive}}   # what may be typed; probability, positive or real
key: 2*(a + b)
wrong:
  half: a + b
  area: a*b
hints:
  - How many sides does a rectangle have?
solution: The four sides are $a$, $b$, $a$ and $b$, together $2(a+b)$.
examples:
  - {{answer: key, expect: correct}}
  - {{answer: 2a + 2b, expect: correct}}
  - {{answer: area, expect: incorrect}}
""",
    ),
    "matching": (
        "remember",
        """\
stem: What does each symbol of masked language modelling stand for?
key:                            # left: right
  the original sequence: x
  the corrupted input: x̄
  the selected positions: A(x)
wrong: [p(x)]                   # right sides that fit nothing
hints:
  - Which of the sequences does the model see?
solution: $x$ is what was written, $\\bar{{x}}$ is what the model sees, and $A(x)$ says where the two may differ.
examples:
  - {{answer: key, expect: correct}}
""",
    ),
    "ordering": (
        "understand",
        """\
stem: Bring the steps of masked language modelling into their order.
key:                            # in the right order
  - Positions are selected.
  - The selected tokens are corrupted.
  - The model predicts the selected tokens.
  - The loss is computed.
hints:
  - What has to be known before a token can be replaced?
solution: First one chooses where, then one corrupts, then the model predicts, and then one measures how well it did.
examples:
  - {{answer: key, expect: correct}}
""",
    ),
    "cloze": (
        "remember",
        """\
stem: |
  A probability is at most {{{{ gap.most }}}}, so its logarithm is never {{{{ gap.sign }}}}.
parts:                          # one for each gap; weights are equal if none is written
  most:
    kind: numeric
    key: 1
  sign:
    kind: single-choice
    key: positive
    wrong: [negative]
hints:
  - How probable is something that is certain?
solution: Probabilities lie between $0$ and $1$, and $\\log 1 = 0$.
examples:
  - {{answer: key, part: most, expect: correct}}
  - {{answer: key, part: sign, expect: correct}}
""",
    ),
    "short-answer": (
        "remember",
        """\
stem: Which symbol stands in the corrupted input where a token was hidden?
key: '[MASK]'
accept: [MASK, <mask>]          # other right wordings; upper and lower case do not matter
wrong:
  class-token: '[CLS]'
hints:
  - It is written in brackets.
solution: The hidden tokens are replaced by `[MASK]`.
examples:
  - {{answer: key, expect: correct}}
  - {{answer: class-token, expect: incorrect}}
""",
    ),
    "essay": (
        "evaluate",
        """\
stem: Explain why the losses of several masked tokens are added.
rubric:                         # a person marks it
  - {{points: 2, text: The answer names the product of the probabilities.}}
  - {{points: 1, text: The answer says what the logarithm does to it.}}
words: [40, 150]
hints:
  - What does the logarithm do to a product?
solution: The tokens are predicted independently, and the logarithm of the product of their probabilities is a sum.
examples:
  - {{answer: The logarithm turns the product into a sum., expect: undecided}}
""",
    ),
    "parts": (
        "apply",
        """\
draw: {{p: [0.05, 0.10 .. 0.95]}}
stem: A model gives the masked word the probability {{{{ p }}}}.
parts:
  loss:
    kind: numeric
    prompt: What is its loss in **nats**?
    key: {{value: -log(p), tolerance: 0.005, unit: nats}}
    weight: 3/4
  better:
    kind: single-choice
    prompt: What happens to the loss if the probability rises?
    key: It falls.
    wrong: [It rises., It stays the same.]
    weight: 1/4
hints:
  - Which sign does the logarithm of a probability have?
solution: The loss is the negative logarithm of the probability; it falls when the probability rises.
examples:
  - {{answer: key, part: loss, expect: correct}}
  - {{answer: key, part: better, expect: correct}}
""",
    ),
}


SCHEMA_FILE = "template.schema.json"
"""The name of the JSON Schema that lies beside new templates."""


def new_template(id: str, kind: str, schema: str = "") -> str:
    """The YAML of a template to edit; it passes the checks as it is.

    id: its name, small letters, digits and hyphens. kind: one of the kinds of questions. schema: the path of the JSON
    Schema from the template, for a first line that editors look for; none if empty.

    >>> print(new_template("area", "numeric").splitlines()[0])
    template: area
    >>> print(new_template("area", "numeric", SCHEMA_FILE).splitlines()[0])
    # yaml-language-server: $schema=template.schema.json
    """
    if kind not in _BODIES:
        raise ValueError(f"there is no kind {kind!r}; the kinds are {', '.join(_BODIES)}")
    bloom, body = _BODIES[kind]
    line = f"# yaml-language-server: $schema={schema}\n" if schema else ""
    return line + (_HEAD + body).format(id=id, kind=kind, bloom=bloom)
