"""The class report: what the answers say of the learners, and what they say of the questions.

report = class_report(archive, results, policy="last")
report_html(report), report_json(report)
"""

from quizgen.class_report.analysis import class_report, misconception_titles
from quizgen.class_report.page import report_html
from quizgen.class_report.record import ClassReport, report_json

__all__ = ["ClassReport", "class_report", "misconception_titles", "report_html", "report_json"]
