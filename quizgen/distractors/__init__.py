"""Wrong answers with proof: kept only when proven different from the key and from each other.

Formulas are compared by the judge, and as printed; numbers by the collision guard. What the judge cannot decide is no
distractor. A proof holds for every sentence with the same pattern of atoms, so it is made once a pattern. When too few
survive, the reasons are counted and the attempt is given up.
"""

from quizgen.distractors.formulas import FormulaOption, balanced_formulas, free_formulas
from quizgen.distractors.nameless import Nameless, without_words
from quizgen.distractors.numbers import guard_numbers, known_number
from quizgen.distractors.options import Asked, OptionShape, option_shape
from quizgen.distractors.proofs import PROOFS, ProofBook, TooFewError
from quizgen.distractors.symbols import symbol_rival
from quizgen.distractors.worked import WorkedNumbers, worked_numbers

__all__ = [
    "PROOFS",
    "Asked",
    "FormulaOption",
    "Nameless",
    "OptionShape",
    "ProofBook",
    "TooFewError",
    "WorkedNumbers",
    "balanced_formulas",
    "free_formulas",
    "guard_numbers",
    "known_number",
    "option_shape",
    "symbol_rival",
    "without_words",
    "worked_numbers",
]
