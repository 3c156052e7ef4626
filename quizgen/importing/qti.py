from quizgen.importing.contract import Imported, Reader

READER = Reader("qti", "QTI", lambda b: False, lambda n, d: Imported())
PACKAGE = Reader("qti-package", "QTI package", lambda b: False, lambda n, d: Imported())
