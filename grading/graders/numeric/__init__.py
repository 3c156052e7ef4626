"""Numbers: decimals, fractions and formulas, exact at the boundary of every tolerance.

The order of decision: the key's tolerance, then the outer bands (widest credit first) and what is declared for another
number of digits, then known wrong values. A wrong value is recognised within the key's own tolerance of it. If a number
fits two different wrong values, nothing is diagnosed, and a credit is given only if both declare the same one.

Units: a number without a unit is taken to be in the unit that was asked for. A number that names the other unit
is never right, whatever it is: the unit is part of the answer. If it is the right quantity all the same
(2.322 bits for 1.609 nats) the note is ``numeric:other-unit`` and it earns what the key declares for the bare
number 2.322, most often through the wrong value with the wrong base of the logarithm; else ``numeric:wrong-unit``.

The notes are stable. They say what happened and change no score:

| note ``numeric:…`` | what was given |
|---|---|
| equal, within-tolerance, rounded-right | a right number, by the kind of the tolerance |
| too-few-figures, too-many-figures, no-figures, wrong-last-digit | digits that were asked for: `grading.keys.Digits` |
| rounded-too-early, or the name of another band | a number in a band; without a band: the key rounded to fewer places |
| wrong-value, several-wrong-values | a known wrong value; one that fits two |
| right-value-wrong-base | the key with logarithms to another base: nats, bits or hartleys |
| other-unit, wrong-unit | the right quantity, or another one, in a unit that was not asked for |
| wrong-sign | the key with the other sign |
| percent-instead-of-fraction, fraction-instead-of-percent | a hundred times too much or too little |
| power-of-ten | the key with its decimal point elsewhere |
| wrong | anything else |
| undecided | a number that could not be compared with the key; a person decides |
"""

from grading.graders.numeric.foretold import canonical_responses
from grading.graders.numeric.marking import grade, grade_number
from grading.graders.numeric.scale import edges

__all__ = ["canonical_responses", "edges", "grade", "grade_number"]
