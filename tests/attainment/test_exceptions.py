"""What left its band: planted ones are found, an unchanged desk is left in peace, alerts are JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import NormalDist

import numpy as np
import pytest

from kpi import attainment, cli
from kpi.attainment import Side
from kpi.attainment.leaving import _chance
from kpi.definitions import Definitions
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.model import Filter, Period
from kpi.words import target_sentences as words
from kpi.workspace import Target

FIRST = datetime(2025, 1, 6, tzinfo=UTC)
DAYS = 420


def desk(seed: int, days: int = DAYS, last_slow: int = 0, last_many: int = 0) -> bytes:
    """A desk of two channels with weekly pattern and days that differ; the newest days may be other."""
    rng = np.random.default_rng(seed)
    lines = ["ticket_id,channel,created_at,first_response_at,solved_at,status,csat,escalated"]
    number = 0
    for day in range(days):
        busy = (1.0, 1.1, 1.0, 0.9, 0.9, 0.5, 0.4)[day % 7]
        mood = rng.normal(0, 0.15)
        for channel, usual in (("chat", 22), ("email", 16)):
            many = 1.7 if day >= days - last_many and channel == "chat" else 1.0
            for _ in range(int(rng.poisson(usual * busy * many))):
                number += 1
                made = FIRST + timedelta(days=day, minutes=float(rng.uniform(480, 1080)))
                slow = 8.0 if day >= days - last_slow and channel == "email" else 1.0
                wait = float(rng.lognormal(3.0 + mood, 0.8)) * slow
                answered = made + timedelta(minutes=wait)
                solved = answered + timedelta(minutes=float(rng.lognormal(3.5, 0.6)))
                score = rng.choice([5, 4, 2, 1], p=[0.5, 0.3, 0.12, 0.08])
                stamps = ",".join(f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in (made, answered, solved))
                yes = "yes" if rng.random() < 0.2 else "no"
                lines.append(f"T{number},{channel},{stamps},solved,{score},{yes}")
    return "\n".join(lines).encode()


def read(data: bytes) -> Facts:
    return build_facts(import_files([("desk.csv", data)], {"timezone": "UTC"}).tables, Definitions())


@pytest.fixture(scope="module")
def still() -> Facts:
    """Nothing ever changes here."""
    return read(desk(11))


@pytest.fixture(scope="module")
def moved() -> Facts:
    """In its last week e-mails wait eight times as long, and far more chats come in."""
    return read(desk(12, 260, 7, 7))


def test_planted_exceptions_are_found_and_named(moved: Facts) -> None:
    for grain, facts in (("week", moved), ("day", read(desk(13, 260, 1, 1)))):
        found = attainment.exceptions(facts, grain)
        assert found.reason == ""
        sure = {(one.metric.key, one.where[0].values[0] if one.where else "") for one in found.sure}
        assert ("frt", "email") in sure, (grain, sure)
        late = next(one for one in found.sure if one.metric.key == "frt" and one.where)
        assert late.better is False
        assert late.value > late.high > late.centre > late.low
        assert len(attainment.behind_exception(facts, late)) == late.n
    weekly = attainment.exceptions(moved)
    many = next(one for one in weekly.sure if one.metric.key == "volume" and one.where)
    assert many.where[0].values == ("chat",)
    assert many.better is None
    assert words.exceptions_sentence(weekly).endswith("by chance)")
    assert "which is worse" in words.exception_sentence(
        next(one for one in weekly.sure if one.metric.key == "frt")
    )


@pytest.mark.parametrize(("grain", "apart", "times"), [("week", 7, 30), ("day", 3, 60)])
def test_an_unchanged_desk_is_left_in_peace(still: Facts, grain: str, apart: int, times: int) -> None:
    looks = outside = families = 0
    expected = 0.0
    for back in range(times):
        found = attainment.exceptions(replace(still, last_day=still.last_day - apart * back), grain)
        looks += found.looks
        outside += len(found.found)
        expected += found.by_chance
        families += bool(found.sure)
    assert looks > times * 10
    # As many as said, give or take; metrics of one desk share their days, so counts vary more than Poisson.
    assert outside <= expected + 3 * (expected * 2) ** 0.5, (outside, expected)
    # A list that claims anything: at most one in twenty on average, here within chance of that.
    assert families <= times * 0.05 + 3 * (times * 0.05 * 0.95) ** 0.5, families


def test_a_target_that_is_the_truth_is_rarely_called() -> None:
    """Both channels answer within half an hour as often as the target says; 14 days at a time."""
    limits = {"chat": 30.0, "email": 30.0}
    facts = build_facts(
        import_files([("desk.csv", desk(14))], {"timezone": "UTC"}).tables,
        Definitions(frt_target_minutes=limits),
    )
    # ln wait ~ N(3, 0.8² + 0.15²)
    truth = NormalDist(3.0, (0.8**2 + 0.15**2) ** 0.5).cdf(np.log(30.0))
    targets = tuple(
        Target(name, "frt_within_target", truth, (Filter("channel", (name,)),)) for name in limits
    )
    first = FIRST.date()
    called = 0
    for part in range(30):
        start = first + timedelta(days=14 * part)
        kept = attainment.keeping(facts, Period(start, start + timedelta(days=13)), targets)
        assert len(kept.promises) == 2
        called += any(one.judged.side in (Side.REACHED, Side.MISSED) for one in kept.promises)
    # 30 lists at 5 %: more than five come once in 300 times.
    assert called <= 5


def test_the_chance_of_a_value_agrees_with_the_expected_number() -> None:
    from kpi.stats import expected_false_signals

    for baseline, persistence in ((26, 0.0), (20, 0.4), (182, 0.2)):
        _, outside = _chance(3.0, baseline, persistence)
        said = expected_false_signals(1, baseline, run=8, persistence=persistence)
        assert outside == pytest.approx(said, rel=1e-6)
    assert _chance(3.0, 26, 0.0)[0] == pytest.approx(_chance(3.0, 26, 0.0)[1])
    assert 0 < _chance(60.0, 182, 0.0)[0] < 1e-20


def test_too_little_history_has_a_reason(still: Facts) -> None:
    young = attainment.exceptions(replace(still, first_day=still.last_day - 40))
    assert young.looks == 0
    assert "a usual band needs at least 21" in young.reason
    assert words.exceptions_sentence(young).startswith("No usual band: the data hold")
    with pytest.raises(ValueError, match="no grain of exceptions"):
        attainment.exceptions(still, "month")
    told = {what for what, _ in attainment.exceptions(still).skipped}
    assert "Resolution rate" in told or "Open backlog" in told


def test_alerts_are_json_and_name_nobody(moved: Facts) -> None:
    values = attainment.alerts(attainment.exceptions(moved), attainment.waiting(moved))
    again = json.loads(json.dumps(values, allow_nan=False))
    assert again == values
    assert again["format"] == "service-kpi-alerts/1"
    assert again["looks"] > 10
    assert any(one["metric"] == "frt" and one["beyond_chance"] for one in again["exceptions"])
    assert again["open_promises"]["reason"]


def test_the_command_writes_the_alerts(tmp_path, capsys) -> None:  # type: ignore[no-untyped-def]
    source = tmp_path / "desk.csv"
    source.write_bytes(desk(12, 200, 7, 7))
    out = tmp_path / "alerts.json"
    code = cli.main(
        ["exceptions", str(source), "--set", "timezone=UTC", "--out", str(out), "--format", "json"]
    )
    assert code == 0
    printed = json.loads(capsys.readouterr().out)
    assert json.loads(out.read_text(encoding="utf-8")) == printed
    assert printed["finding"]
    assert any(one["segment"] == {"channel": ["email"]} for one in printed["exceptions"])
    assert cli.main(["exceptions", str(source), "--grain", "day", "--format", "table"]) == 0
    assert "looks" in capsys.readouterr().out
    assert cli.main(["exceptions", str(source), "--out", str(tmp_path / "none" / "a.json")]) == 2
