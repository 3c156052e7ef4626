"""What is wrong with a response file, where, and what to do about it."""

from __future__ import annotations

import msgspec


class ResponseProblem(msgspec.Struct, frozen=True):
    """One row, or a whole file, that could not be graded.

    file: as it was named. line: where the row starts, from 1; 0 if the problem is the file's.
    """

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        """
        >>> print(ResponseProblem("a.csv", 3, "no learner is named", "fill in the column “learner”"))
        a.csv:3: no learner is named; fill in the column “learner”
        """
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}; {self.remedy}"


class UnreadableResponses(Exception):
    """A response file of which nothing can be graded; also any problem, if nobody collects them."""

    def __init__(self, problem: ResponseProblem) -> None:
        self.problem = problem
        super().__init__(str(problem))
