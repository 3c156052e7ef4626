"""What a class's graded answers say of the learners and of the questions.

Scores are whole numbers over one denominator, sums and squares of them are exact, and only the last step divides. Every
statistic names its source where it is computed. Nothing is told of fewer than five learners.
"""
