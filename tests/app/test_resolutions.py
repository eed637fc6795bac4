"""The resolutions page: every widget moved, numbers opened down to one contact, quotes picked and dropped."""

from __future__ import annotations

import pytest
from conftest import Open, sound, title, words
from streamlit.testing.v1 import AppTest

from kpi.workspace import Note
from ui import store

Q3 = {"period": "Q3 2026"}


@pytest.fixture(autouse=True)
def no_notes() -> None:
    for note in store.workspace().kept(Note):
        store.workspace().drop(Note, note.id)


def heading(at: AppTest) -> list[str]:
    return [str(each.value).replace("\\", "") for each in at.subheader]


def shown(at: AppTest) -> int:
    """How many contacts the list at the end says it has."""
    (head,) = [each for each in heading(at) if each.split()[1:2] in (["tickets,"], ["ticket,"])]
    return int(head.split()[0].replace(",", ""))


def test_what_lasted_is_the_title_with_what_came_before(visit: Open) -> None:
    at = visit("resolutions", **Q3)
    assert title(at).startswith("Login problem fell by ")
    assert "of judged tickets were quick and satisfied" in title(at)
    said = words(at)
    assert "macro_login_link, first seen in Login problem on 16 February 2026" in said
    assert "does not make it the cause" in said
    assert len(at.get("vega_lite_chart")) >= 2


def test_every_way_of_following_and_of_being_quick(visit: Open) -> None:
    at = visit("resolutions", **Q3)
    for field in at.selectbox(key="lasting_by").options:
        at.selectbox(key="lasting_by").select(field).run()
        assert sound(at), field
    for quick in at.selectbox(key="quick").options:
        at.selectbox(key="quick").select(quick).run()
        assert sound(at), quick
    assert "among the fastest quarter of its kind" in words(at)
    for called in at.selectbox(key="called").options:
        at.selectbox(key="called").select(called).run()
        assert sound(at), called
    assert "Kofi Mensah" not in words(at)


def test_every_number_has_as_many_contacts_as_it_says(visit: Open) -> None:
    at = visit("resolutions", **Q3)
    good = next(
        each.value for each in at.dataframe if "What" in each.value.columns and "n" in each.value.columns
    )
    good = good.set_index("What")
    for part, row, column in (
        ("Quick and satisfied", "Quick and satisfied", "Count"),
        ("Judged: solved with a rating", "Quick and satisfied", "n"),
        ("Quick", "Quick", "Count"),
        ("Solved with a known time", "Quick", "n"),
        ("Satisfied", "Satisfied", "Count"),
        ("With an answer", "Satisfied", "n"),
    ):
        at.selectbox(key="went_part").select(part).run()
        assert sound(at)
        assert shown(at) == good.loc[row, column], part
    at.selectbox(key="went_side").select("Compared with").run()
    assert shown(at) == good.loc["Satisfied", "n before"]
    at.selectbox(key="went_side").select("This period").run()
    endings = next(each.value for each in at.dataframe if "Ending" in each.value.columns).set_index("Ending")
    for part, ending, column in (
        ("Escalated, solved", "Solved", "Count"),
        ("Escalated, still open", "Still open", "Count"),
        ("Escalated, reopened", "Reopened", "Count"),
        ("Escalated, solved long enough ago", "Reopened", "n"),
        ("Escalated, satisfied", "Rated satisfied", "Count"),
        ("Escalated, with an answer", "Rated satisfied", "n"),
        ("Escalated, with a known state", "Solved", "n"),
        ("Escalated, quick", "Quick for their kind", "Count"),
        ("Escalated, solved with a known time", "Quick for their kind", "n"),
    ):
        at.selectbox(key="went_part").select(part).run()
        assert sound(at)
        assert shown(at) == endings.loc[ending, column], part


def test_a_lasting_drop_leads_to_its_contacts(visit: Open) -> None:
    at = visit("resolutions", **Q3)
    for which in ("before", "since"):
        button = at.button(key=f"drop-{which}")
        button.click().run()
        assert sound(at)
        assert shown(at) == int(button.label.split()[0].replace(",", ""))
        assert any("of Login problem" in head for head in heading(at))
    new = next(each.value for each in at.dataframe if "First seen" in each.value.columns).iloc[0]
    at.selectbox(key="went_field").select("tags").run()
    at.selectbox(key="went_value").select("macro_login_link").run()
    assert sound(at)
    assert shown(at) == new["Since"]


def test_every_column_of_what_the_good_ones_share(visit: Open) -> None:
    at = visit("resolutions", **Q3)
    for column in at.selectbox(key="shares_of").options:
        at.selectbox(key="shares_of").select(column).run()
        assert sound(at), column
    at.selectbox(key="shares_of").select("product").run()
    table = next(each.value for each in at.dataframe if "Same kind elsewhere" in each.value.columns)
    one = table.iloc[0]
    at.selectbox(key="went_field").select("product").run()
    at.selectbox(key="went_value").select(one["Value"]).run()
    assert shown(at) == one["Quick and satisfied"]
    at.selectbox(key="went_part").select("Judged: solved with a rating").run()
    assert shown(at) == one["Judged"]


def test_a_quote_is_picked_dropped_and_leads_to_its_story(visit: Open) -> None:
    at = visit("resolutions", **Q3)
    pick = next(each for each in at.button if str(each.key).startswith("pick-"))
    pick.click().run()
    assert sound(at)
    (note,) = store.workspace().kept(Note)
    assert note.about == "praise:sample"
    assert note.text.startswith("“")
    assert "Picked quotes (1)" in heading(at)
    assert at.button(key=pick.key).disabled
    next(each for each in at.button if str(each.key).startswith("unpick-")).click().run()
    assert sound(at)
    assert not store.workspace().kept(Note)
    next(each for each in at.button if str(each.key).startswith("story-of-")).click().run()
    assert sound(at)
    assert any(head.startswith("The story of ") for head in heading(at))


def test_filters_narrow_everything(visit: Open) -> None:
    at = visit("resolutions", **Q3, channel="chat")
    assert sound(at)
    assert title(at)
