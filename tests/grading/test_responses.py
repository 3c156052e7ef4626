"""Response files: what is read, and what is said of what cannot be."""

import json

import pytest

from grading import read_responses
from grading.responses import UnreadableResponses, reader_of
from grading.responses.csv_table import __name__ as csv_module


def read(tmp_path, data, name="responses"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    problems = []
    rows = list(read_responses(path, problems.append))
    return rows, [(p.line, p.message) for p in problems]


def short(rows):
    return [(r.learner, r.item, r.response, r.attempt, r.submitted_at, r.line) for r in rows]


def test_csv_in_any_order_with_further_columns_bom_and_crlf(tmp_path):
    data = '\ufeffitem,score,Learner,response,attempt\r\nq1,5,ana,"a, b",2\r\nq2,5, ben ,"two\r\nlines",\r\n'
    rows, problems = read(tmp_path, data)
    assert problems == []
    assert short(rows) == [("ana", "q1", "a, b", 2, "", 2), ("ben", "q2", "two\nlines", 1, "", 3)]


def test_json_in_a_cell_only_if_it_is_a_list_or_an_object(tmp_path):
    data = (
        'learner,item,response\na,q1,"[""x"", ""y""]"\na,q2,"{""l"": 1.50}"\na,q3,[CLS] the [MASK]\na,q4,1.50\na,q5,\n'
    )
    rows, problems = read(tmp_path, data)
    assert [r.response for r in rows] == [["x", "y"], {"l": "1.50"}, "[CLS] the [MASK]", "1.50", ""]
    assert problems == []


def test_json_lines(tmp_path):
    lines = [
        '{"learner":"ana","item":"q1","response":["a","b"],"attempt":2,"submitted_at":"2025-01-01T10:00"}',
        "",
        '{"learner":17,"item":"q2","response":0.3050000001}',
        '{"learner":"cem","item":"q3","response":true}',
        '{"learner":"dia","item":"q4","response":{"J1":-1.204,"better":null}}',
    ]
    rows, problems = read(tmp_path, "\n".join(lines))
    assert problems == []
    assert short(rows) == [
        ("ana", "q1", ["a", "b"], 2, "2025-01-01T10:00", 1),
        ("17", "q2", "0.3050000001", 1, "", 3),
        ("cem", "q3", "true", 1, "", 4),
        ("dia", "q4", {"J1": "-1.204", "better": None}, 1, "", 5),
    ]


PAGE = {
    "format": "quizgen-answers",
    "version": 1,
    "quiz": "week-3",
    "learner": "ana",
    "submitted_at": "2025-01-01",
    "answers": [{"item": "w3/1", "code": "Q-7K3F", "response": "a"}, {"code": "Q-2222", "response": {"J1": "1"}}],
}


@pytest.mark.parametrize("indent", [None, 2])
def test_the_answers_of_a_practice_page(tmp_path, indent):
    rows, problems = read(tmp_path, json.dumps(PAGE, indent=indent))
    assert problems == []
    assert [(r.learner, r.item, r.response, r.submitted_at) for r in rows] == [
        ("ana", "w3/1", "a", "2025-01-01"),
        ("ana", "Q-2222", {"J1": "1"}, "2025-01-01"),
    ]


def test_a_folder_of_downloads_with_one_that_is_broken(tmp_path):
    for name in ("ana", "ben"):
        (tmp_path / f"{name}.json").write_text(json.dumps({**PAGE, "learner": name}))
    (tmp_path / "cut.json").write_text(json.dumps(PAGE)[:200])
    problems = []
    rows = list(read_responses(tmp_path, problems.append))
    assert [r.learner for r in rows] == ["ana", "ana", "ben", "ben"]
    assert [p.file.endswith("cut.json") for p in problems] == [True]


def test_a_page_with_a_broken_answer_keeps_the_others(tmp_path):
    page = {**PAGE, "answers": [{"response": "a"}, 7, {"item": "q", "response": "b"}]}
    rows, problems = read(tmp_path, json.dumps(page))
    assert [r.item for r in rows] == ["q"]
    assert [message for _, message in problems] == ["no item is named", "answer 2 has no response"]


HEAD = "learner,item,response\n"
TRIES = "learner,item,response,attempt\n"
FIRST, LAST = '{"learner":"a","item":"q1","response":1}\n', '\n{"learner":"c","item":"q1","response":1}'
NO_NUMBER = "is not a whole number from 1"


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (HEAD.encode() + b"a,q1,x\nb,q1,\xff\xfe\nc,q1,x\n", 3, "the text is not UTF-8"),
        (HEAD.encode() + b"a,q1,x\nb,q1,\x00\nc,q1,x\n", 3, "the row holds a NUL byte"),
        (HEAD + "a,q1,x\nb,q1\nc,q1,x\n", 3, "the row has 2 cells, fewer than the header"),
        (HEAD + "a,q1,x\n,q1,x\nc,q1,x\n", 3, "no learner is named"),
        (HEAD + "a,q1,x\nb, ,x\nc,q1,x\n", 3, "no item is named"),
        (HEAD + 'a,q1,x\nb,q1,"x"y\nc,q1,x\n', 3, "the row is not CSV (',' expected after '\"')"),
        (HEAD + "a,q1,x\nb,q1," + "x" * 1_000_001 + "\nc,q1,x\n", 3, "the row is longer than 1,000,000 bytes"),
        (HEAD + 'a,q1,x\nc,q1,x\nb,q1,"x\n', 4, "a quote that opens in this row is never closed"),
        (TRIES + "a,q1,x,1\nb,q1,x,first\nc,q1,x,\n", 3, f"the attempt “first” {NO_NUMBER}"),
        (TRIES + "a,q1,x,1\nb,q1,x,0\nc,q1,x,\n", 3, f"the attempt “0” {NO_NUMBER}"),
        (FIRST + '{"learner":"b"' + LAST, 2, "this is not JSON: Input data was truncated"),
        (FIRST + "[1]" + LAST, 2, "the line is not a JSON object"),
        (FIRST + '{"learner":"b","item":"q1"}' + LAST, 2, "the field “response” is missing"),
        (FIRST + '{"learner":"b","item":{},"response":1}' + LAST, 2, "no item is named"),
        (FIRST + '{"learner":"b\\u0000","item":"q","response":1}' + LAST, 2, "the row holds a NUL byte"),
        (FIRST + "[" * 100_000 + LAST, 2, "the JSON is nested too deeply"),
        (FIRST + '{"learner":"b","item":"q1","response":' + "1" * 6000 + "}" + LAST, 2, None),
    ],
)
def test_a_bad_row_is_reported_and_the_others_are_read(tmp_path, data, line, message):
    rows, problems = read(tmp_path, data)
    assert [row.learner for row in rows] == ["a", "c"]
    assert [place for place, _ in problems] == [line]
    assert message is None or problems[0][1] == message


def test_a_line_of_fifty_megabytes_is_skipped_in_little_memory(tmp_path):
    import tracemalloc

    path = tmp_path / "long.csv"
    with path.open("wb") as stream:
        stream.write(HEAD.encode() + b"a,q1,")
        for _ in range(50):
            stream.write(b"x" * 1_000_000)
        stream.write(b"\nb,q1,x\n")
    tracemalloc.start()
    problems = []
    rows = list(read_responses(path, problems.append))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [row.learner for row in rows] == ["b"]
    assert [(p.line, p.message) for p in problems] == [(2, "the row is longer than 1,000,000 bytes")]
    assert peak < 10_000_000


def test_an_open_quote_swallows_no_more_than_the_limit(tmp_path):
    rest = "".join(f"l{k},q1,x\n" for k in range(200_000))
    rows, problems = read(tmp_path, HEAD + 'a,q1,"open\n' + rest)
    assert [message for _, message in problems] == ["the row is longer than 1,000,000 bytes"]
    assert problems[0][0] == 2
    assert len(rows) > 50_000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"name,item,response\na,b,c\n", "the column “learner” is missing"),
        (b"learner,item,response,item\n", "the column “item” is there twice"),
        (b"\x00\x01\x02", "no header could be read"),
        ("learner,item,response\nana,q1,a\n".encode("utf-16-le"), "seems to be UTF-16 without a mark"),
        (b"\xd0\xcf\x11\xe0....", "the file is no text"),
        (b"PK\x03\x04....", "the file is no text"),
        (json.dumps({**PAGE, "version": 2}).encode(), "version “2”"),
        (json.dumps({**PAGE, "answers": None}).encode(), "no list of answers"),
    ],
)
def test_a_file_of_which_nothing_can_be_read(tmp_path, data, message):
    with pytest.raises(UnreadableResponses, match=message) as raised:
        read(tmp_path, data)
    assert raised.value.problem.remedy


def test_a_missing_file_and_an_empty_folder(tmp_path):
    with pytest.raises(UnreadableResponses, match="No such file"):
        list(read_responses(tmp_path / "none.csv"))
    with pytest.raises(UnreadableResponses, match="the folder is empty"):
        list(read_responses(tmp_path))


def test_without_a_collector_the_first_problem_is_raised(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "a,q1\n")
    with pytest.raises(UnreadableResponses, match=r"a\.csv:2: the row has 2 cells"):
        list(read_responses(path))


def test_a_table_of_nothing_known_is_taken_for_ours(tmp_path):
    path = tmp_path / "x"
    path.write_text(HEAD)
    assert reader_of(path).__name__ == csv_module
