"""What a learner gets back: their answers as they were read, the marks, and as much help as the course gives.

`gathering` says what stands in it, `page` and `text` write it.
"""

from quizgen.learner_feedback.gathering import SHOWN, LearnerFeedback, Show, feedback_of_class
from quizgen.learner_feedback.page import feedback_page
from quizgen.learner_feedback.text import feedback_text

__all__ = ["SHOWN", "LearnerFeedback", "Show", "feedback_of_class", "feedback_page", "feedback_text"]
