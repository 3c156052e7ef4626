"""Makes quizzes about training objectives: templates in, items, archives and exports out."""
