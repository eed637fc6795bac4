"""A target that is kept stands on every page and on the command line, in its segment and on its days."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import sound, words
from streamlit.testing.v1 import AppTest

from kpi import cli
from kpi.definitions import Definitions
from kpi.model import Filter
from kpi.workspace import Target
from ui import store

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "sample_data" / "files"
Open = Callable[..., AppTest]
CHAT = (Filter("channel", ("chat",)),)
Q3 = {"period": "Q3 2026"}
LAST = date(2026, 9, 30)
ALLOWED = {
    "kpi/attainment/aiming.py": "the rule",
    "kpi/attainment/keeping.py": "lists metrics that vanished and still have a usual target",
    "kpi/metrics/__init__.py": "gives each metric its usual target",
    "ui/targets_form.py": "lists the usual targets and drops one",
}


@pytest.fixture(autouse=True)
def two_targets() -> Iterator[None]:
    """CSAT for everybody; for chats CSAT and the first response; one of each that is over."""
    forget()
    store.workspace().keep_all(
        [
            Target("", "csat", 0.913, valid_from=date(2026, 7, 1)),
            Target("", "csat", 0.877, valid_until=date(2026, 6, 30)),
            Target("", "csat", 0.951, CHAT),
            Target("", "frt", 17.5, CHAT),
        ]
    )
    yield
    forget()
    store.workspace().keep_definitions(Definitions())


def forget() -> None:
    for target in (*store.workspace().kept(Target), *store.workspace().dropped(Target)):
        store.workspace().forget_kept(Target, target.id)


def table(at: AppTest, column: str) -> Any:
    return next(each.value for each in at.dataframe if column in each.value.columns)


def goals_on_metrics(at: AppTest) -> dict[str, str]:
    return {
        name: goal
        for each in at.dataframe
        if "Last year" in each.value.columns
        for name, goal in zip(each.value["Metric"], each.value["Target"], strict=True)
    }


def lines(at: AppTest) -> list[str]:
    """Every label and number of the charts on a page."""
    return [json.dumps(json.loads(chart.proto.spec)) for chart in at.get("vega_lite_chart")]


def drawn(at: AppTest) -> str:
    """What charts are drawn from: their marks and the numbers beside them."""
    parts = lines(at)
    for chart in at.get("vega_lite_chart"):
        for data in chart.proto.datasets:
            parts.append(data.data.data.decode("latin-1"))
    return " ".join(parts)


def test_no_page_reads_the_targets_of_the_definitions_by_itself() -> None:
    found = set()
    for path in (p for room in ("kpi", "ui", "pages") for p in sorted((ROOT / room).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = ast.unparse(node) if isinstance(node, ast.Attribute) and node.attr == "targets" else ""
            if "definitions" in named or named in ("now.targets",):
                found.add(path.relative_to(ROOT).as_posix())
    assert found == set(ALLOWED)


def test_cards_say_the_target_of_the_filters_and_of_the_period(visit: Open) -> None:
    assert "Target 91.3 %: missed" in words(visit("summary", **Q3))
    chat = words(visit("summary", **Q3, channel="chat"))
    assert "Target 95.1 %: missed" in chat
    assert "Target 17.5 min: met" in chat or "Target 17.5 min: missed" in chat
    before = words(visit("summary", period="Q2 2026"))
    assert "Target 87.7 %" in before
    assert "91.3" not in before


def test_two_channels_have_the_target_of_everybody(visit: Open) -> None:
    assert "Target 91.3 %" in words(visit("summary", **Q3, channel=["chat", "email"]))


def test_the_table_of_metrics(visit: Open) -> None:
    assert goals_on_metrics(visit("metrics", **Q3))["Customer satisfaction (CSAT)"] == "91.3 %"
    chat = goals_on_metrics(visit("metrics", **Q3, channel="chat"))
    assert chat["First response time"] == "17.5 min"
    assert chat["Customer satisfaction (CSAT)"] == "95.1 %"


def test_trends_draw_it(visit: Open) -> None:
    at = visit("trends", metric="Customer satisfaction (CSAT)")
    assert "target 91.3 %" in drawn(at)
    chat = visit("trends", metric="First response time", channel="chat")
    assert "target 17.5 min" in drawn(chat)


def test_the_closer_look_draws_it(visit: Open) -> None:
    at = visit("summary", **Q3, closer="Customer satisfaction (CSAT)")
    assert "target 91.3 %" in drawn(at)


def test_compare_says_it_and_two_segments_have_one_each(visit: Open) -> None:
    rows = table(visit("compare", **Q3), "Smallest to be seen").set_index("Metric")
    assert rows.loc["Customer satisfaction (CSAT)", ["Target", "Now to target"]].tolist() == [
        "91.3 %",
        "missed",
    ]
    at = visit("compare", **Q3, compare="Two segments", by="Channel", one="email", other="chat")
    rows = table(at, "Smallest to be seen").set_index("Metric")
    csat = rows.loc["Customer satisfaction (CSAT)"]
    assert (csat["Target, Channel email"], csat["Target, Channel chat"]) == ("91.3 %", "95.1 %")
    # The first response has a target for chats only.
    frt = rows.loc["First response time"]
    assert (frt["Target, Channel email"], frt["Target, Channel chat"]) == ("", "17.5 min")
    turned = visit("compare", **Q3, compare="Two segments", by="Channel", one="chat", other="email")
    frt = table(turned, "Smallest to be seen").set_index("Metric").loc["First response time"]
    assert (frt["Target, Channel email"], frt["Target, Channel chat"]) == ("", "17.5 min")


def test_surveys_draw_it(visit: Open) -> None:
    said = words(visit("surveys", **Q3, survey="Customer satisfaction (CSAT)"))
    assert "target of 91.3 %" in said
    assert "80.0 %, the usual" not in said


def test_the_list_of_definitions_says_where_it_comes_from(visit: Open) -> None:
    at = visit("definitions", **Q3)
    said = words(at)
    assert "91.3 %, set on Targets for everything" in said
    assert "95.1 %, set on Targets for chat" in words(visit("definitions", **Q3, channel="chat"))


def test_a_usual_target_is_set_anew_or_done_without_on_one_page(visit: Open) -> None:
    at = visit("targets", **Q3)
    (name,) = [each for each in at.selectbox(key="target").options if each.endswith(": 5.0 % (usual)")]
    at.selectbox(key="target").select(name).run()
    at.button(key="target-without").click().run()
    assert sound(at)
    assert "abandonment" not in store.workspace().definitions().targets
    assert store.workspace().definitions() == replace(
        Definitions(), targets={k: v for k, v in Definitions().targets.items() if k != "abandonment"}
    )
    assert name not in at.selectbox(key="target").options


def run(capsys: pytest.CaptureFixture[str], *given: str) -> Any:
    assert cli.main([*given, "--set", "timezone=Europe/Berlin"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_line_says_it(capsys: pytest.CaptureFixture[str], small: tuple[str, ...]) -> None:
    asked = (
        "metrics",
        *small,
        "--period",
        "2026-Q3",
        "--metric",
        "csat",
        "--metric",
        "frt",
        "--by",
        "channel",
    )
    found = {
        (each["key"], (each["group"] or {}).get("channel")): each["target"]
        for each in run(capsys, *asked)["metrics"]
    }
    assert (found["csat", "chat"], found["csat", "email"]) == (0.951, 0.913)
    assert (found["frt", "chat"], found["frt", "email"]) == (17.5, None)
    plain = ("metrics", *small, "--period", "2026-Q3", "--metric", "csat")
    assert run(capsys, *plain)["metrics"][0]["target"] == 0.913
    assert run(capsys, *plain, "--targets", "usual")["metrics"][0]["target"] == 0.8
    assert run(capsys, *plain, "--set", "targets.csat=0.7")["metrics"][0]["target"] == 0.7
    compared = ("compare", *small, "--period", "2026-Q3", "--metric", "csat", "--where", "channel=chat")
    assert run(capsys, *compared)["comparisons"][0]["target"] == 0.951
    trend = ("trend", *small, "--metric", "csat")
    assert run(capsys, *trend)["target"] == 0.913
    assert run(capsys, *trend, "--period", "2025-10-01..2026-06-30")["target"] == 0.877
    assert run(capsys, *trend, "--target", "0.6")["target"] == 0.6
    assert cli.main([*plain, "--format", "table"]) == 0
    assert "; target 91.3 %: " in capsys.readouterr().out


def test_the_command_line_makes_no_workspace(
    capsys: pytest.CaptureFixture[str],
    small: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KPI_DATABASE_URL", raising=False)
    monkeypatch.setenv("KPI_WORKSPACE", str(tmp_path / "none"))
    found = run(capsys, "metrics", *small, "--metric", "csat")
    assert found["metrics"][0]["target"] == 0.8
    assert not (tmp_path / "none").exists()


def test_a_workspace_that_cannot_be_read_takes_nothing_from_the_numbers(
    capsys: pytest.CaptureFixture[str],
    small: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KPI_DATABASE_URL", raising=False)
    monkeypatch.setenv("KPI_WORKSPACE", str(tmp_path))
    (tmp_path / "workspace.sqlite").write_bytes(b"no database at all " * 100)
    assert cli.main(["metrics", *small, "--metric", "csat"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["metrics"][0]["target"] == 0.8
    assert "could not be read, so those of the definitions stand" in err


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The newest records of the sample's tickets and surveys."""
    folder = tmp_path_factory.mktemp("small")
    paths = []
    for name in ("tickets", "surveys"):
        kept = (FILES / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        path = folder / f"{name}.csv"
        path.write_text("\n".join([kept[0], *kept[-6000:]]) + "\n", encoding="utf-8")
        paths.append(str(path))
    return tuple(paths)
