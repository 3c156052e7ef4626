"""Findings: what is wrong with a bank, a template or an input file, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import msgspec


class Severity(Enum):
    ERROR = "error"
    WARNING = "warning"


class Place(msgspec.Struct, frozen=True, order=True):
    """A place in a file; line and column count from 1, 0 if unknown."""

    file: str
    line: int = 0
    column: int = 0
    length: int = 1

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


class Finding(msgspec.Struct, frozen=True):
    """One thing for an author to mend.

    code: stable, such as ``Q104``. message: what is wrong with which value. remedy: what to do, imperative.
    source_line: the text of the line, for the caret.
    """

    place: Place
    code: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    source_line: str = ""

    def __str__(self) -> str:
        head = f"{self.place}: {self.code} {self.message}; {self.remedy}"
        if not (self.source_line and self.place.column):
            return head
        line = "".join(c if c.isprintable() else " " if c == "\t" else "\ufffd" for c in self.source_line)
        start = max(0, self.place.column - 1 - 60)
        caret = " " * (self.place.column - 1 - start) + "^" * max(1, min(self.place.length, 40))
        return f"{head}\n    {line[start : start + 120]}\n    {caret}"


class FindingsError(Exception):
    """Raised where work cannot go on; carries all findings of the phase, in the order of their places."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class Manual(msgspec.Struct, frozen=True):
    """What a code means, for `--help` and the documentation."""

    title: str
    text: str


CODES: dict[str, Manual] = {
    code: Manual(title, text)
    for code, title, text in (
        # Q0: the file
        ("Q001", "no such file", "The file or folder that was named does not exist."),
        ("Q002", "not readable", "It is a folder, a device, or may not be read."),
        ("Q003", "too large", "A file of a bank has at most 2 MB and 100,000 values."),
        ("Q004", "not UTF-8", "Every file of a bank is written in UTF-8."),
        (
            "Q005",
            "forbidden character",
            "Control characters cannot stand in a text. Backslashes in double quotes are escapes: use single quotes.",
        ),
        ("Q006", "alias", "Anchors and aliases (&a, *a) are not used in a bank: what is meant is written out."),
        ("Q007", "tag", "Tags such as !!python/object are refused; every value is text, a list or a mapping."),
        ("Q008", "duplicate key", "The same key stands twice in one mapping; one of them would be lost silently."),
        ("Q009", "name expected", "The name of a value must be plain text. A text that begins with {{ needs quotes."),
        ("Q010", "nested too deeply", "Lists and mappings nest at most 40 deep."),
        ("Q011", "empty file", "The file holds nothing but comments."),
        ("Q012", "not YAML", "The file breaks the rules of YAML at this place; most often quotes are missing."),
        ("Q013", "tab", "YAML is indented by spaces, never by tabs."),
        # Q1: the shape of a template
        ("Q100", "not a template", "A template is a mapping that begins with `template: name`."),
        ("Q101", "unknown key", "The key does not exist here; a similar one is proposed if there is one."),
        ("Q102", "missing key", "Something that a template of this kind needs is not there."),
        ("Q103", "wrong shape", "A text, a list or a mapping stands where another of the three is needed."),
        ("Q104", "unknown kind", "The kind of a template is one of the eleven kinds."),
        ("Q105", "not a number", "A number is needed, or the number is out of its limits."),
        ("Q106", "not one of the words", "Only certain words have a meaning here."),
        ("Q107", "draw not understood", "A draw is a range 2..9, a list, or one of the named forms."),
        (
            "Q108",
            "list not understood",
            "`a, b .. c` continues the step from a to b until c, which it must hit exactly.",
        ),
        ("Q109", "weights", "The weights of the parts add up to 1."),
        ("Q110", "not a name", "Names of templates and answers are small letters, digits and hyphens."),
        ("Q111", "translation does not fit", "A translation has the shape of the template and holds words only."),
        ("Q112", "gaps and parts", "Each gap in the stem has a part of the same name, and each part a gap."),
        ("Q113", "fixed draw does not fit", "A fixed draw gives values that the draws of the template could take."),
        ("Q114", "texts and values", "Texts that depend on what is drawn have one text for each value, and no other."),
        # Q2: text with holes
        (
            "Q200",
            "hole not understood",
            "A hole is {{ name }}, {{ name.attribute }} or {{ name | filter(3) }}, nothing else.",
        ),
        ("Q201", "unknown name", "The hole names nothing that the template draws or computes."),
        ("Q202", "unknown filter", "The filter does not exist."),
        ("Q203", "unbalanced $", "A formula begins and ends with $; a dollar sign in prose is written \\$."),
        ("Q204", "formula not understood", "The formula between the dollar signs is not LaTeX that can be shown."),
        ("Q205", "HTML", "HTML is shown as it is written, not interpreted: use Markdown."),
        ("Q206", "Markdown not supported", "Headings, images, links and quotations are not part of a question."),
        ("Q207", "hole in the wrong place", "This value needs a paragraph of its own."),
        # Q3: formulas of authors
        ("Q300", "formula not understood", "The formula is not in the language of formulas."),
        ("Q301", "unknown name in a formula", "The formula names nothing that the template draws or computes."),
        ("Q302", "formula too large", "Numbers and powers have limits, so that nothing can hang."),
        (
            "Q303",
            "no value",
            "The formula has no value for some draws: a division by zero, the logarithm of a negative number.",
        ),
        # Q4: the meaning of a template in its bank
        ("Q400", "unknown misconception", "The id is not in the catalogue of misconceptions."),
        ("Q401", "misconception without words", "The bank has no title, hint and feedback for it in its language."),
        ("Q402", "unknown concept", "The concept is not in the bank's list of concepts."),
        ("Q403", "unknown sentence", "The sentence is not in the corpus of the bank."),
        ("Q404", "no solution", "A worked solution helps learners after closing."),
        ("Q405", "translation missing", "A language of the bank lacks these words."),
        ("Q406", "duplicate template", "Two templates have the same id."),
        ("Q407", "radical names no draw", "A radical is the path of a draw, such as masks.count."),
        ("Q408", "constraint cannot be met", "No draw fulfils `where`."),
        ("Q409", "option equals the key", "A wrong option is printed exactly like the key or another option."),
        ("Q410", "example fails", "The response of an example is not graded as the example says."),
        ("Q411", "bank.yaml", "The description of the bank is incomplete."),
        ("Q412", "no such template", "The bank has no template with this id; the nearest one is proposed."),
        ("Q413", "no templates", "The folder holds no file with templates."),
        ("Q414", "no such language", "The bank is not written in this language; `bank.yaml` names those that it has."),
        ("Q415", "key in another form", "The key is itself not written in the form that it asks for."),
        (
            "Q416",
            "relation never proven",
            "The key is too unusual for this relation: every answer that might have it would go to a person.",
        ),
        (
            "Q417",
            "credits disagree",
            "A wrong answer has a relation for which the key gives another credit. The wrong answer's own counts.",
        ),
        ("Q418", "concepts", "The concepts of the bank are not understood, or stand in a circle."),
        ("Q420", "words twice", "A misconception has words in two places of a bank; one of them would be lost."),
        ("Q421", "another concept", "The concept beside the words is not the one that the misconception is about."),
        ("Q422", "hint gives away", "A hint is a question in words: no formula, no number, no answer."),
        ("Q428", "name in several banks", "More than one bank has a template of this name; write `bank/template`."),
        ("Q429", "banks of one name", "Two banks that are used together have the same id."),
        ("Q430", "key too long", "The key is by far the longest option."),
        (
            "Q431",
            "place of the key",
            "Over the whole bank the key stands at one place, or is the longest option, too often.",
        ),
        ("Q432", "form of the key", "The key alone begins, ends or is written in another way than the other options."),
        ("Q433", "convergence", "The key is the option that shares most with the others."),
        ("Q434", "combined options", "An option speaks of other options."),
        ("Q435", "negative question", "The question asks for what is not so, and the word is easily overlooked."),
        ("Q436", "absolute words", "Words such as always and never stand in wrong options only."),
        ("Q437", "article", "The article at the end of the stem goes with the key alone."),
        ("Q438", "middle number", "The key lies between the other numbers in every variant."),
        ("Q439", "equal options", "Two options mean the same."),
        ("Q440", "printed alike", "Two options look alike in a format without formulas."),
        ("Q441", "unbalanced statements", "A pool or a group has too many statements of one kind."),
        ("Q442", "echo of the stem", "A long word of the stem comes back in the key alone."),
        ("Q443", "hint gives away", "A hint contains the answer, a formula or a number."),
        ("Q444", "few variants", "The template has fewer than ten variants that read differently."),
        ("Q445", "no hints", "Hints help learners while they try."),
        ("Q446", "unused misconception", "No template of the bank offers or diagnoses it."),
        (
            "Q447",
            "unequal variants",
            "Variants differ in the number of options or parts although the radicals are fixed.",
        ),
        ("Q448", "no spoken form", "A formula has no words for those who listen."),
        (
            "Q449",
            "variant graded otherwise",
            "Of many variants one does not grade as it declares: its key is not right, or a known wrong answer earns "
            "something else or has another diagnosis.",
        ),
        (
            "Q450",
            "printed too coarsely",
            "Rounding takes away what the question needs: two different numbers are printed alike, the key as the "
            "solution prints it is not graded right or a wrong answer rounded so earns something else, or whoever "
            "computes with the numbers as they are printed gets another answer.",
        ),
        # Q6: drawing variants
        ("Q601", "nothing to draw from", "The draws of the template leave no sentence, mask or number at all."),
        (
            "Q602",
            "draw does not fit",
            "The question cannot be made from what is drawn; the message says what is missing.",
        ),
        ("Q603", "attempts used up", "No attempt gave a sound question; the reasons are counted."),
        ("Q604", "fixed draw gives no question", "The named draw does not exist or does not give a sound question."),
        # Q7: quizzes
        ("Q701", "roster", "The list of learners has a row that cannot be used."),
        ("Q710", "empty bank", "There is no template to build a quiz from."),
        ("Q711", "empty slot", "A slot has no variants."),
        ("Q712", "few variants", "The template has fewer distinct variants than were asked for."),
        (
            "Q713",
            "not only in exams",
            "The template has too few variants to keep some for exams: an exam shows what practice shows.",
        ),
        ("Q714", "shown twice", "There are too few sentences or statements to show each once on a paper."),
        ("Q715", "no keys", "An archive that is to be avoided has no keys, so that it cannot be compared with."),
        ("Q716", "model not asked", "No question of the quiz shows probabilities that a model could give."),
        (
            "Q717",
            "words unknown to the model",
            "A word that is not one entry of the model's vocabulary is never masked where its probabilities are shown.",
        ),
        ("Q718", "probability at the edge", "The model is so sure that the probability would be printed as 0 or 1."),
        ("Q720", "blueprint not understood", "The blueprint has a key or value that has no meaning here."),
        ("Q730", "rules not understood", "The rules of a course have a key or value that has no meaning here."),
        ("Q721", "unknown template", "The blueprint names a template that the bank does not have."),
        ("Q722", "slots cannot be filled", "The bank has too few templates of the kind that is asked for."),
        ("Q723", "unknown radicals", "The template does not have the radicals that the slot asks for."),
        ("Q724", "unequal radicals", "Templates of one slot are of different difficulty."),
        ("Q725", "one gives the other away", "Two slots have templates that share a word under `one_of`."),
        ("Q726", "too little time", "The questions of a section, or of the quiz, take longer than there is time."),
        # Q8: importing
        ("Q801", "unknown format", "What can be imported is Moodle XML, GIFT, and QTI 2.1 or 3.0, also as a package."),
        ("Q802", "too large", "A file to import, and all that is in a package, has at most 20 MB."),
        ("Q803", "not XML", "The file breaks the rules of XML at this place."),
        ("Q804", "document type", "Document types can define entities, which are not read: they can be endless."),
        (
            "Q805",
            "package not safe",
            "A package is a zip of files with plain names, which are not huge when unpacked.",
        ),
        ("Q806", "no questions", "The file is of a known format, and there is no question in it."),
        ("Q810", "question not carried", "A question of a kind that is none of ours."),
        ("Q811", "in part not carried", "The question was imported, but for what the message names."),
        ("Q812", "question broken", "The question lacks what it needs, or no template can be made of it."),
        ("Q820", "is there already", "Importing writes new files only and never replaces one."),
        # S: the sentences of a bank
        ("S001", "sentence file", "A file of sentences maps names to a text, a topic, a source and the words to mask."),
        ("S002", "unknown field", "A sentence has only the fields text, topic, source and mask."),
        ("S003", "word not named", "A line under `mask` names position, word and tag: `2 cat NOUN: dog child kitten`."),
        ("S101", "word not there", "The word stands at another position of the sentence, or not in it at all."),
        ("S102", "number of fillers", "Each word has three or four different words that would fit in its place."),
        ("S103", "filler stands there", "A filler is neither the word itself nor another word of the sentence."),
        (
            "S104",
            "article",
            "A filler after a or an begins with the same kind of sound, or the article tells the word.",
        ),
        ("S105", "capitals", "Word and fillers are written alike, or the capitals tell the word."),
        ("S106", "not a plain word", "Words of sentences have no punctuation and no symbols: one word is one token."),
        ("S107", "name taken", "Two sentences have the same name."),
        ("S108", "word named twice", "Two lines under `mask` name the same position."),
        ("S109", "unknown tag", "The tag is one of NOUN, VERB, ADJ, ADV, NUM and AUX."),
    )
}
