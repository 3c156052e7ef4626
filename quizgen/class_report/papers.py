"""Which paper each learner had, by the questions that they answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grading.statistics.answers import Answers
from quizgen.model import Quiz

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def papers_of(quiz: Quiz, answers: Answers) -> tuple[NDArray[np.int32], tuple[str, ...], NDArray[np.bool_]]:
    """(number of each learner's paper, names of the papers, which slots they all have in common).

    Papers are the versions of a quiz, such as A and B. The answers say who had which, not the plan: -1 for a learner
    whose questions are those of no version, or of several.
    """
    import numpy as np

    form_of = dict(quiz.forms)
    items_of: dict[str, set[str]] = {}
    for sitting in quiz.sittings:
        if sitting.version and sitting.learner in form_of:
            items_of.setdefault(sitting.version, set()).update(form_of[sitting.learner])
    names = tuple(sorted(items_of))
    counted = answers.counts
    learner, item = answers.learner[counted], answers.item[counted]
    answered = np.bincount(learner, minlength=len(answers.learners))
    fits = np.zeros((len(names), len(answers.learners)), bool)
    for number, name in enumerate(names):
        has = np.array([one in items_of[name] for one in answers.items], bool)
        fits[number] = (np.bincount(learner[has[item]], minlength=len(answers.learners)) == answered) & (answered > 0)
    paper = np.full(len(answers.learners), -1, np.int32)
    if names:
        only = fits.sum(axis=0) == 1
        paper[only] = fits.argmax(axis=0)[only]
    common = np.array(
        [len({frozenset(items_of[name].intersection(place.items)) for name in names}) == 1 for place in answers.places],
        bool,
    )
    return paper, names, common
