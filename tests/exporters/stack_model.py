"""Plays questions of Moodle's STACK by what STACK's documentation says, with Maxima to compute.

It draws a variant from a seed, validates what a learner types, walks through the response trees, and runs the question
tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.exporters.stack_reader import HOLE, Input, Question, Refused, Tree, feedbacks, statements

ANSWER_TESTS = (Path(__file__).parent / "stack_answer_tests.mac").read_text(encoding="utf-8")
FUNCTIONS = {"log", "ln", "lg", "exp", "sqrt", "abs", "min", "max"}
CONSTANTS = {"e", "pi"}
TOKEN = re.compile(r"\s*(\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+|[A-Za-z][A-Za-z0-9_]*|[-+*/^(),])")
Run = Callable[[str], str]
Answers = Mapping[str, str]


@dataclass
class Outcome:
    """Of one tree: None if it was not walked through."""

    score: float | None = None
    note: str = "NULL"
    feedback: str = ""


@dataclass
class Attempt:
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    mark: float = 0.0
    invalid: bool = False


def typed(text: str, field_: Input, decimals: str) -> str | None:
    """What a learner typed as Maxima gets it; "" for a blank field, None if STACK calls it invalid."""
    if not text.strip():
        return ""
    if decimals == ",":
        text = re.sub("[.,;]", lambda match: {",": ".", ";": ",", ".": "?"}[match[0]], text)
    names = parsed(text)
    if names is None or (not field_.takes_decimals and re.search("[.][0-9]|[0-9][.]|[0-9]e[-+]?[0-9]", text)):
        return None
    variables, functions = names
    if functions - FUNCTIONS or any(name.startswith("quiz") for name in variables):
        return None
    if field_.type == "numerical":
        return None if variables - CONSTANTS else text
    if "consolidatesubscripts:true" in field_.options:
        text = re.sub(r"\b([A-Za-z]+)_([0-9]+)\b", r"\1\2", text)
        variables = parsed(text)[0]  # type: ignore[index]
    return None if any(len(name) > 2 and name not in field_.allowed for name in variables - CONSTANTS) else text


def parsed(text: str) -> tuple[set[str], set[str]] | None:
    """The names of variables and functions of an expression, None if it is none."""
    tokens, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if match is None:
            return None
        tokens.append(match[1])
        at = match.end()
    variables: set[str] = set()
    functions: set[str] = set()
    rest = expression([*tokens, ""], 0, variables, functions)
    return (variables, functions) if rest == len(tokens) else None


def expression(tokens: list[str], at: int, variables: set[str], functions: set[str]) -> int:
    """Where an expression that begins here ends; -1 if there is none."""
    while True:
        while tokens[at] in ("+", "-"):
            at += 1
        token = tokens[at]
        if token == "(":
            at = expression(tokens, at + 1, variables, functions)
            if at < 0 or tokens[at] != ")":
                return -1
            at += 1
        elif re.match(r"[A-Za-z]", token) and tokens[at + 1] == "(":
            functions.add(token)
            at += 1
            while True:
                at = expression(tokens, at + 1, variables, functions)
                if at < 0 or tokens[at] not in (",", ")"):
                    return -1
                if tokens[at] == ")":
                    break
            at += 1
        elif re.match(r"[A-Za-z0-9.]", token):
            if token[0].isalpha():
                variables.add(token)
            at += 1
        else:
            return -1
        if tokens[at] not in ("+", "-", "*", "/", "^"):
            return at
        at += 1


@dataclass
class Play:
    """A variant of a question and what happens with some answers to it: texts with their holes filled, attempts, and
    what the inputs of the question tests are for this seed (cells).

    by_learners: the answers are typed by learners; question tests always have a decimal point.
    """

    question: Question
    seed: int
    tries: Sequence[Answers]
    by_learners: bool = True
    texts: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)


def play(plays: Sequence[Play], run: Run) -> None:
    """Plays all of these in one session of Maxima."""
    code = [
        ANSWER_TESTS,
        *(line for number, one in enumerate(plays) for line in script(number, one)),
        'modelsay("end", 1)$',
    ]
    printed: dict[str, str] = {}
    output = run("\n".join(code))
    for piece in output.partition("@@")[2].split("\n@@"):
        tag, _, value = piece.partition(" ")
        printed[tag] = value.partition("\n")[0].removesuffix(" ")  # which print adds
    if "end" not in printed:
        raise Refused(f"Maxima stopped: {output[-2000:]}")
    for number, one in enumerate(plays):
        finish(number, one, printed)


def script(number: int, one: Play) -> Iterator[str]:
    """Maxima code that prints everything that may be needed of one variant, each under its tag."""
    question = one.question
    yield "kill(values)$"
    yield f"assume_pos: {'true' if question.options['assumepositive'] == '1' else 'false'}$"
    yield f"simp: {'true' if question.options['questionsimplify'] == '1' else 'false'}$"
    yield f"stack_seed: {one.seed}$"
    yield from (f"{statement}$" for statement in statements(question.variables) if statement)
    yield "simp: false$"
    holes = {
        hole
        for html in (*question.texts.values(), *question.hints, *feedbacks(question))
        for hole in HOLE.findall(html)
    }
    cases = {value for case in question.cases for value in case.inputs.values() if value}
    answers = {field_.answer for field_ in question.inputs.values()}
    for expression_ in sorted(holes | cases | answers):
        yield f'modelsay("{number}:{tag_of(expression_)}", {expression_})$'
    yield "simp: true$"
    for place, answers_ in enumerate(one.tries):
        valid = {name: given(one, name, answers_) for name in question.inputs}
        for tree in question.trees:
            needed = {name for name in question.inputs if uses(tree, name)}
            if all(valid[name] for name in needed):
                yield from (f"{name}: ev({valid[name]}, simp:false)$" for name in sorted(needed))
                yield from (f"{statement}$" for statement in statements(tree.variables) if statement)
                for k, node in enumerate(tree.nodes):
                    call = ", ".join(filter(None, (node.given, node.wanted, node.option)))
                    yield f'modelsay("{number}:{place}:{tree.name}:{k}", model{node.test}({call}))$'


def tag_of(expression_: str) -> str:
    """What an expression is printed under: itself in hexadecimal digits."""
    return expression_.encode().hex()


def given(one: Play, name: str, answers: Answers) -> str | None:
    decimals = one.question.options["decimals"] if one.by_learners else "."
    return typed(answers.get(name, ""), one.question.inputs[name], decimals)


def uses(tree: Tree, name: str) -> bool:
    code = " ".join((tree.variables, *(f"{node.given} {node.wanted}" for node in tree.nodes)))
    return re.search(rf"\b{name}\b", code) is not None


def finish(number: int, one: Play, printed: Mapping[str, str]) -> None:
    question = one.question

    def value(expression_: str) -> str:
        found = printed.get(f"{number}:{tag_of(expression_)}")
        if found is None or (found == expression_ and expression_.startswith("quiz")):
            raise Refused(f"{expression_} has no value for the seed {one.seed}")
        return found

    def filled(html: str) -> str:
        return HOLE.sub(lambda match: value(match[1]), html)

    one.texts = {tag: filled(html) for tag, html in question.texts.items()}
    one.texts |= {f"hint{place}": filled(html) for place, html in enumerate(question.hints)}
    values = {value_ for case in question.cases for value_ in case.inputs.values() if value_}
    one.cells = {value_: value(value_) for value_ in values}
    one.shown = {name: value(field_.answer) for name, field_ in question.inputs.items()}
    total = sum(tree.value for tree in question.trees)
    for place, answers in enumerate(one.tries):
        attempt = Attempt()
        valid = {name: given(one, name, answers) for name in question.inputs}
        attempt.invalid = None in valid.values()
        for tree in question.trees:
            outcome = Outcome()
            k = 0 if f"{number}:{place}:{tree.name}:0" in printed else -1
            while k >= 0:
                node = tree.nodes[k]
                branch = printed[f"{number}:{place}:{tree.name}:{k}"] == "true"
                said = outcome.feedback + filled(node.feedback[branch])
                outcome = Outcome(node.score[branch], node.note[branch], said)
                k = node.following[branch]
            attempt.outcomes[tree.name] = outcome
            attempt.mark += (outcome.score or 0.0) * tree.value / total
        one.attempts.append(attempt)


def run_question_tests(questions: Sequence[Question], run: Run) -> int:
    """Runs every question test for every deployed seed; how many there were. Raises Refused for one that fails."""
    plays = [Play(question, seed, ()) for question in questions for seed in question.seeds or [0]]
    play(plays, run)
    second = [
        Play(
            one.question,
            one.seed,
            [{name: one.cells.get(text, "") for name, text in case.inputs.items()} for case in one.question.cases],
            by_learners=False,
        )
        for one in plays
    ]
    play(second, run)
    count = 0
    for one in second:
        for case, attempt in zip(one.question.cases, one.attempts, strict=True):
            for name, (score, penalty, note) in case.expected.items():
                outcome = attempt.outcomes[name]
                lost = "" if outcome.score is None else "0" if outcome.score == 1 else str(one.question.penalty)
                found = (outcome.score, lost, outcome.note)
                if found[2] != note or not same(score, found[0]) or not same(penalty, float(lost) if lost else None):
                    raise Refused(
                        f"{one.question.name}, seed {one.seed}: {case.inputs} gives {found}, not {case.expected}"
                    )
                count += 1
    return count


def same(expected: str, found: float | None) -> bool:
    if not expected or found is None:
        return not expected and found is None
    return abs(float(expected) - found) < 0.0005
