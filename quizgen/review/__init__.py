"""People in the loop: what grading leaves open, as a list that is decided once for all who meant the same.

`listing` makes the list, `tables` and `page` show it, `agreeing` compares what two markers decided.
"""

from quizgen.review.agreeing import Agreement, agree
from quizgen.review.listing import OpenAnswer, open_answers
from quizgen.review.page import review_page
from quizgen.review.tables import review_table

__all__ = ["Agreement", "OpenAnswer", "agree", "open_answers", "review_page", "review_table"]
