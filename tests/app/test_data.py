"""Upload, questions, answers, account, downloads, deletion: without a browser."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import numbers, sound, title, words
from streamlit.testing.v1 import AppTest

from ui import store, uploads

Open = Callable[..., AppTest]
HOSTILE = ("![x](http://t.example/p.png)", "<b>Bo</b>", ":red[Cy] $x$", "# Di", "`E`|*F*")


def tickets(first: int = 1, agents: tuple[str, ...] = ("Ana", "Ben", "Cy"), days: int = 90) -> bytes:
    chance = random.Random(first)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            "Ticket ID",
            "Created at",
            "Solved at",
            "Agent",
            "Channel",
            "Priority",
            "Satisfaction",
            "Region of shop",
        ]
    )
    for number in range(900):
        made = date(2026, 1, 1) + timedelta(days=number * days // 900)
        solved = made + timedelta(days=chance.randint(0, 3))
        writer.writerow(
            [
                first * 10_000 + number,
                f"{made} {chance.randint(8, 16):02d}:{chance.randint(0, 59):02d}",
                f"{solved} {chance.randint(17, 19):02d}:00",
                chance.choice(agents),
                chance.choice(["Email", "Chat"]),
                chance.choice(["Low", "High"]),
                chance.choice([1, 3, 4, 5, 5]) if chance.random() < 0.6 else "",
                chance.choice(["North", "South"]),
            ]
        )
    return out.getvalue().encode()


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    box = at.file_uploader[0]
    box.set_value([(name, content, "text/csv") for name, content in files]).run()
    return at


def test_an_upload_becomes_the_data_set_that_is_shown(visit: Open) -> None:
    at = upload(visit("data"), ("shop.csv", tickets(1)))
    assert sound(at)
    assert at.selectbox(key="data").value == "shop"
    assert title(at).startswith("shop is read")
    assert "900 records read = 900 kept + 0 rejected" in words(at)
    at.switch_page("pages/summary.py").run()
    assert sound(at)
    assert "Customer satisfaction (CSAT)" in {label.replace("\\", "") for label in numbers(at)}
    own = next(box for box in at.multiselect if box.label == "Region of shop")
    plain = numbers(at)
    at.multiselect(key=own.key).set_value(["North"]).run()
    assert sound(at)
    assert numbers(at) != plain


def test_answers_are_used_remembered_and_not_asked_again(visit: Open, workspace: Path) -> None:
    at = upload(visit("data"), ("march.csv", tickets(2)))
    zones = [box for box in at.selectbox if "time zone" in box.label]
    assert zones, [box.label for box in at.selectbox]
    before = title(at)
    zones[0].select("Asia/Tokyo")
    next(b for b in at.button if b.label == "Use these answers").click().run()
    assert sound(at)
    assert title(at) != before
    assert at.selectbox(key="data").value == "march"
    assert {a.settings["timezone"] for a in store.imported(_key("march")).files} == {"Asia/Tokyo"}
    assert store.facts(_key("march")).definitions.timezone == "Asia/Tokyo"

    at = upload(visit("data"), ("april.csv", tickets(3)))
    assert title(at) == "april is read, and nothing is left to ask"
    assert {a.settings["timezone"] for a in store.imported(_key("april")).files} == {"Asia/Tokyo"}


def test_several_files_make_one_data_set(visit: Open) -> None:
    at = upload(visit("data"), ("one.csv", tickets(4)), ("two.csv", tickets(5)))
    assert sound(at)
    assert at.selectbox(key="data").value == "one and 1 more"
    assert "1,800 records read: 1,800 kept, 0 rejected" in words(at)


def test_rejects_can_be_read_and_downloaded(visit: Open) -> None:
    broken = tickets(6) + b"60001,2026-02-01 09:00\r\n" + tickets(6).splitlines()[1] + b"\r\n"
    at = upload(visit("data"), ("broken.csv", broken))
    assert sound(at)
    assert "rejected" in words(at)
    assert any("rejects" in fold.label for fold in at.expander)
    assert any("rejects" in button.proto.label for button in at.get("download_button"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
        ("header.csv", b"a,b,c\n"),
    ],
)
def test_what_cannot_be_read_is_refused_in_plain_words(visit: Open, name: str, content: bytes) -> None:
    at = visit("data")
    kept = len(store.kept())
    upload(at, (name, content))
    assert not at.exception
    assert len(at.error) == 1
    assert name.split(".")[0] in at.error[0].value
    assert len(store.kept()) == kept
    assert at.selectbox(key="data").value == store.SAMPLE_LABEL


def test_hostile_names_are_shown_as_they_are(visit: Open) -> None:
    at = upload(visit("data"), ("![f](x).csv", tickets(7, agents=HOSTILE)))
    assert sound(at)
    assert at.multiselect(key="agent").options == sorted(HOSTILE, key=str.casefold)
    at.multiselect(key="agent").set_value(list(HOSTILE)).run()
    for page in ("summary", "metrics", "compare", "data", "definitions", "tickets"):
        at.switch_page(f"pages/{page}.py").run()
        assert sound(at)
        raw = [*(e.value for e in at.markdown), *(e.value for e in at.caption), *(e.value for e in at.title)]
        raw += [fold.label for fold in at.expander]
        for text in raw:
            assert not any(name in text for name in HOSTILE), text


def test_a_data_set_is_deleted_wholly(visit: Open, workspace: Path) -> None:
    at = upload(visit("data"), ("gone.csv", tickets(8)))
    key = _key("gone")
    dataset = store.workspace().get(key)
    assert dataset is not None
    staged = [uploads.path_of(sha256) for _, sha256 in uploads.files_of(dataset)]
    assert all(path.is_file() for path in staged)
    at.button(key=f"really-{key[:8]}").click().run()
    assert sound(at)
    assert store.workspace().get(key) is None
    assert not any(path.exists() for path in staged)
    assert at.selectbox(key="data").value != "gone"


def test_every_table_can_be_chosen_for_download(visit: Open) -> None:
    at = visit("data")
    for name in at.selectbox(key="export-table").options:
        at.selectbox(key="export-table").select(name).run()
        assert sound(at)
    at.toggle(key="unmasked-export").set_value(True).run()
    assert sound(at)


def _key(label: str) -> str:
    found = store.workspace().find(label)
    assert found is not None, [dataset.label for dataset in store.kept()]
    return found.key
