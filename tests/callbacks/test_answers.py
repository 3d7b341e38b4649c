import msgspec

from callbacks import answers


def test_json_is_written_once_and_kept_by_nobody() -> None:
    answer = answers.json({"why": "值班"}, 404)
    assert (answer.status_code, answer.mimetype) == (404, "application/json")
    assert msgspec.json.decode(answer.data) == {"why": "值班"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert answers.json(b'{"a":1}').data == b'{"a":1}'


def test_a_file_has_its_name_and_may_come_in_pieces() -> None:
    answer = answers.attachment(iter(["a,", "b"]), "text/csv", "cases.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cases.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert (answer.mimetype, answer.data) == ("text/csv", b"a,b")
