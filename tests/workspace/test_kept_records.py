"""Events, targets, goals, actions, rules, notes: kept, changed, dropped, had back; no change is lost."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from homes import Home
from victim import CHANGED, EXAMPLES

from kpi.model import Filter
from kpi.workspace import (
    Action,
    Caps,
    CategoryRule,
    Conflict,
    Event,
    Fate,
    Goal,
    Invalid,
    Note,
    Target,
    Workspace,
    WorkspaceError,
    new_id,
)
from kpi.workspace.kept import KINDS

DAY = date(2026, 3, 2)
LATER = date(2026, 6, 30)
CHATS = (Filter("channel", ("chat", "Messaging")), Filter("priority", ("urgent",)))
# Every field filled with something that is hard to keep.
FULL: dict[str, Any] = {
    "event": Event("", DAY, "Störung 🧑‍🚒 'x' %s", "outage", 'a\n\nb \\ "q"', LATER),
    "target": Target("", "frt", 0.1 + 0.2, CHATS, DAY, LATER, "مرحبا"),
    "goal": Goal("", "csat", 0.82, 0.87, LATER, 28, CHATS, DAY, "Better chats", "Ann", "n"),
    "action": Action(
        "",
        "Write a macro",
        "Ann",
        LATER,
        "long-term",
        "Logins: +12 a day",
        "compare?metric=csat&where=channel:chat",
        "csat",
        CHATS,
        (Filter("channel", ("email",)),),
        -0.02,
        "done",
        LATER,
        date(2026, 9, 1),
        "You asked, we changed it.",
        "n",
    ),
    "category rule": CategoryRule("", ("login", "pass* reset"), "Login", "technology", 3),
    "note": Note("", "csat", "Ask again\nin May", "Ann", DAY),
}
EVENT = Event("", DAY, "Release 2.4", "release")


def test_every_kind_is_tried() -> None:
    assert set(FULL) == set(EXAMPLES) == set(CHANGED) == set(KINDS.values())
    for kind, name in KINDS.items():
        assert type(FULL[name]) is kind
        empty = [f.name for f in dataclasses.fields(kind) if getattr(FULL[name], f.name) in ("", None, ())]
        assert empty == ["id"]


@pytest.mark.parametrize("name", FULL)
def test_a_record_comes_back_as_it_was_kept(kept: Workspace, home: Home, name: str) -> None:
    given = FULL[name]
    made = kept.keep(given)
    assert made == replace(given, id=made.id, version=1)
    plain = kept.keep(EXAMPLES[name])
    kept.close()
    assert set(home.open().kept(type(given))) == {made, plain}


@pytest.mark.parametrize("name", FULL)
def test_every_version_stands_in_the_history_with_its_time(kept: Workspace, name: str) -> None:
    began = datetime.now(UTC)
    first = kept.keep(EXAMPLES[name], author="Ann")
    second = kept.keep(replace(first, **CHANGED[name]), author=" Ben ")
    kept.drop(type(first), second.id, author="Cem")
    assert kept.kept(type(first)) == ()
    (gone,) = kept.dropped(type(first))
    back = kept.keep(gone)
    assert back == replace(second, version=4)
    assert kept.kept(type(first)) == (back,)
    assert kept.dropped(type(first)) == ()
    history = kept.history(type(first), first.id)
    assert [change.record for change in history] == [first, second, replace(second, version=3), back]
    assert [change.fate for change in history] == [Fate.KEPT, Fate.KEPT, Fate.DROPPED, Fate.KEPT]
    assert [change.author for change in history] == ["Ann", "Ben", "Cem", ""]
    times = [change.at for change in history]
    assert times == sorted(times)
    assert began <= times[0]
    assert times[-1] <= datetime.now(UTC)


@pytest.mark.parametrize("name", FULL)
def test_of_two_who_change_one_record_neither_loses(kept: Workspace, name: str) -> None:
    first = kept.keep(EXAMPLES[name])
    mine = kept.keep(replace(first, **CHANGED[name]))
    field = next(iter(CHANGED[name]))
    value = 0.5 if isinstance(CHANGED[name][field], float) else "something else"
    theirs = replace(first, **{field: value})
    with pytest.raises(Conflict, match=f"changed this {name} after you opened it; nothing") as raised:
        kept.keep(theirs, author="Ben")
    conflict = raised.value
    assert (conflict.kept, conflict.given, conflict.base) == (mine, theirs, first)
    assert conflict.clashing == (field,)
    assert conflict.merged is None
    assert kept.kept(type(first)) == (mine,)
    last = kept.history(type(first), first.id)[-1]
    assert (last.record, last.fate, last.author) == (theirs, Fate.SET_ASIDE, "Ben")
    assert kept.keep(replace(theirs, version=conflict.version)) == replace(theirs, version=3)
    assert [c.record for c in kept.history(type(first), first.id) if c.fate is Fate.KEPT][:2] == [first, mine]


def test_changes_of_different_fields_go_together(kept: Workspace) -> None:
    first = kept.keep(EVENT)
    kept.keep(replace(first, name="Release 2.5"))
    kept.keep(replace(kept.events()[0], until=LATER))
    with pytest.raises(Conflict) as raised:
        kept.keep_event(replace(first, note="Rolled back at noon"))
    merged = raised.value.merged
    assert isinstance(merged, Event)
    assert merged == Event(first.id, DAY, "Release 2.5", "release", "Rolled back at noon", LATER, 3)
    assert kept.keep_event(merged).version == 4


def test_changes_that_do_not_go_together_are_not_merged(kept: Workspace) -> None:
    first = kept.keep(replace(EVENT, until=date(2026, 3, 9)))
    kept.keep(replace(first, until=date(2026, 3, 4)))
    with pytest.raises(Conflict) as raised:
        kept.keep(replace(first, day=date(2026, 3, 6)))
    assert raised.value.clashing == ()
    assert raised.value.merged is None, "it would end before it begins"


def test_a_record_dropped_meanwhile_is_a_conflict_and_can_be_had_back(kept: Workspace) -> None:
    first = kept.keep(EVENT)
    kept.drop_event(first.id)
    with pytest.raises(Conflict, match="somebody dropped this event") as raised:
        kept.keep(replace(first, note="late"))
    assert (raised.value.kept, raised.value.base) == (None, first)
    assert kept.events() == ()
    back = kept.keep(replace(first, note="late", version=raised.value.version))
    assert kept.events() == (back,)


def test_who_drops_what_another_changed_is_told(kept: Workspace) -> None:
    first = kept.keep(EVENT)
    second = kept.keep(replace(first, note="do not drop"))
    with pytest.raises(Conflict) as raised:
        kept.drop_event(first.id, first.version)
    assert (raised.value.kept, raised.value.given, raised.value.base) == (second, None, first)
    assert kept.events() == (second,)
    kept.drop_event(second.id, second.version)
    kept.drop_event(second.id, second.version)
    kept.drop_event(new_id())
    assert kept.events() == ()


def test_a_form_sent_twice_keeps_one_record(kept: Workspace) -> None:
    given = replace(EVENT, id=new_id())
    made = kept.keep(given)
    assert kept.keep(given) == made
    changed = kept.keep(replace(made, note="x"))
    assert kept.keep(replace(made, note=" x ")) == changed
    assert kept.events() == (changed,)
    assert len(kept.history(Event, made.id)) == 2


def test_ids_are_our_own(kept: Workspace) -> None:
    for bad in ("1", "../../x", "F" * 32, "' or 1=1 --"):
        with pytest.raises(WorkspaceError, match="32 hexadecimal digits"):
            kept.keep(replace(EVENT, id=bad))
    made = kept.keep(EVENT)
    assert kept.history(Target, made.id) == ()
    kept.forget_kept(Target, made.id)
    with pytest.raises(WorkspaceError, match="belongs to a record of another kind"):
        kept.drop(Target, made.id)
    assert kept.events() == (made,)
    with pytest.raises(WorkspaceError, match="belongs to a record of another kind"):
        kept.keep(Note(made.id, "csat", "words"))
    assert kept.events() == (made,)


def test_records_of_a_kind_come_in_their_order(kept: Workspace) -> None:
    for day, name in ((5, "b"), (9, "x"), (5, "A"), (1, "z")):
        kept.keep_event(Event("", date(2026, 3, day), name))
    assert [event.name for event in kept.events()] == ["z", "A", "b", "x"]
    kept.keep(replace(EXAMPLES["action"], due=LATER))
    kept.keep(replace(EXAMPLES["action"], horizon="long-term"))
    kept.keep(EXAMPLES["action"])
    assert [(a.horizon, a.due) for a in kept.kept(Action)] == [
        ("immediate", DAY),
        ("immediate", LATER),
        ("long-term", DAY),
    ]


def test_a_list_is_kept_together_or_not_at_all(kept: Workspace) -> None:
    rules = [CategoryRule("", (word,), word, "technology") for word in ("login", "printer", "invoice")]
    made = kept.keep_all(CategoryRule.numbered(rules))
    assert [rule.issue for rule in kept.kept(CategoryRule)] == ["login", "printer", "invoice"]
    turned = kept.keep_all(CategoryRule.numbered(made[::-1]), author="Ann")
    assert [rule.issue for rule in kept.kept(CategoryRule)] == ["invoice", "printer", "login"]
    assert [rule.version for rule in turned] == [2, 1, 2], "the one in the middle stayed where it was"

    kept.keep(replace(turned[0], issue="bill"))
    new = CategoryRule("", ("refund",), "refund", "process")
    with pytest.raises(Conflict) as raised:
        kept.keep_all(CategoryRule.numbered([new, *turned]))
    assert [rule.issue for rule in raised.value.together] == ["refund", "invoice", "printer", "login"]
    assert [rule.issue for rule in kept.kept(CategoryRule)] == ["bill", "printer", "login"]
    aside = [kept.history(CategoryRule, rule.id)[-1] for rule in turned]
    assert [change.fate for change in aside] == [Fate.SET_ASIDE] * 3

    bill, printer, login = kept.kept(CategoryRule)
    kept.keep_all(CategoryRule.numbered([login, new]), without=[bill, printer])
    assert [rule.issue for rule in kept.kept(CategoryRule)] == ["login", "refund"]
    assert {rule.issue for rule in kept.dropped(CategoryRule)} == {"bill", "printer"}
    with pytest.raises(Conflict):
        kept.keep_all([], without=[replace(kept.kept(CategoryRule)[0], version=1)])
    with pytest.raises(Invalid):
        kept.keep_all([new, replace(new, family="moon")])
    with pytest.raises(WorkspaceError, match="of one kind, each once"):
        kept.keep_all([new, EVENT])
    with pytest.raises(WorkspaceError, match="of one kind, each once"):
        kept.keep_all([login, login])
    assert kept.keep_all([]) == ()
    assert len(kept.kept(CategoryRule)) == 2


def test_targets_of_one_metric_and_segment_do_not_overlap(kept: Workspace) -> None:
    first = kept.keep(Target("", "frt", 60.0, CHATS, valid_until=LATER))
    kept.keep(Target("", "frt", 1440.0))
    kept.keep(Target("", "frt", 30.0, CHATS, valid_from=date(2026, 7, 1)))
    same = (Filter("priority", ("URGENT",)), Filter("channel", ("messaging", "Chat")))
    with pytest.raises(Invalid) as raised:
        kept.keep(Target("", "frt", 45.0, same, date(2026, 6, 1)))
    assert len(raised.value.wrongs) == 2
    assert "a target of 60 for the same metric and segment that holds until 2026-06-30" in str(raised.value)
    changed = kept.keep(replace(first, value=50.0))
    assert len(kept.kept(Target)) == 3
    # One ends where the next begins, in one save.
    kept.keep_all(
        [replace(changed, valid_until=DAY), Target("", "frt", 55.0, CHATS, date(2026, 3, 3), LATER)]
    )
    with pytest.raises(Invalid):
        kept.keep_all([Target("", "nps", 1.0), Target("", "nps", 2.0)])
    assert [target.metric for target in kept.kept(Target)] == ["frt"] * 4


def test_the_number_of_records_is_capped(home: Home) -> None:
    kept = home.open(Caps(records=2))
    made = [kept.keep(EVENT), kept.keep(EVENT)]
    with pytest.raises(WorkspaceError, match="2 records of this kind are kept, the most there may be"):
        kept.keep(EVENT)
    kept.keep(replace(made[0], note="changing is fine"))
    kept.keep(EXAMPLES["note"])
    kept.drop_event(made[0].id)
    kept.keep(EVENT)
    assert len(kept.events()) == 2


def test_a_record_changed_from_outside_hides_no_other(
    kept: Workspace, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    good, moon, torn, late = (
        kept.keep(replace(EVENT, name=name)) for name in ("good", "moon", "torn", "late")
    )
    home.execute(f"update kpi_kept set body = '{{\"moon\"\\: 1}}' where id = '{moon.id}'")
    home.execute(f"update kpi_kept set body = '{{\"day\"' where id = '{torn.id}'")
    home.execute(f"update kpi_kept set body = replace(body, '2026-03-02', 'soon') where id = '{late.id}'")
    assert kept.events() == (good,)
    said = kept.unreadable(Event)
    assert len(said) == 3
    assert all("a kept event" in sentence and "cannot be read" in sentence for sentence in said)
    assert len(caplog.messages) == 6
    with pytest.raises(WorkspaceError, match="cannot be read"):
        kept.keep(replace(torn, note="x"))
    assert kept.history(Event, torn.id)[0].record == torn
    kept.forget_kept(Event, torn.id)
    assert len(kept.unreadable(Event)) == 2


def test_what_is_forgotten_leaves_nothing(kept: Workspace, home: Home) -> None:
    secret = kept.keep(
        replace(EXAMPLES["note"], text="Unmistakable words about Eva"), author="Unmistakable author"
    )
    kept.keep(replace(secret, text="Other unmistakable words"))
    stays = kept.keep(EXAMPLES["note"])
    kept.forget_kept(Note, secret.id)
    assert kept.kept(Note) == (stays,)
    assert kept.history(Note, secret.id) == ()
    assert kept.dropped(Note) == ()
    assert home.execute("select count(*) from kpi_kept_changes") == [(1,)]
    if home.backend == "sqlite":
        kept.close()
        left = b"".join(file.read_bytes() for file in home.files.rglob("*") if file.is_file())
        assert b"nmistakable" not in left


def test_what_is_kept_survives_the_deletion_of_a_data_set(kept: Workspace) -> None:
    made = kept.keep(EVENT)
    kept.delete("0" * 32)
    assert kept.events() == (made,)


def test_many_who_change_one_record_at_once_lose_nothing(kept: Workspace, home: Home) -> None:
    first = kept.keep(replace(EVENT, name="0"))
    others = [home.open() for _ in range(3)]

    def work(person: int) -> int:
        mine, late = others[person % len(others)], 0
        seen = mine.events()[0]
        for number in range(6):
            wanted = replace(seen, name=f"{person}:{number}")
            while True:
                try:
                    seen = mine.keep(wanted, author=str(person))
                    break
                except Conflict as conflict:
                    late += 1
                    wanted = replace(wanted, version=conflict.version)
        return late

    with ThreadPoolExecutor(4) as pool:
        late = sum(pool.map(work, range(4)))
    history = kept.history(Event, first.id)
    done = [change for change in history if change.fate is Fate.KEPT]
    assert [change.record.version for change in done] == list(range(1, 26))
    names = {f"{person}:{number}" for person in range(4) for number in range(6)}
    assert {change.record.name for change in done} == names | {"0"}
    assert sum(change.fate is Fate.SET_ASIDE for change in history) == late
    assert kept.events() == (done[-1].record,)
    for other in others:
        other.close()


def test_targets_kept_at_once_do_not_overlap(kept: Workspace, home: Home) -> None:
    others = [home.open() for _ in range(4)]

    def work(number: int) -> bool:
        try:
            others[number].keep(Target("", "csat", 0.8 + number / 100))
        except Invalid:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(4)))
    assert sum(done) == 1
    assert len(kept.kept(Target)) == 1
    for other in others:
        other.close()
