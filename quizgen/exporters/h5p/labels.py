"""The words that H5P itself shows: on buttons and for screen readers. Without them it shows English ones."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from quizgen.exporters.rendering.wording import Wording

Names = tuple[tuple[str, str], ...]
"""(H5P's name of a label, the name of our words)."""


@lru_cache(maxsize=64)
def named(words: Wording, names: Names) -> dict[str, Any]:
    """Our words by H5P's names; not to be changed by who gets them."""
    return {label: words(f"h5p:{name}") for label, name in names}


CHOICE: Names = (
    ("checkAnswerButton", "check"),
    ("submitAnswerButton", "submit"),
    ("showSolutionButton", "solution"),
    ("tryAgainButton", "retry"),
    ("tipsLabel", "tip"),
    ("scoreBarLabel", "score"),
    ("correctAnswer", "correct"),
    ("wrongAnswer", "wrong"),
    ("shouldCheck", "should-check"),
    ("shouldNotCheck", "should-not-check"),
)
TRUE_FALSE: Names = (
    ("score", "score"),
    ("checkAnswer", "check"),
    ("submitAnswer", "submit"),
    ("showSolutionButton", "solution"),
    ("tryAgain", "retry"),
    ("wrongAnswerMessage", "wrong"),
    ("correctAnswerMessage", "correct"),
    ("scoreBarLabel", "score"),
)
BLANKS: Names = (
    ("showSolutions", "solution"),
    ("tryAgain", "retry"),
    ("checkAnswer", "check"),
    ("submitAnswer", "submit"),
    ("notFilledOut", "unfilled"),
    ("answeredCorrectly", "correct"),
    ("answeredIncorrectly", "wrong"),
    ("solutionLabel", "correct-answer"),
    ("inputLabel", "blank"),
    ("inputHasTipLabel", "tip"),
    ("tipLabel", "tip"),
    ("scoreBarLabel", "score"),
)
DRAG: Names = (
    ("checkAnswer", "check"),
    ("submitAnswer", "submit"),
    ("tryAgain", "retry"),
    ("showSolution", "solution"),
    ("tipLabel", "tip"),
    ("correctText", "correct"),
    ("incorrectText", "wrong"),
    ("correctAnswer", "correct-answer"),
    ("feedbackHeader", "feedback"),
    ("scoreBarLabel", "score"),
)
ESSAY: Names = (
    ("checkAnswer", "check"),
    ("submitAnswer", "submit"),
    ("tryAgain", "retry"),
    ("showSolution", "solution"),
    ("feedbackHeader", "feedback"),
    ("solutionTitle", "solution"),
    ("remainingChars", "remaining"),
    ("notEnoughChars", "too-short"),
    ("messageSave", "saved"),
)
SET: Names = (
    ("prevButton", "previous"),
    ("nextButton", "next"),
    ("finishButton", "finish"),
    ("submitButton", "submit"),
    ("textualProgress", "progress"),
    ("jumpToQuestion", "jump"),
    ("questionLabel", "question"),
    ("readSpeakerProgress", "read-progress"),
    ("unansweredText", "unanswered"),
    ("answeredText", "answered"),
    ("currentQuestionText", "current"),
)
END: Names = (
    ("noResultMessage", "finished"),
    ("message", "result"),
    ("scoreBarLabel", "score"),
    ("solutionButtonText", "solution"),
    ("retryButtonText", "retry"),
    ("finishButtonText", "finish"),
    ("submitButtonText", "submit"),
    ("skipButtonText", "skip"),
)
