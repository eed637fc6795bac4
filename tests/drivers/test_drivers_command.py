"""The command line: the shape that others read, and the same numbers as the library."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpi import cli
from kpi.definitions import Definitions
from kpi.drivers import explain
from kpi.facts import build_facts
from kpi.ingest import import_files
from kpi.model import Period

FILES = Path(__file__).resolve().parents[2] / "sample_data" / "files"
BERLIN = ["--set", "timezone=Europe/Berlin"]


@pytest.fixture(scope="module")
def tickets(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sample's tickets of the newest two quarters."""
    path = tmp_path_factory.mktemp("newest") / "tickets.csv"
    head, *lines = (FILES / "tickets.csv").read_text(encoding="utf-8").splitlines()
    place = next(csv.reader([head])).index("Created at")
    kept = [line for line in lines if next(csv.reader([line]))[place] >= "2026-03-30"]
    path.write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(["drivers", *words])
    out, err = capsys.readouterr()
    return code, out, err


def plain(capsys: pytest.CaptureFixture[str], tickets: str, *words: str) -> dict[str, Any]:
    code, out, err = run(capsys, tickets, *BERLIN, "--period", "2026-Q3", *words)
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_one_metric_by_one_dimension(capsys: pytest.CaptureFixture[str], tickets: str) -> None:
    found = plain(capsys, tickets, "--metric", "ttr", "--dimension", "category")
    assert {"metric", "now", "before", "dimension", "total", "mix", "performance"} <= set(found)
    assert {"new_and_vanished", "segments", "simpson", "sentence", "method", "refused"} <= set(found)
    for name in ("total", "mix", "performance", "new_and_vanished"):
        assert {"value", "low", "high", "p"} <= set(found[name])
    assert (found["metric"], found["dimension"], found["simpson"]) == ("ttr", "category", True)
    parts = sum(found[name]["value"] for name in ("mix", "performance", "new_and_vanished"))
    assert parts == pytest.approx(found["total"]["value"], abs=1e-9)
    assert sum(s["contribution"] for s in found["segments"]) == pytest.approx(found["total"]["value"])
    assert len(found["segments"]) == 8
    assert all(
        {"segment", "n_now", "n_before", "weight_now", "value_now"} <= set(s) for s in found["segments"]
    )
    now, before = (
        Period(*(date.fromisoformat(found[side][end]) for end in ("start", "end")))
        for side in ("now", "before")
    )
    imported = import_files([("tickets.csv", Path(tickets))], team_zone="Europe/Berlin")
    facts = build_facts(imported.tables, Definitions(timezone="Europe/Berlin"))
    same = explain(facts, "ttr", now, before, "category")
    assert same.mix is not None
    assert found["mix"]["value"] == pytest.approx(same.mix.value)
    assert found["mix"]["p"] == pytest.approx(same.mix.p)


def test_a_header_of_the_file_names_the_dimension(capsys: pytest.CaptureFixture[str], tickets: str) -> None:
    found = plain(capsys, tickets, "--metric", "fcr", "--dimension", "Issue [list]")
    assert found["dimension"] == "category"
    assert found["simpson"] is True
    assert found["warning"]


def test_several_dimensions_make_a_scan(capsys: pytest.CaptureFixture[str], tickets: str) -> None:
    found = plain(capsys, tickets, "--metric", "fcr", "--dimension", "channel", "--dimension", "category")
    assert [each["dimension"] for each in found["drivers"]] == ["category", "channel"]
    scan = found["scan"]
    assert scan["dimensions"] == ["channel", "category"]
    assert scan["looks"] == 12
    assert scan["sentence"].startswith("12 looks (1 metric by channel and category)")
    assert len(scan["sentences"]) == len(scan["findings"])


def test_everything(capsys: pytest.CaptureFixture[str], tickets: str) -> None:
    found = plain(capsys, tickets, "--dimension", "all", "--where", "channel=email")
    assert found["drivers"] == []
    assert found["scan"]["looks"] > 100
    assert found["scan"]["skipped"]


def test_what_has_no_mix_says_so(capsys: pytest.CaptureFixture[str], tickets: str) -> None:
    found = plain(capsys, tickets, "--metric", "volume", "--dimension", "channel")
    assert found["mix"]["value"] is None
    assert "no mix" in found["mix"]["reason"]
    assert found["split"] == "contributions"
    refused = plain(capsys, tickets, "--metric", "resolution_rate", "--dimension", "channel")
    assert refused["total"]["value"] is None
    assert "less time to be solved" in refused["refused"]
    assert refused["simpson"] is False


def test_a_table_on_a_terminal(capsys: pytest.CaptureFixture[str], tickets: str) -> None:
    words = ["--metric", "ttr", "--dimension", "category", "--format", "table"]
    code, out, _ = run(capsys, tickets, *BERLIN, "--period", "2026-Q3", *words)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "Q3 2026 against Q2 2026"
    assert lines[1].startswith("Time to resolution rose by")
    assert any(line.startswith("  careful: Time to resolution fell within categories") for line in lines)
    assert any(line.startswith("  Seller dispute:") for line in lines)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--metric", "ttr", "--period", "2026-Q3"], 2, "--dimension is needed"),
        (["--metric", "ttr", "--period", "2026-Q3", "--dimension", "colour"], 2, "unknown field 'colour'"),
        (["--metric", "speed", "--period", "2026-Q3", "--dimension", "team"], 2, "unknown metric 'speed'"),
        (["--metric", "ttr", "--period", "all", "--dimension", "team"], 2, "nothing to be compared with"),
        (["--metric", "ttr", "--dimension", "team"], 2, "--period"),
        (
            [
                *("--metric", "ttr", "--dimension", "team", "--period", "2026-08-01..2026-09-15"),
                *("--baseline", "2026-07-01..2026-08-15"),
            ],
            3,
            "share 15 days",
        ),
    ],
)
def test_what_cannot_be_answered(
    capsys: pytest.CaptureFixture[str], tickets: str, words: list[str], code: int, said: str
) -> None:
    found, out, err = run(capsys, tickets, *words)
    assert found == code
    assert out == ""
    assert said in err
