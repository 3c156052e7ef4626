"""Whose marks move, by how much and why, when responses are graded again: after an amendment or a decision.

found = regrade(archive, before, after, policy)
report(archive, found), moves_csv(found)
"""

from quizgen.regrade.comparing import Move, Reason, Regrade, State, Total, regrade
from quizgen.regrade.report import MOVES, REGRADE, moves_csv, report

__all__ = ["MOVES", "REGRADE", "Move", "Reason", "Regrade", "State", "Total", "moves_csv", "regrade", "report"]
