from dashboard.duty.document import canonical, digest, parse


def test_the_same_document_has_one_text_and_one_digest() -> None:
    one = canonical({"b": [1, {"d": "值班", "c": None}], "a": True})
    assert one == '{"a":true,"b":[1,{"c":null,"d":"值班"}]}'
    assert one == canonical({"a": True, "b": [1, {"c": None, "d": "值班"}]})
    assert digest(one) == digest(canonical(parse(one) or {}))
    assert len(digest("")) == 64


def test_what_is_no_object_is_no_document() -> None:
    assert [parse(text) for text in ("", "[]", "1", '{"a":', "[" * 100_000)] == [None] * 5
