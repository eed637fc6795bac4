"""The command line: shapes that others read, exit codes, and the same numbers as the library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kpi import cli, compare, periods
from kpi.definitions import Definitions
from kpi.facts import build_facts
from kpi.ingest import import_files

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "sample_data" / "files"
TICKETS, SURVEYS, CALLS = (str(FILES / f"{name}.csv") for name in ("tickets", "surveys", "calls"))
BERLIN = ["--set", "timezone=Europe/Berlin"]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any, str]:
    """Exit code, printed JSON (None when nothing was printed), and what went to the error stream."""
    code = cli.main(list(words))
    out, err = capsys.readouterr()
    return code, json.loads(out) if out.strip().startswith("{") else None, err


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The newest 4,000 records of the sample's tickets."""
    path = tmp_path_factory.mktemp("small") / "tickets.csv"
    lines = Path(TICKETS).read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], *lines[-4000:]]) + "\n", encoding="utf-8")
    return str(path)


def test_inspect_gives_the_exact_account(capsys: pytest.CaptureFixture[str], small: str) -> None:
    code, plain, _ = run(capsys, "inspect", small)
    assert code == 0
    (file,) = plain["files"]
    keys = {"name", "source", "confidence", "rows_read", "rows_kept", "rejected", "findings", "mapping"}
    assert keys | {"settings", "questions"} <= set(file)
    assert file["name"] == "tickets.csv"
    assert file["source"] == "zendesk_csv_export"
    assert file["rows_read"] == 4000
    assert file["rows_read"] == file["rows_kept"] + sum(r["count"] for r in file["rejected"])
    assert all(
        {"reason", "count", "records"} <= set(r) and r["count"] == len(r["records"]) for r in file["rejected"]
    )
    assert all({"code", "column", "count", "examples"} <= set(f) for f in file["findings"])
    assert file["mapping"]["Created at"] == "tickets.created_at"
    assert [q["id"] for q in file["questions"]] == ["timezone"]
    assert {"id", "about", "default", "choices"} <= set(file["questions"][0])
    assert plain["tables"]["tickets"] == file["rows_kept"]
    assert {"tickets", "surveys", "calls", "agents"} <= set(plain["tables"])


def test_answers_are_used_and_the_rest_is_listed_as_assumed(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"timezone": "Europe/Berlin"}))
    _, told, _ = run(capsys, "inspect", small, "--answers", str(answers))
    _, untold, _ = run(capsys, "inspect", small)
    assert (told["files"][0]["settings"]["timezone"], told["files"][0]["assumed"]) == ("Europe/Berlin", [])
    assert untold["files"][0]["settings"]["timezone"] == "UTC"
    assert any("UTC" in text for text in untold["files"][0]["assumed"])


def test_days_are_cut_in_the_zone_that_was_answered(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"timezone": "Pacific/Auckland"}))
    ask = ["metrics", small, "--metric", "volume", "--by", "hour"]
    _, told, _ = run(capsys, *ask, "--answers", str(answers))
    _, chosen, _ = run(capsys, *ask, "--set", "timezone=Pacific/Auckland")
    _, other, _ = run(capsys, *ask, "--answers", str(answers), "--set", "timezone=UTC")
    assert told["metrics"] == chosen["metrics"]
    assert told["metrics"] != other["metrics"]


def test_metrics_have_the_stable_shape_and_the_library_s_numbers(
    capsys: pytest.CaptureFixture[str], small: str
) -> None:
    code, plain, _ = run(capsys, "metrics", small, "--period", "2026-09", *BERLIN)
    assert code == 0
    assert plain["period"]["start"] == "2026-09-01"
    assert plain["period"]["end"] == "2026-09-30"
    for metric in plain["metrics"]:
        assert {"key", "group", "value", "unit", "n", "low", "high", "parts", "reason"} <= set(metric)
        assert (metric["value"] is None) == (metric["reason"] is not None)
        if metric["low"] is not None and metric["value"] is not None:
            assert metric["low"] <= metric["value"] <= metric["high"]
    definitions = Definitions(timezone="Europe/Berlin")
    facts = build_facts(
        import_files([("tickets.csv", Path(small))], team_zone="Europe/Berlin").tables, definitions
    )
    period = periods.parse(
        "2026-09", first_day=facts.first_day, last_day=facts.last_day, definitions=definitions
    )
    expected = {r.metric.key: (r.estimate.value, r.estimate.n) for r in compare.measure(facts, period)}
    assert {m["key"]: (m["value"], m["n"]) for m in plain["metrics"]} == expected


def test_filters_and_splits(capsys: pytest.CaptureFixture[str], small: str) -> None:
    _, whole, _ = run(capsys, "metrics", small, "--metric", "volume", "--period", "2026-08", *BERLIN)
    _, split, _ = run(
        capsys, "metrics", small, "--metric", "volume", "--period", "2026-08", "--by", "channel", *BERLIN
    )
    by_channel = {m["group"]["channel"]: m["value"] for m in split["metrics"]}
    assert len(by_channel) >= 4
    assert sum(by_channel.values()) == whole["metrics"][0]["value"]
    two_channels = ["--where", "channel=chat", "--where", "channel=phone"]
    _, two, _ = run(
        capsys, "metrics", small, "--metric", "volume", "--period", "2026-08", *two_channels, *BERLIN
    )
    assert two["metrics"][0]["value"] == by_channel["chat"] + by_channel["phone"]


def test_compare_has_the_stable_shape(capsys: pytest.CaptureFixture[str]) -> None:
    code, plain, _ = run(capsys, "compare", TICKETS, SURVEYS, CALLS, "--period", "2026-Q3", *BERLIN)
    assert code == 0
    assert (plain["now"]["start"], plain["before"]["start"]) == ("2026-07-01", "2026-04-01")
    verdicts = set()
    for row in plain["comparisons"]:
        assert {"key", "group", "now", "before", "difference", "verdict"} <= set(row)
        assert {"value", "n", "low", "high"} <= set(row["now"])
        verdicts.add(row["verdict"])
        if row["difference"] is not None:
            d = row["difference"]
            assert {"value", "low", "high", "p", "p_adjusted", "method"} <= set(d)
            assert d["low"] is None or d["low"] <= d["value"] <= d["high"]
            assert d["p"] is None or 0 < d["p"] <= d["p_adjusted"] <= 1
        if row["verdict"] in ("better", "worse"):
            assert row["difference"]["p_adjusted"] < 0.05
    assert verdicts <= {"better", "worse", "changed", "unclear", "too few"}


@pytest.mark.parametrize(
    ("baseline", "start"), [("last-year", "2025-09-01"), ("2026-05-01..2026-05-30", "2026-05-01")]
)
def test_other_baselines(capsys: pytest.CaptureFixture[str], baseline: str, start: str) -> None:
    code, plain, _ = run(capsys, "compare", SURVEYS, "--period", "2026-09", "--baseline", baseline, *BERLIN)
    assert (code, plain["before"]["start"]) == (0, start)


def test_export_writes_one_row_per_ticket(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    kept = run(capsys, "inspect", small)[1]["files"][0]["rows_kept"]
    for name in ("tickets.csv", "tickets.parquet"):
        code, plain, _ = run(capsys, "export", small, "--table", "tickets", "--out", str(tmp_path / name))
        assert (code, plain["rows"]) == (0, kept)
    tickets = pd.read_csv(tmp_path / "tickets.csv", dtype=str)
    assert len(tickets) == kept == len(pd.read_parquet(tmp_path / "tickets.parquet"))
    assert tickets["ticket_id"].is_unique
    code, _, _ = run(capsys, "export", small, "--table", "facts", "--out", str(tmp_path / "facts.csv"))
    assert code == 0
    facts = pd.read_csv(tmp_path / "facts.csv")
    assert set(facts["grain"]) == {"tickets"}
    assert 0.95 * kept < len(facts) <= kept


def test_a_masked_export_holds_no_name(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    run(capsys, "export", small, "--out", str(tmp_path / "open.csv"))
    run(capsys, "export", small, "--mask", "--out", str(tmp_path / "masked.csv"))
    names = set(pd.read_csv(tmp_path / "open.csv")["requester_name"].dropna())
    text = (tmp_path / "masked.csv").read_text(encoding="utf-8")
    assert len(names) > 100
    assert not [name for name in names if name in text]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["metrics", "{file}", "--by", "chanel"], "channel"),
        (["metrics", "{file}", "--period", "sometime"], "2026-Q3"),
        (["metrics", "{file}", "--set", "csat=1"], "unknown setting 'csat'"),
        (["metrics", "{file}", "--where", "channel"], "FIELD=VALUE"),
        (["metrics", "{file}", "--metric", "cast"], "csat"),
        (["metrics", "absent.csv"], "no such file: absent.csv"),
        (["compare", "{file}", "--period", "all"], "name a period"),
        (["export", "{file}", "--table", "surveys_", "--out", "x.csv"], "invalid choice"),
        (["export", "{file}", "--out", "x.doc"], ".csv, .parquet or .xlsx"),
        ([], "COMMAND"),
    ],
)
def test_usage_errors_exit_with_2_and_say_what_to_do(
    capsys: pytest.CaptureFixture[str], small: str, words: list[str], said: str
) -> None:
    code, plain, err = run(capsys, *(word.replace("{file}", small) for word in words))
    assert (code, plain) == (2, None)
    assert said in err


def test_refused_data_exit_with_3_and_all_reasons(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    empty, picture = tmp_path / "empty.csv", tmp_path / "picture.csv"
    empty.write_bytes(b"")
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    code, _, err = run(capsys, "metrics", str(empty), str(picture))
    assert code == 3
    assert "empty.csv" in err
    assert "picture.csv" in err
    assert "Traceback" not in err


def test_our_own_fault_exits_with_1(
    capsys: pytest.CaptureFixture[str], small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken inside")

    monkeypatch.setattr(cli, "build_facts", fail)
    code, _, err = run(capsys, "metrics", small)
    assert code == 1
    assert "our fault" in err
    assert "Traceback" not in err


def test_a_good_file_survives_a_bad_one(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"")
    code, plain, _ = run(capsys, "inspect", small, str(bad))
    assert code == 0
    assert [f["rows_kept"] > 0 for f in plain["files"]] == [True, False]


def test_tables_for_people(capsys: pytest.CaptureFixture[str], small: str) -> None:
    for words in (["inspect"], ["metrics", "--period", "2026-09"], ["compare", "--period", "2026-09"]):
        assert cli.main([words[0], small, *words[1:], "--format", "table", *BERLIN]) == 0
        out = capsys.readouterr().out
        assert "nan" not in out.lower().split()
        assert len(out.splitlines()) > 5


def test_the_module_runs_as_a_program() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "kpi", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0
    assert all(command in shown.stdout for command in ("inspect", "export", "metrics", "compare"))
