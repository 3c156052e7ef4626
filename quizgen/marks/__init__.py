"""What comes of a file of responses: marks, details, a class result, each as a file.

results = grade_archive(responses, archive)
write_marks(folder, archive, results, marks_of(archive, results))

`counting` makes the marks, `tables` and `details` are the files of them that grow with the class, and `writing` puts
all into a folder.
"""

from quizgen.marks.counting import (
    LearnerMarks,
    Marks,
    counted_points,
    decimal_points,
    grade_archive,
    marks_of,
    percent,
)
from quizgen.marks.details import DETAILS, DETAILS_TABLE, GradedAnswer, earlier_results
from quizgen.marks.writing import MARKS, REPORT, REPORT_DATA, SUMMARY, write_marks

__all__ = [
    "DETAILS",
    "DETAILS_TABLE",
    "MARKS",
    "REPORT",
    "REPORT_DATA",
    "SUMMARY",
    "GradedAnswer",
    "LearnerMarks",
    "Marks",
    "counted_points",
    "decimal_points",
    "earlier_results",
    "grade_archive",
    "marks_of",
    "percent",
    "write_marks",
]
