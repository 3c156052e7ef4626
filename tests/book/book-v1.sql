CREATE TABLE book_meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE book_quiz (id INTEGER NOT NULL PRIMARY KEY, digest TEXT NOT NULL UNIQUE, title TEXT NOT NULL);
CREATE TABLE book_attempt (quiz INTEGER NOT NULL, person TEXT NOT NULL, item TEXT NOT NULL, number INTEGER NOT NULL, slot TEXT NOT NULL, submitted_at TEXT NOT NULL, recorded_at TEXT NOT NULL, PRIMARY KEY (quiz, person, item, number), FOREIGN KEY (quiz) REFERENCES book_quiz (id));
CREATE TABLE book_grade (quiz INTEGER NOT NULL, person TEXT NOT NULL, item TEXT NOT NULL, number INTEGER NOT NULL, seq INTEGER NOT NULL, verdict TEXT NOT NULL, score TEXT, note TEXT NOT NULL, reading TEXT NOT NULL, misconceptions TEXT NOT NULL, parts TEXT NOT NULL, reason TEXT NOT NULL, graded_at TEXT NOT NULL, PRIMARY KEY (quiz, person, item, number, seq), FOREIGN KEY (quiz, person, item, number) REFERENCES book_attempt (quiz, person, item, number));
INSERT INTO book_meta (name, value) VALUES ('version', '1');
INSERT INTO book_quiz (id, digest, title) VALUES (1, 'digest-of-the-quiz', 'Midterm');
INSERT INTO book_attempt VALUES (1, '5feceb66ffc86f38d952786c6d696c79', 'item-0', 1, 'slot-0', '2026-11-02', '2026-11-02T10:00:00Z');
INSERT INTO book_grade VALUES (1, '5feceb66ffc86f38d952786c6d696c79', 'item-0', 1, 1, 'partial', '1/4', 'note:old', 'log p_0 · 名前', '[["flip-sign"]]', '', 'exam', '2026-11-02T10:00:00Z');
INSERT INTO book_grade VALUES (1, '5feceb66ffc86f38d952786c6d696c79', 'item-0', 1, 2, 'partial', '1/4', 'note:a', 'log p_0 · 0', '[["flip-sign"]]', '', 'mended', '2026-11-03T10:00:00Z');
