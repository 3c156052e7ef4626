"""GIFT as gift-pegjs reads it, with what Moodle's import makes of that: questions that give a mark.

Written from Moodle's importer, not from our exporter. `load` refuses what Moodle refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction as F
from typing import Any

from tests.exporters.moodle_model import Answer, Question, Refused, menu, needs_a_full_mark, share

TYPES = {"MC": "multichoice", "TF": "truefalse", "Numerical": "numerical", "Short": "shortanswer",
         "Matching": "matching", "Essay": "essay"}  # fmt: skip


def load(text: str, run_node: Callable[[str, str], Any]) -> list[Question]:
    """The questions of a file, or Refused."""
    read = run_node("gift.cjs", text)
    if "refused" in read:
        raise Refused(read["refused"])
    category, questions = "", []
    for parsed in read["questions"]:
        if parsed["type"] == "Category":
            category = parsed["title"]
        elif parsed["type"] not in TYPES or parsed["hasEmbeddedAnswers"]:
            raise Refused(f"{parsed['title']}: {parsed['type']}")
        else:
            questions.append(question(parsed, category))
    return questions


def text_in(field: Any) -> str:
    """The HTML of a field; every format but HTML would be shown otherwise."""
    if field is None:
        return ""
    if field["format"] != "html":
        raise Refused(f"format {field['format']}")
    return str(field["text"])


def question(parsed: dict[str, Any], category: str) -> Question:
    made = Question(
        TYPES[parsed["type"]], parsed["title"] or "", text_in(parsed["stem"]), text_in(parsed["globalFeedback"]),
        category, F(1), parsed["id"] or "", parsed["tags"] or [], [],
    )  # fmt: skip
    if not made.name or len(made.name) > 251:
        raise Refused("the name is empty or would be cut")
    READERS.get(made.type, lambda *_: None)(parsed, made)
    return made


def choice(parsed: dict[str, Any], made: Question) -> None:
    choices = parsed["choices"]
    made.single = any(each["isCorrect"] for each in choices)
    made.answers = [
        Answer(text_in(each["text"]), F(1) if each["isCorrect"] else weight(each, F(0)), text_in(each["feedback"]))
        for each in choices
    ]
    if len(made.answers) < 2:
        raise Refused("one option only")
    if made.single:
        needs_a_full_mark(made)
    elif abs(sum(max(answer.share, F(0)) for answer in made.answers) - 1) > F(1, 100):
        raise Refused("the shares of right options do not add up to 100 %")


def weight(each: dict[str, Any], otherwise: F) -> F:
    return otherwise if each["weight"] is None else share(str(each["weight"]))


def true_false(parsed: dict[str, Any], made: Question) -> None:
    """The first feedback is that of the wrong answer, whatever the parser calls it."""
    wrong, right = text_in(parsed["trueFeedback"]), text_in(parsed["falseFeedback"])
    true = parsed["isTrue"]
    made.answers = [
        Answer("true", F(true), right if true else wrong),
        Answer("false", F(not true), wrong if true else right),
    ]


def short(parsed: dict[str, Any], made: Question) -> None:
    for each in parsed["choices"]:
        if not each["isCorrect"]:
            raise Refused("a wrong answer among short answers")
        made.answers.append(Answer(each["text"]["text"], weight(each, F(1)), text_in(each["feedback"])))
    needs_a_full_mark(made)


def numerical(parsed: dict[str, Any], made: Question) -> None:
    for each in parsed["choices"]:
        number = each["text"]
        if number["type"] not in ("range", "simple") or not each["isCorrect"]:
            raise Refused(f"{number}")
        made.answers.append(
            Answer(str(number["number"]), weight(each, F(1)), text_in(each["feedback"]), F(str(number.get("range", 0))))
        )
    needs_a_full_mark(made)


def matching(parsed: dict[str, Any], made: Question) -> None:
    for pair in parsed["matchPairs"]:
        right = re.sub(r"&&(\d{3});", lambda code: chr(int(code[1])), pair["subanswer"])
        made.pairs.append((text_in(pair["subquestion"]) if pair["subquestion"]["text"] else "", menu(right)))
    if sum(bool(left) for left, _ in made.pairs) < 2 or not all(right for _, right in made.pairs):
        raise Refused("too few pairs, or one without a right side")


READERS: dict[str, Callable[[dict[str, Any], Question], None]] = {
    "multichoice": choice,
    "truefalse": true_false,
    "shortanswer": short,
    "numerical": numerical,
    "matching": matching,
}
