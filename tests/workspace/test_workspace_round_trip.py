"""What is saved comes back as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from kpi.definitions import Calendar, Definitions
from kpi.ingest.nouns import Account, Import, Question, Tables
from kpi.ingest.reading.nouns import Finding, Reject
from kpi.workspace import Dataset, Workspace, WorkspaceError

HASH = "ab" * 32


def tickets() -> pd.DataFrame:
    """One column of each dtype of the canonical tables, missing values in each."""
    return pd.DataFrame(
        {
            "ticket_id": pd.Series(["007", "1-2", "مرحبا"], dtype="str"),
            "subject": pd.Series(["=1+1", None, "<b>a</b>\n\x00"], dtype="str"),
            "created_at": pd.to_datetime(
                ["2026-03-29 01:59:59.123456789", None, "1900-01-01"], utc=True, format="ISO8601"
            ),
            "replies": pd.Series([1, None, 2**53 + 1], dtype="Int64"),
            "reopened": pd.Series([True, None, False], dtype="boolean"),
            "first_reply_cal_s": pd.Series([0.1, None, 1e9], dtype="float64"),
            "score": pd.Series([1.5, None, 5.0], dtype="Float64"),
            "tags": pd.Series([["a", "b"], [], None], dtype=object),
            "record": np.array([1, 2, 3], dtype=np.int64),
            "channel": pd.Categorical(["chat", None, "email"]),
            "custom:Région %/..": pd.Series(["x", "", None], dtype="str"),
            "empty": pd.Series([None, None, None], dtype=object),
            "words": pd.Series(["a", None, "b"], dtype=object),
        }
    )


def account(name: str = "tickets.csv") -> Account:
    return Account(
        name=name,
        source="zendesk",
        confidence=0.93,
        rows_read=5,
        rows_kept=3,
        rejects=(Reject("R_DUPLICATE_ID", 4, "Id", "007", "same as record 1"), Reject("R_BLANK", 5)),
        findings=(
            Finding("C_DATE", "Created", 2, ((1, "31/12", "read as day"), (2, "1/2", "asked"))),
            Finding("C_X", None, 0),
        ),
        mapping={"Id": "tickets.ticket_id", "Tags": "tickets.tags"},
        settings={"timezone": "Europe/Berlin", "timezone_origin": "asked"},
        questions=(
            Question("timezone", "zone of the times", "UTC", (), "Created", ("1/2/2026",), "every day cut"),
        ),
        assumed=("times are Europe/Berlin",),
        fingerprint="f" * 64,
    )


def imported(answers: dict[str, str] | None = None) -> Import:
    surveys = pd.DataFrame({"score": pd.Series([4, 5], dtype="Int64")}, index=pd.RangeIndex(2))
    tables = Tables(tickets=tickets(), surveys=surveys, calls=surveys.iloc[:0])
    return Import(tables, (account(), account("second.csv")), answers or {"timezone": "Europe/Berlin"})


def test_an_import_comes_back_whole_also_in_a_new_process(kept: Workspace) -> None:
    given = imported()
    saved = kept.save("Q3 export", given, HASH)
    kept.close()
    found = Workspace.open().load(saved.key)
    assert [name for name, _ in found.tables.items()] == ["tickets", "surveys", "calls"]
    for name, table in given.tables.items():
        pd.testing.assert_frame_equal(getattr(found.tables, name), table, check_freq=False)
    assert found.tables.tickets is not None
    assert [type(tags) for tags in found.tables.tickets["tags"]] == [list, list, type(None)]
    assert found.files == given.files
    assert found.answers == given.answers
    assert type(found.files[0].rejects[0]) is Reject
    assert found.files[0].findings[0].examples[0] == (1, "31/12", "read as day")


def test_answers_may_be_given_by_file(kept: Workspace) -> None:
    answers = {"timezone": "UTC", "f" * 64: {"scale:CSAT": "1-5"}}
    given = Import(imported().tables, (account(),), answers)  # type: ignore[arg-type]
    assert kept.load(kept.save("a", given, HASH).key).answers == answers


def test_an_index_with_gaps_is_kept(kept: Workspace) -> None:
    table = tickets().iloc[[2, 0]]
    found = kept.load(kept.save("a", Import(Tables(tickets=table), ()), HASH).key)
    pd.testing.assert_frame_equal(found.tables.tickets, table)


def test_a_data_set_is_described_without_its_rows(kept: Workspace) -> None:
    saved = kept.save("  Q3\n export ", imported(), HASH)
    assert saved.label == "Q3 export"
    assert dict(saved.rows) == {"tickets": 3, "surveys": 2, "calls": 0}
    assert saved.files == ("tickets.csv", "second.csv")
    assert saved.fingerprints == ("f" * 64,)
    assert saved.size == sum(file.stat().st_size for file in kept.path.glob("datasets/*/*"))
    assert abs((datetime.now(UTC) - saved.created_at).total_seconds()) < 600
    assert kept.datasets() == (saved,)
    assert kept.find("Q3 export") == kept.get(saved.key) == saved
    assert kept.find("other") is None


def test_the_same_bytes_and_answers_are_one_data_set(kept: Workspace) -> None:
    first = kept.save("June", imported(), HASH)
    again = kept.save("June again", imported(), HASH)
    assert again.key == first.key
    assert [dataset.label for dataset in kept.datasets()] == ["June again"]
    assert len(list(kept.path.glob("datasets/*"))) == 1
    other = kept.save("June", imported({"timezone": "UTC"}), HASH)
    assert other.key != first.key
    assert len(kept.datasets()) == 2


def test_labels_stay_unique(kept: Workspace) -> None:
    made: list[Dataset] = [kept.save("Export", imported(), f"{number:064x}") for number in range(3)]
    assert made[0].label == "Export"
    assert made[1].label == f"Export {made[1].key[:4]}"
    assert len({dataset.label for dataset in kept.datasets()}) == 3
    renamed = kept.rename(made[1].key, "Export of June")
    assert kept.find("Export of June") == renamed
    with pytest.raises(WorkspaceError, match="'Export' is the name of another data set"):
        kept.rename(made[1].key, "Export")
    with pytest.raises(WorkspaceError, match="no such data set"):
        kept.rename("0" * 32, "x")


def test_newest_first(kept: Workspace) -> None:
    for number in range(3):
        kept.save(f"set {number}", imported(), f"{number:064x}")
    assert [dataset.label for dataset in kept.datasets()] == ["set 2", "set 1", "set 0"]


def test_answers_are_remembered_by_header(kept: Workspace) -> None:
    assert kept.answers("fp") == {}
    kept.remember("fp", {"timezone": "UTC", "status:" + "x" * 5000: "open"})
    kept.remember("fp", {"timezone": "Europe/Berlin"})
    kept.remember("other", {"timezone": "Asia/Tokyo"})
    kept.remember("odd", {"status:\x00\ud800 'é": "\x00"})
    assert kept.answers("odd") == {"status:\x00\ud800 'é": "\x00"}
    assert kept.answers("fp") == {"timezone": "Europe/Berlin", "status:" + "x" * 5000: "open"}
    kept.forget("fp")
    assert kept.answers("fp") == {}
    assert kept.answers("other") == {"timezone": "Asia/Tokyo"}


def test_definitions_are_kept(kept: Workspace) -> None:
    assert kept.definitions() == Definitions()
    chosen = Definitions(
        timezone="Europe/Berlin",
        calendar=Calendar(zone="Europe/Berlin", country="DE", subdivision="BY", closed=(date(2026, 12, 24),)),
        targets={"csat": 0.9},
    )
    kept.keep_definitions(Definitions(first_weekday=6))
    kept.keep_definitions(chosen)
    kept.close()
    assert Workspace.open().definitions() == chosen


def test_progress_is_told_in_order(kept: Workspace) -> None:
    told: list[float] = []
    kept.save("a", imported(), HASH, progress=lambda share, words: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0
