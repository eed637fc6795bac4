"""``python -m kpi issues``: the same numbers as the page, as JSON and as lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kpi import cli, issues, periods
from kpi.definitions import Definitions
from kpi.facts import build_facts
from kpi.ingest import import_files

FILES = Path(__file__).resolve().parents[2] / "sample_data" / "files"
TICKETS, SURVEYS = str(FILES / "tickets.csv"), str(FILES / "surveys.csv")
BERLIN = ["--set", "timezone=Europe/Berlin"]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any, str]:
    code = cli.main(["issues", *words])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out.strip().startswith("{") else out, err


def test_issues_are_those_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    code, plain, _ = run(capsys, TICKETS, "--period", "2026-Q3", *BERLIN)
    assert code == 0
    imported = import_files([("tickets.csv", Path(TICKETS))], team_zone="Europe/Berlin")
    facts = build_facts(imported.tables, Definitions(timezone="Europe/Berlin"))
    now = periods.parse(
        "2026-Q3", first_day=facts.first_day, last_day=facts.last_day, definitions=facts.definitions
    )
    report = issues.report(issues.sort(facts), now, periods.previous(now, facts.definitions))
    assert {each["name"]: (each["n"], each["n_before"]) for each in plain["issues"]} == {
        issue.name: (issue.n, issue.n_before) for issue in report.issues
    }
    assert plain["emerging"] == [issue.name for issue in report.emerging] != []
    assert (plain["total"], plain["looked_at"]) == (report.total, report.looked_at)
    for each in plain["issues"]:
        assert each["share"]["low"] <= each["share"]["value"] <= each["share"]["high"]
        assert each["grows"] is (each["name"] in plain["emerging"])
        assert (each["onset"] is not None) is each["grows"]
        assert each["negative"]["reason"] == "no column holds a sentiment"
    first = plain["issues"][0]
    assert first["onset"]["low"] <= first["onset"]["day"] <= first["onset"]["high"]
    assert first["more"]["low"] <= first["more"]["value"] <= first["more"]["high"]
    assert [each["name"] for each in plain["ranked"]] == [issue.name for issue in report.issues]
    assert plain["ranked"][-1]["cumulated"] == pytest.approx(1)
    assert plain["sentence"].startswith("Seller dispute ")
    assert len(plain["sentences"]) == len(plain["emerging"])
    assert plain["agreement"] is None


def test_filters_orders_sentiment_and_lines(capsys: pytest.CaptureFixture[str]) -> None:
    words = [TICKETS, SURVEYS, "--period", "2026-Q3", "--where", "channel=chat", *BERLIN]
    code, plain, _ = run(capsys, *words, "--order", "unhappy", "--sentiment")
    assert code == 0
    values = [each["value"] for each in plain["ranked"]]
    assert values == sorted(values, reverse=True)
    assert plain["sentiment_from"] == "our word list"
    assert plain["agreement"]["agrees"]["low"] > plain["agreement"]["guess"]
    code, text, _ = run(capsys, *words, "--format", "table")
    assert code == 0
    assert text.splitlines()[0] == plain["sentence"]
    assert "method: " in text


def test_all_data_and_groups_of_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    lines = Path(TICKETS).read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], *lines[-3000:]]) + "\n", encoding="utf-8")
    code, plain, _ = run(capsys, str(path), "--from", "texts", "--groups", "5")
    assert code == 0
    assert plain["no_change"] == "there is no period before"
    assert len(plain["issues"]) == 5
    assert plain["source"]["kind"] == "texts"
    assert sum(each["n"] for each in plain["issues"]) + sum(plain["without_issue"].values()) == plain["total"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--order", "handling"], "there are: contacts, waiting"),
        (["--from", "nothing"], "unknown field 'nothing'"),
        (["--period", "2026-Q9"], "2026-Q9"),
    ],
)
def test_what_does_not_fit_is_said(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    code, _, err = run(capsys, TICKETS, *words)
    assert code == 2
    assert said in err


def test_data_without_issues_are_refused_with_what_would_help(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("Ticket ID,Created at,Status\n1,2026-03-01 10:00,open\n2,2026-03-02 10:00,open\n")
    code, plain, _ = run(capsys, str(path))
    assert code == 3
    assert "category, reason, subject or description would help" in plain["refused"]
    assert plain["issues"] == []
