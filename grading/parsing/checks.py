"""What is refused or doubtful where it stands: questions to the tokens around a place that read nothing further."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from grading.expressions import ONE, TWO, Exponential, Expression, Number
from grading.parsing.conventions import MAX_NODES
from grading.parsing.cursor import CLOSING, LOGARITHMS, TEN, Cursor
from grading.parsing.names import named, run_together
from grading.parsing.refusals import Refused, refuse
from grading.parsing.tokens import Token
from grading.text import to_text


def too_long(token: Token) -> Refused:
    """The refusal of a formula that is too long once everything in it is written out."""
    return refuse("too-long:written-out", token.start)


def natural(base: Expression) -> Expression | None:
    """The base of a logarithm, None for e."""
    return None if base == Exponential(ONE) else base


class Checks(Cursor):
    """A place in a list of tokens, and what its neighbours say about it. Raises Refused."""

    __slots__ = ()

    def known(self, name: str) -> bool:
        """Whether a name is one of the language, or the index of a sum around this place."""
        return name in self.names or name in self.binding

    def count(self, nodes: int) -> None:
        """So many more nodes; not more than a tree may have."""
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise too_long(self.tokens[self.index])

    def close(self, opening: Token) -> None:
        """Goes on behind the bracket that belongs to this one, which has to stand here."""
        if self.kind != CLOSING[opening.kind]:
            if self.kind == "end":
                raise self.refused("unclosed:bracket", opening, CLOSING[opening.kind])
            raise self.unexpected()
        self.advance()

    def check_division(self) -> None:
        """``1/2x`` without a space could be 1/(2x)."""
        token = self.tokens[self.index]
        if token.tight and token.kind in ("name", "probability") and self.tokens[self.index - 1].kind not in (")", "}"):
            raise self.refused("ambiguous-division", token, "(1/2)*x")

    def check_juxtaposition(self) -> None:
        """Two numbers side by side are never a product."""
        before, token = self.tokens[self.index - 1], self.tokens[self.index]
        if token.kind == "number":
            if before.kind == "name" and not token.tight:
                raise self.refused("missing-operator:subscript", token, f"_{token.value.value}")
            raise self.unexpected()
        if token.kind == "frac" and before.kind == "number" and self.is_numeric_fraction():
            raise self.refused("mixed-number", token, "*")

    def check_letters(self, below: bool = False) -> None:
        """Letters run together where only one factor is expected: ``1/xy``, ``e^xy``, ``√xy``, ``\\frac xy``."""
        place = self.index
        while self.tokens[place].kind in ("-", "+"):
            place += 1
        token = self.tokens[place]
        if token.kind == "name" and run_together(token, self.language, self.binding):
            together = f"({'*'.join(token.value)})"
            if below:
                raise self.refused("ambiguous-division", token, together)
            raise self.refused("ambiguous-argument:letters", token, together)

    def is_numeric_fraction(self) -> bool:
        """Whether the fraction that begins here is one of two numbers, as ``\\frac12`` and ``½`` are."""
        if self.tokens[self.index].value is not None:
            return True
        kinds = [token.kind for token in self.tokens[self.index + 1 : self.index + 7] if token.kind not in ("{", "}")]
        return kinds[:2] == ["number", "number"]

    def log_base(self, token: Token, name: str, index: str) -> Expression | None:
        """The base of a logarithm by its name and the index glued to it, None for the natural one."""
        if name != "log":
            if index:
                raise self.refused("unknown-name:base", token, f"log_{index}", name=name, base=index)
            return LOGARITHMS[name]
        if not index:
            return {0: None, 2: TWO, 10: TEN}[self.language.log_base]
        if index.isascii() and index.isdigit():
            self.check_decimals(token, index)
            if len(index) > 9:
                raise self.refused("too-large:base", token)
            return Number(Fraction(int(index)))
        if index[0].isascii() and index[0].isdigit():  # 2n, 1e9: no name begins so
            raise self.refused("ambiguous-argument:base", token, f"log_{{({index})}}", base=index)
        return (
            None
            if index == "e" and not self.known("e")
            else named(msgspec.structs.replace(token, kind="name", value=index), self.language, self.binding)
        )

    def check_decimals(self, token: Token, index: str) -> None:
        """``log2.5`` is log(2.5), or the logarithm of .5 to base 2."""
        following = self.tokens[self.index]
        if following.kind == "number" and following.tight:
            decimal = to_text(following.value)
            rest = decimal.removeprefix("0") if "." in decimal else decimal
            raise self.refused(
                "ambiguous-argument:digits",
                following,
                base=f"log_{index}({decimal})",
                number=f"log({index}{rest})",
            )

    def is_doubtful(self, following: Token, before: Expression) -> bool:
        """Whether nobody could say if what follows still belongs to the function. before: the factor before it."""
        if self.kind == "/":
            return True
        if self.kind == "*":
            return following.kind in ("number", "frac", "-", "+") or isinstance(before, Number)
        return self.kind in ("(", "[") and isinstance(before, Number)

    def whole_fraction(self, top: Expression) -> bool:
        """Whether a number that was read is the top of a fraction of two whole numbers, such as 1/2."""
        after = self.tokens[self.index + 1] if self.kind == "/" else None
        return (
            after is not None
            and isinstance(top, Number)
            and after.kind == "number"
            and top.value.denominator == after.value.value.denominator == 1
        )
