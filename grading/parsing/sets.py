"""The sets that sums and products run over."""

from __future__ import annotations

import re

from grading.parsing.conventions import MAX_SET
from grading.parsing.language import Language
from grading.parsing.refusals import Refused, refuse
from grading.parsing.tokens import Series, Token

_DRESS = re.compile(
    r"\\(?:math(?:cal|rm|bf|it)|bm|boldsymbol|m?left|m?right|[lr]brace|text|bar|overline)(?![A-Za-z])|[\s{}\\\u0304\u0305]"
)
_SELECTED = re.compile(r"A(?:_x)?(?:\((?:x|xbar)\))?")
_LIST = re.compile(r"\d{1,4}(?:[,;]\d{1,4})*")
_APART = re.compile(r"\d\s+\d")


def members(token: Token, head: Series, language: Language) -> list[int]:
    """The values of the running index, ascending where they are a range, else as they are written. Raises Refused.

    token: the head of the sum as it was typed.
    """

    def refused(sentence: str, suggestion: str = "", /, **values: str | int) -> Refused:
        return refuse(sentence, token.start, token.end - token.start, suggestion, **values)

    sentence = language.sentence
    if head.low:
        high = {"m": len(sentence.tokens) - 1, "n": len(sentence.selected)}.get(head.high) if sentence else None
        if high is None and not (head.high.isascii() and head.high.isdigit() and len(head.high) < 5):
            raise refused("unclear-sum:end")
        found = list(range(int(head.low[:5]), min(int(head.high) if high is None else high, 10**4) + 1))
    else:
        text = _DRESS.sub("", head.members)
        if _APART.search(_DRESS.sub(" ", head.members)):  # {2 6} is not {26}
            raise refused("unclear-sum:set", "sum_{i in {2,6}} …")
        if sentence and _SELECTED.fullmatch(text):
            found = list(sentence.selected)
        elif _LIST.fullmatch(text):
            found = list(dict.fromkeys(int(part) for part in re.split("[,;]", text)))
        else:
            raise refused("unclear-sum:set", "sum_{i in {2,6}} …")
        if head.excluded:
            if sentence is None:
                raise refused("unclear-sum:complement")
            found = [k for k in range(1, len(sentence.tokens)) if k not in found]
    if len(found) > MAX_SET:
        raise refused("too-long:sum", most=MAX_SET)
    if not found:
        raise refused("empty-set")
    return found
