"""Reads the inside of ``Pr(…)``: events, the bar, and what is conditioned on."""

from __future__ import annotations

import re
from functools import lru_cache

from grading.expressions import Context, Event, Probability
from grading.keys import Sentence
from grading.labels import quote_token
from grading.letters import FROM_SUBSCRIPTS
from grading.parsing.language import Language, same_word
from grading.parsing.notation import HOMOGLYPHS
from grading.parsing.refusals import Refused, nearest, refuse

Binding = tuple[tuple[str, int], ...]
"""Values of the running indices of the sums around an atom."""

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_MARKED = re.compile(
    r"[“„]([^“”„|=]+)[”“]|[‘‚]([^‘‚|=]+?)[’‘](?!\w)|«([^«»|=]+)»|»([^«»|=]+)«|‹([^‹›|=]+)›|``([^`'|=]+)''"
    r"|(?<![^\s=,({|\\>])[`']([^`'|=]+)'(?![^\s,)}|\\])"
)
"""A word in other quotation marks than those of the keyboard."""
_SIGN_NAMES = "backslash|asciitilde|asciicircum|quotedbl"
_ESCAPED = re.compile(rf"\\text\{{((?:[^{{}}\\\x01]|\\text(?:{_SIGN_NAMES})\{{\}}|\\[&#%_{{}}$])*)\}}")
"""A word as LaTeX writes it: ``\\text{AT\\&T}``."""
_ESCAPE = re.compile(rf"\\(?:text({_SIGN_NAMES})\{{\}}|(.))")
_NAMED_SIGNS = {"backslash": "\\", "asciitilde": "~", "asciicircum": "^", "quotedbl": '"'}
_STYLE = r"\\(?:text(?:it|rm|bf|tt|sf|sl|up|normal)?|math(?:rm|it|bf|sf|tt)|boldsymbol|bm|mbox|emph|operatorname)"
_STYLED = re.compile(
    rf"{_STYLE}\s*\{{([^{{}}]*)\}}|{_STYLE}\s*(?<![a-z])([xW])(?![A-Za-z])|\{{\s*(\{{[^{{}}]*\}})\s*\}}"
)
_XBAR = re.compile(
    r"\\(?:bar|overline)\s*(?:\{\s*x\s*\}|x)|x[\u0304\u0305]|x_bar\b|x_\{\s*(?:\\text\s*\{\s*)?bar\s*(?:\}\s*)?\}"
    r"|\bx-bar\b"
)
_BAR = re.compile(r"\\(?:mid|vert|lvert|rvert)(?![A-Za-z])|\\middle\s*\||∣")
_PARAMETER = re.compile(
    r"\s*(?:\\(?:hat|widehat)\s*)?\{?\s*(?:\\(?:theta|phi)(?![A-Za-z])|\b(?:theta|phi)\b|θ|φ|W)\s*\}?\s*"
)
DEEPEST = 6
"""How many styles and braces may stand around a word."""
_AND = "\x03"
"""Between the positions of ``x_{0,4}``, where a comma would end the piece."""
_REWRITES = (
    (re.compile(r"\\[,;:!\s>]|~"), " "),
    (_XBAR, "xbar"),
    (re.compile(r"\\(?:hat|widehat)\s*(?:\{\s*x\s*\}|x)|x\u0302"), "xhat"),
    (re.compile(r"\\(?:wedge|land|cap)(?![A-Za-z])|∧|∩|;|(?<=\s)&(?=\s)"), ","),
    (re.compile(r"\\(?:setminus|backslash|smallsetminus)(?![A-Za-z])|∖"), r"\\"),
    (re.compile(r"\\leq?(?![A-Za-z])|≤"), "<="),
    (re.compile(r"\\(?:lt|m?left|m?right|[bB]igg?[lrm]?)(?![A-Za-z])"), lambda m: "<" if m[0] == "\\lt" else " "),
    (re.compile(r"x\s*(?:\^\s*(?:c(?!\w)|\{\s*c\s*\})|ᶜ)"), "xc"),
    (re.compile(r"h\s*_\s*(?:\{\s*cls\s*\}|cls\b)"), "hcls"),
    (re.compile(r"x\s*_\s*\{\s*\d+(?:\s*,\s*\d+)+\s*\}"), lambda m: re.sub(r"\s+", "", m[0]).replace(",", _AND)),
    (re.compile(r"[₀-₉]+"), lambda m: "_" + m[0].translate(FROM_SUBSCRIPTS)),
    (re.compile(r"[ᵢⱼₖ]"), lambda m: "_" + "ijk"["ᵢⱼₖ".index(m[0])]),
    (re.compile(r"_\s*\{\s*(\w+)\s*\}"), r"_\1"),
    (re.compile(r"=\s*\{\s*([^\s{}]+)\s*\}"), r"=\1"),
)
_EVENT = re.compile(r"x\s*_?\s*(\d+|[a-z])\s*(?:=\s*(.+))?|X\s*_?\s*(\d+|[a-z])\s*=\s*(.+)", re.DOTALL)
_DIGITS = re.compile("[0-9]+")
_ITSELF = re.compile(r"x\s*_?\s*(\d+|[a-z])")
_PLAIN_WORD = re.compile(
    r"(?:[^\W_]|[\u0300-\u036f])+(?:[.'’&-](?:[^\W_]|[\u0300-\u036f])+)*|\[[A-Z]+\]|[\ue000-\uf8ff]"
)
"""What is a word without quotation marks, although the sentence does not hold it."""
_OTHER_EVENT = re.compile(r"([yd])\s*_?\s*(\d+|[a-z])\s*=\s*(.+)|(c)\s*=\s*(.+)", re.DOTALL)
_CONTEXT = re.compile(rf"(xbar|xc|hcls|x)\s*(?:_\s*\{{?\s*(<=?|\\|-)\s*(\d+|[a-z])\s*\}}?|_\{{(\d+(?:{_AND}\d+)+)\}})?")
_ALONE = re.compile(r"x_(\d+)")
_TARGET = re.compile(r"y\s*_\s*\{?\s*<\s*(\d+|[a-z])\s*\}?")
_PIECE = re.compile(r", (?=x(?:hat)?_\d)")
_GUESS = re.compile(r"xhat\s*_?\s*(\d+|[a-z])")


@lru_cache(maxsize=8192)
def read_probability(at: str, inside: str, language: Language, binding: Binding = ()) -> Probability:
    """The atom that ``Pr_at(inside)`` means. Raises Refused (offsets are relative to the text inside).

    at: the subscript of ``Pr``, a position, or "".
    """
    words: list[str] = []

    def keep(match: re.Match[str]) -> str:
        words.append(_ESCAPE.sub(lambda sign: _NAMED_SIGNS[sign[1]] if sign[1] else sign[2], match[1]))
        return f"\x01{len(words) - 1}\x02"

    def keep_escaped(match: re.Match[str]) -> str:
        return keep(match) if "\\" in match[1] else match[0]

    def keep_marked(match: re.Match[str]) -> str:
        words.append(next(word for word in match.groups() if word is not None).strip())
        return f"\x01{len(words) - 1}\x02"

    text = _ESCAPED.sub(keep_escaped, _MARKED.sub(keep_marked, _QUOTED.sub(keep, inside)))
    text = _BAR.sub("|", text)  # before styles go: a bar and a style become one command otherwise
    for _ in range(DEEPEST):
        text = _XBAR.sub("xbar", _STYLED.sub(_undressed, text))
    for pattern, replacement in _REWRITES:
        text = pattern.sub(replacement, text)
    reader = _Reader(language, dict(binding), words)
    sides = [side.strip() for side in text.split("|")]
    if len(sides) == 2:
        sides[1] = _without_parameters(sides[1])
    if len(sides) > 2 or not all(sides):
        raise refuse("unclear-probability:form", 0, len(inside))
    if all(_CONTEXT.fullmatch(side) for side in sides):
        raise refuse("unclear-probability:words")
    if len(sides) == 1:
        if _DIGITS.fullmatch(sides[0]) or sides[0] in reader.binding:
            raise refuse("unclear-probability:position", 0, 1, f"p_{sides[0][:6]}")
        return Probability(reader.events(sides[0], at), None)
    if _CONTEXT.fullmatch(sides[0].split(",")[0].strip()):
        return Probability(reader.events(sides[1], at), reader.context(sides[0]), reverse=True)
    return Probability(reader.events(sides[0], at), reader.context(sides[1]))


def _without_parameters(given: str) -> str:
    """What is conditioned on, without the parameters of the model at its end."""
    pieces = given.split(",")
    while len(pieces) > 1 and _PARAMETER.fullmatch(pieces[-1]):
        pieces.pop()
    return ",".join(pieces).strip()


def _undressed(match: re.Match[str]) -> str:
    """What a style is put on."""
    return next(part for part in match.groups() if part is not None)


class _Reader:
    """Reads the pieces of one probability."""

    def __init__(self, language: Language, binding: dict[str, int], words: list[str]) -> None:
        self.language, self.binding, self.words = language, binding, words

    def events(self, text: str, at: str) -> tuple[Event, ...]:
        return tuple(self.event(piece.strip(), at) for piece in re.split(r",|\band\b", text))

    def event(self, text: str, at: str) -> Event:
        sentence = self.language.sentence
        if (other := _OTHER_EVENT.fullmatch(text)) is not None and not self.is_in_sentence(text):
            return self.other_event(other)
        if not (found := _EVENT.fullmatch(text)):
            token = self.token(text)
            if (
                _DIGITS.fullmatch(text)
                and self.language.sentence is not None
                and token not in self.language.sentence.tokens
            ):
                raise self.no_word(text)
            if at:
                return Event(self.position(at), self.spelling(self.position(at), token))
            return self.unplaced(token)
        place, value = found[1] or found[3], found[2] if found[1] else found[4]
        position = self.position(place)
        if at and self.position(at) != position:
            raise refuse("unclear-position", at=at, place=place)
        if value is not None and not self.is_itself(value.strip(), position):
            return Event(position, self.spelling(position, self.token(value.strip())))
        if sentence is None:
            raise refuse("missing-word", 0, 1, f"x_{position}=…")
        return Event(position, sentence.tokens[position])

    def other_event(self, found: re.Match[str]) -> Event:
        """A word of the target, a decision about a token, or the class of the whole input."""
        if found[4]:
            return Event(-1, self.token(found[5].strip()), "c")
        token = self.token(found[3].strip())
        if found[1] == "d":
            return Event(self.position(found[2]), token, "d")
        return Event(self.target_position(found[2]), token, "y")

    def target_position(self, text: str) -> int:
        """A position of the target, from 1."""
        sentence = self.language.sentence
        last = 9999 if sentence is None else len(sentence.target)
        text = str(self.binding.get(text, text))
        if not _DIGITS.fullmatch(text) or len(text) > 4 or not 1 <= int(text) <= last:
            raise refuse("unknown-position:target", position=text[:12])
        return int(text)

    def is_itself(self, value: str, position: int) -> bool:
        """Whether what stands behind ``X_2 =`` is ``x_2``: the word that stands there."""
        found = _ITSELF.fullmatch(value)
        return found is not None and not self.is_in_sentence(value) and self.position(found[1]) == position

    def is_in_sentence(self, text: str) -> bool:
        sentence = self.language.sentence
        return sentence is not None and any(same_word(word, text) for word in sentence.tokens)

    def no_word(self, text: str) -> Refused:
        sentence = self.language.sentence
        text = re.sub(r"\x01(\d+)\x02", lambda quoted: self.words[int(quoted[1])], text)
        if sentence is not None and re.fullmatch(r"[^\W\d_]{3,}\w*", text):
            like = nearest(text.casefold(), dict.fromkeys(word.casefold() for word in sentence.tokens))
            if len(like) > 3:
                return refuse("unknown-word", 0, 1, like, word=text[:40])
        if (plain := text.translate(HOMOGLYPHS)) != text and _EVENT.fullmatch(plain):
            return refuse("homoglyph:word", 0, 1, plain, word=text[:40])
        return refuse("unclear-word:text", text=text[:40]) if text else refuse("unclear-word:nothing")

    def unplaced(self, token: str) -> Event:
        """A word without its position."""
        sentence = self.language.sentence
        if sentence is None:
            if self.language.any_name:
                return Event(-1, token)
            raise refuse("missing-position:word", 0, 1, f"Pr(x_2={quote_token(token)} | xbar)", word=token[:40])
        position = self.language.position_of(token)
        if isinstance(position, tuple):
            first = f"x_{position[0]}={quote_token(token)}"
            raise refuse("several-positions", 0, 1, first, word=token[:40])
        if position >= 0:
            return Event(position, sentence.tokens[position])
        plain = token.translate(HOMOGLYPHS)
        like = nearest(token.casefold(), dict.fromkeys(word.casefold() for word in sentence.tokens))
        if (
            plain != token
            and isinstance(self.language.position_of(plain), int)
            and self.language.position_of(plain) != -1
        ):
            raise refuse("homoglyph:word", 0, 1, plain, word=token[:40])
        if like and (len(like) > 3 or not token.isalpha()):
            raise refuse("unknown-word", 0, 1, like, word=token[:40])
        return Event(-1, token)

    def token(self, text: str) -> str:
        if quoted := re.fullmatch(r"\x01(\d+)\x02", text):
            return self.words[int(quoted[1])]
        if not text or re.search(r"[\s,|()\"\\{}$=;<\x01]", text):
            raise self.no_word(text)
        if self.is_in_sentence(text):
            return text
        single = self.language.sentence is not None and len(text) == 1 and text.isalpha() and text not in "aAI"
        if single or _CONTEXT.fullmatch(text) or not _PLAIN_WORD.fullmatch(text):
            raise self.no_word(text)
        return text

    def spelling(self, position: int, token: str) -> str:
        """The word as the sentence spells it at this position (case does not count), else as typed."""
        sentence = self.language.sentence
        if sentence is not None:
            word = sentence.tokens[position]
            if same_word(word, token):
                return word
            if token.translate(HOMOGLYPHS) == word:
                raise refuse("homoglyph:word", 0, 1, word, word=token[:40])
        return token

    def position(self, text: str) -> int:
        if not _DIGITS.fullmatch(text):
            if text in self.binding:
                return self.position(str(self.binding[text]))
            raise refuse("unknown-index", 0, 1, f"sum_{{{text} in A}} …", index=text)
        sentence = self.language.sentence
        position = int(text) if len(text) < 6 else 10**6
        if position > 9999 or (sentence is not None and position >= len(sentence.tokens)):
            last = len(sentence.tokens) - 1 if sentence is not None else 9999
            raise refuse("unknown-position:number", position=text[:12], last=last)
        return position

    def context(self, text: str) -> Context:
        head, *rest = (piece.strip() for piece in text.split(","))
        sentence, alone = self.language.sentence, _ALONE.fullmatch(head)
        if alone and (sentence is None or sentence.order):  # the only token that is known yet
            place = self.position(alone[1])
            notation = f"x_{{{place}}}"
            return Context(notation, self.resolved("x", "", None, (place,), {}, notation))
        found = _CONTEXT.fullmatch(head)
        if not found:
            plain = _XBAR.sub("xbar", head.translate(HOMOGLYPHS))
            if plain != head and _CONTEXT.fullmatch(plain):
                raise refuse("homoglyph:word", 0, 1, plain.replace(_AND, ","), word=head[:40])
            raise refuse("unknown-context", 0, 1, "xbar", context=head[:40])
        if found[1] in ("xc", "hcls"):
            return self.whole_input(found[1], text)
        where = self.position(found[3]) if found[3] else None
        notation = found[1]
        positions = tuple(self.position(place) for place in (found[4] or "").split(_AND) if place)
        relation = found[2] if found[2] in ("<", "<=") else chr(92)
        if where is not None:
            notation += f"_{{{relation}{where}}}"
        elif positions:
            notation += f"_{{{','.join(map(str, positions))}}}"
        before: int | None = None
        filled: dict[int, str] = {}
        for piece in rest:
            if guess := _GUESS.fullmatch(piece):
                filled[self.position(guess[1])] = f"xhat_{self.position(guess[1])}"
                notation += f", xhat_{self.position(guess[1])}"
            elif target := _TARGET.fullmatch(piece):
                before = self.target_position(target[1])
                notation += f", y_{{<{before}}}"
            else:
                event = self.event(piece, "")
                if event.position < 0:
                    placed = f"xbar, x_2={quote_token(event.token)}"
                    raise refuse("missing-position:given", 0, 1, placed, word=event.token[:40])
                filled[event.position] = event.token
                notation += f", x_{event.position}={quote_token(event.token)}"
        tokens = self.resolved(found[1], relation, where, positions, filled, notation)
        if before is not None and self.language.sentence is not None:
            tokens += self.language.sentence.target[: before - 1]
        return Context(notation, tokens)

    def whole_input(self, name: str, text: str) -> Context:
        """The sequence with replaced words, or the vector of [CLS]."""
        sentence = self.language.sentence
        if text.strip() != name or (name == "xc" and sentence is not None and not sentence.replaced):
            raise refuse("unknown-context", 0, 1, "xbar", context=text[:40])
        return Context(name, sentence.replaced if name == "xc" and sentence is not None else (name,))

    def resolved(
        self,
        base: str,
        relation: str,
        where: int | None,
        positions: tuple[int, ...],
        filled: dict[int, str],
        notation: str,
    ) -> tuple[str, ...]:
        sentence = self.language.sentence
        if sentence is None:  # the order in which words are filled in makes no difference
            head, *pieces = _PIECE.split(notation)
            return (", ".join((head, *sorted(pieces))),)
        return resolve(sentence, base, relation, where, filled, positions)


def resolve(
    sentence: Sentence,
    base: str,
    relation: str | None,
    where: int | None,
    filled: dict[int, str],
    positions: tuple[int, ...] = (),
) -> tuple[str, ...]:
    """The tokens that a context shows: ``base`` is xbar or x, cut at ``<where`` or behind ``<=where``, masked at
    ``\\where``, or shown at some positions only, which is a cut if they are the first ones; then filled."""
    tokens = list(sentence.corrupted if base == "xbar" else sentence.tokens)
    if positions and sorted(set(positions)) == list(range(len(set(positions)))):
        tokens = tokens[: len(set(positions))]
    elif positions:
        tokens = [token if k in positions else "[MASK]" for k, token in enumerate(tokens)]
    if where is not None and relation not in ("<", "<="):
        tokens[where] = "[MASK]"
    for position, token in filled.items():
        tokens[position] = token
    if where is None or relation not in ("<", "<="):
        return tuple(tokens)
    return tuple(tokens[: where + (relation == "<=")])
