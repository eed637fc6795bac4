"""JSON lines, arrays, answers of web services, objects back to back."""

from __future__ import annotations

import pytest

from kpi.ingest.reading import RawTable, Refused, read_tables


def read_json(text: str) -> RawTable:
    (table,) = read_tables("t.json", text.encode())
    assert table.facts.kind == "jsonl"
    return table


@pytest.mark.parametrize(
    "text",
    [
        '{"id": 1, "via": {"channel": "email"}}\n{"id": 2, "via": {"channel": "web"}}\n',
        '[{"id": 1, "via": {"channel": "email"}}, {"id": 2, "via": {"channel": "web"}}]',
        '{"id": 1, "via": {"channel": "email"}}{"id": 2, "via": {"channel": "web"}}',
        '{"count": 2, "next": null, "tickets": [{"id": 1, "via": {"channel": "email"}}, '
        '{"id": 2, "via": {"channel": "web"}}]}',
        '\ufeff[\n  {\n    "id": 1,\n    "via": {"channel": "email"}\n  },\n'
        '  {"id": 2, "via": {"channel": "web"}}\n]\n',
    ],
)
def test_shapes_of_json(text: str) -> None:
    table = read_json(text)
    assert table.headers == ("id", "via.channel")
    assert table.cells.to_numpy().tolist() == [["1", "email"], ["2", "web"]]


def test_values_keep_their_digits() -> None:
    table = read_json(
        '{"id": 12345678901234567890, "score": 4.50, "ok": true, "none": null, '
        '"tags": ["a", "b"], "list": [{"x": 1}], "e": {}}\n'
        '{"id": 2, "score": NaN, "ok": false, "tags": [], "list": ["a,b"]}\n'
    )
    first, second = table.cells.to_dict("records")
    assert first == {
        "id": "12345678901234567890", "score": "4.50", "ok": "true", "none": "", "tags": "a, b",
        "list": '[{"x": 1}]', "e": "",
    }  # fmt: skip
    assert second["ok"] == "false"
    assert second["list"] == '["a,b"]'


def test_a_broken_line_is_one_reject() -> None:
    table = read_json(
        '{"id": 1, "x": "a"}\n{"id": 2, "x": \n{"id": 3, "x": "c"}\nnot json\n{"id": 4, "x": "d"}\n'
    )
    assert table.cells["id"].tolist() == ["1", "3", "4"]
    assert [(reject.reason, reject.record) for reject in table.rejects] == [("R_JSON", 2), ("R_JSON", 4)]
    assert table.records.tolist() == [1, 3, 5]


def test_a_file_cut_off() -> None:
    table = read_json('[{"id": 1, "x": "a"}, {"id": 2, "x": "b"}, {"id": 3, "x": "')
    assert table.cells["id"].tolist() == ["1", "2"]
    assert [(reject.reason, reject.record) for reject in table.rejects] == [("R_TRUNCATED", 3)]
    assert [finding.code for finding in table.findings] == ["C_TRUNCATED"]


def test_deep_levels_become_json_text() -> None:
    table = read_json(
        '{"id": 1, "a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": 1}}}}}}}}}\n{"id": 2}\n'
    )
    assert table.headers == ("id", "a.b.c.d.e.f.g.h")
    assert table.cells["a.b.c.d.e.f.g.h"].tolist() == ['{"i": 1}', ""]


def test_names_that_meet_after_flattening_stay_apart() -> None:
    table = read_json('{"a.b": 1, "a": {"b": 2}, "c": 3}\n{"a.b": 4, "c": 5}\n')
    assert table.headers == ("a.b", "a.b (2)", "c")
    assert table.cells.iloc[0].tolist() == ["1", "2", "3"]


def test_a_repeated_key_is_kept_under_a_number() -> None:
    table = read_json('{"id": 1, "id": 7, "x": "a"}\n{"id": 2, "x": "b"}\n')
    assert table.headers == ("id", "id (2)", "x")
    assert table.cells.iloc[0].tolist() == ["1", "7", "a"]


def test_too_many_different_keys_are_refused() -> None:
    with pytest.raises(Refused, match="columns"):
        read_tables("t.json", "".join(f'{{"k{n}": 1}}\n' for n in range(2_100)).encode())


def test_text_that_only_begins_like_json_is_read_as_text() -> None:
    (table,) = read_tables("t.csv", b"[ID],[Name],[Score]\n1,a,5\n2,b,4\n")
    assert table.facts.kind == "csv"
    assert table.headers == ("[ID]", "[Name]", "[Score]")
