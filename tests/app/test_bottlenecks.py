"""The bottlenecks page: every widget moved, numbers opened down to their contacts."""

from __future__ import annotations

import pytest
from conftest import Open, sound, title, words
from streamlit.testing.v1 import AppTest

from kpi.ingest import import_files
from ui import store

Q3 = {"period": "Q3 2026"}


def heading(at: AppTest) -> list[str]:
    return [str(each.value).replace("\\", "") for each in at.subheader]


def table(at: AppTest, first: str) -> object:
    """The table that begins with this column."""
    return next(each.value for each in at.dataframe if str(each.value.columns[0]) == first)


def test_the_bottleneck_hour_is_the_title_and_first_in_the_list(visit: Open) -> None:
    at = visit("bottlenecks")
    assert title(at).startswith("Monday to Friday from 12:00 to 12:59 customers wait longest: 2.")
    assert any("of the time to solution" in str(each.value) for each in at.subheader)
    found = [str(each.value).replace("\\", "") for each in at.markdown if "as long" in str(each.value)]
    assert found[0].startswith("Monday to Friday from 12:00 to 12:59, the first reply in live chat takes 2.")
    assert found[1].startswith("Monday to Friday from 12:00 to 12:59, the wait on the phone takes 2.")
    assert len(at.get("vega_lite_chart")) == 5
    assert all(chart.proto.alt for chart in at.get("vega_lite_chart"))
    assert "Hours are local time of Europe/Berlin" in words(at)


def test_the_contacts_of_a_finding_open_in_one_click(visit: Open) -> None:
    at = visit("bottlenecks")
    show = next(button for button in at.button if button.label.startswith("Show the "))
    counted = show.label.removeprefix("Show the ")
    show.click().run()
    assert sound(at)
    assert any(head.startswith(f"{counted}: Monday to Friday from 12:00") for head in heading(at))
    count = int(counted.split()[0].replace(",", ""))
    rows = at.dataframe[0].value
    assert len(rows) == count
    assert set(rows["channel"]) == {"chat"}


@pytest.mark.parametrize(
    ("section", "first", "column"),
    [
        ("parts", "Where the time goes", "Contacts"),
        ("stages", "Stage", "Contacts"),
        ("ages", "Open for", "Contacts"),
        ("loops", "What happened", "Contacts"),
        ("bands", "Band", "Contacts"),
        ("slices", "Of", "Contacts"),
    ],
)
def test_as_many_contacts_open_as_a_number_says(visit: Open, section: str, first: str, column: str) -> None:
    at = visit("bottlenecks", **Q3)
    lines = table(at, first)
    picked = lines.iloc[min(1, len(lines) - 1)]  # type: ignore[attr-defined]
    count = int(picked[column])
    box = at.selectbox(key=f"behind_{section}")
    wanted = {str(picked[first]).casefold(), f"open {picked[first]}".casefold()}
    box.select(next(option for option in box.options if option.casefold() in wanted)).run()
    assert sound(at)
    assert any(head.startswith(f"{count:,} ticket") for head in heading(at))
    shown = [each.value for each in at.dataframe if "ticket_id" in each.value.columns]
    assert len(shown) == 1
    assert len(shown[0]) == min(count, 1_000)


def test_numbers_of_the_period_before_open_too(visit: Open) -> None:
    at = visit("bottlenecks", **Q3)
    count = int(table(at, "Where the time goes").iloc[0]["Contacts before"])  # type: ignore[attr-defined]
    at.selectbox(key="behind_parts").select("Waiting for the first reply, before").run()
    assert sound(at)
    assert any(
        head.startswith(f"{count:,} tickets: Waiting for the first reply, before") for head in heading(at)
    )


def test_every_picture_of_hours_can_be_shown_and_opened(visit: Open) -> None:
    at = visit("bottlenecks", hours_rows="true")
    findings = set()
    for name in at.selectbox(key="hours_of").options:
        at.selectbox(key="hours_of").select(name).run()
        assert sound(at)
        findings.add(next(head for head in heading(at) if head.startswith(name)))
    assert len(findings) == len(at.selectbox(key="hours_of").options) >= 7
    at.selectbox(key="hours_on").select("Working days").run()
    at.selectbox(key="hours_at").select("12:00 to 12:59").run()
    assert sound(at)
    assert any("working days, 12:00 to 12:59" in head for head in heading(at))


def test_every_span_of_days_and_every_split(visit: Open) -> None:
    at = visit("bottlenecks")
    for span in at.selectbox(key="hours_span").options:
        at.selectbox(key="hours_span").select(span).run()
        assert sound(at)
    assert "wait on the phone" in words(at)
    for field in at.selectbox(key="split_by").options:
        at.selectbox(key="split_by").select(field).run()
        assert sound(at)
    for time in at.selectbox(key="relation").options:
        at.selectbox(key="relation").select(time).run()
        assert sound(at)
        assert "does not prove that answering faster would change satisfaction" in words(at)


def test_a_filter_narrows_everything(visit: Open) -> None:
    at = visit("bottlenecks", **Q3, channel=["email"])
    lines = table(at, "Of")
    assert list(lines["Of"]) == ["email"]  # type: ignore[index]
    assert "wait on the phone" not in title(at)


def test_the_phone_alone_has_its_own_hours(visit: Open) -> None:
    at = visit("bottlenecks", channel=["phone"], hours_span="All data")
    assert "2." in title(at).split(";")[0]
    assert "on the phone" in title(at)
    assert "live chat" not in title(at)


CALLS = "call_id,started_at,outcome,wait_s,talk_s\n" + "\n".join(
    f"C{n},2026-09-{1 + n % 28:02d} {9 + n % 8:02d}:{n % 60:02d},"
    f"{'answered' if n % 9 else 'abandoned'},{20 + n % 90},{200 if n % 9 else 0}"
    for n in range(600)
)
DATES = "Ticket ID,Created at,Solved at,Status\n" + "\n".join(
    f"T{n},2026-09-{1 + n % 20:02d},2026-09-{3 + n % 20:02d},Solved" for n in range(90)
)
CUSTOMERS = "customer_id,joined_at,left_at\n1,2025-01-01,\n2,2025-02-01,2025-05-01\n"


@pytest.mark.parametrize(
    ("name", "text", "begins", "says"),
    [
        ("calls.csv", CALLS, "of the time of answered calls is talk", "The data hold no hold time"),
        ("tickets.csv", DATES, "Where the time goes cannot be said", "has a time of day"),
        ("customers.csv", CUSTOMERS, "These two periods cannot be compared", "lies wholly outside the data"),
    ],
)
def test_data_that_lack_things_say_what_would_help(
    visit: Open, name: str, text: str, begins: str, says: str
) -> None:
    imported = import_files([(name, text.encode())], {"timezone": "UTC"})
    kept = store.workspace().save(name, imported, name)
    at = visit("bottlenecks", data=name)
    assert begins in title(at)
    assert says in words(at)
    for box in at.selectbox:
        if box.key and box.key.startswith(("behind_", "hours_", "relation", "split_by")):
            for option in box.options[:4]:
                at.selectbox(key=box.key).select(option).run()
                assert sound(at)
    store.workspace().delete(kept.key)


def test_a_link_opens_the_contacts_it_was_made_with(visit: Open) -> None:
    at = visit("bottlenecks", **Q3, behind_parts="Desk closed", hours_of="Wait on the phone", split_by="Team")
    lines = table(at, "Where the time goes").set_index("Where the time goes")  # type: ignore[attr-defined]
    count = int(lines.loc["Desk closed", "Contacts"])
    assert f"{count:,} tickets: Desk closed" in heading(at)
    assert at.selectbox(key="hours_of").value == "Wait on the phone"
    assert at.selectbox(key="split_by").value == "Team"
