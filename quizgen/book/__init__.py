"""The book: every attempt that was graded, what it earned, and every later grade beside the earlier ones.

It lies in SQLite or PostgreSQL and only grows, but for people who ask to be forgotten and for what is older than its
retention says. People are pseudonyms in it; their names lie in a key file of their own (`quizgen.book.keyfile`).
Whatever is written twice is there once: an attempt is named by its quiz, person, item and number.

sqlalchemy is imported here and nowhere else.
"""
