"""Tables: numbers with as many decimals, as high as their rows, room for long cells further down."""

from __future__ import annotations

import json

import pandas as pd
from streamlit.testing.v1 import AppTest


def columns(at: AppTest) -> dict[str, dict[str, object]]:
    told: dict[str, dict[str, object]] = json.loads(at.dataframe[0].proto.columns)
    return told


def test_numbers_of_a_column_have_as_many_decimals() -> None:
    def page() -> None:
        from ui import tables

        rows = [{"Gain": 0.25, "n": 3, "Words": "a"}, {"Gain": 2.0, "n": 4, "Words": "b"}]
        tables.choosable(rows, "made", "made")

    told = columns(AppTest.from_function(page).run())
    assert told["Gain"]["type_config"]["format"] == "%.2f"  # type: ignore[index]
    assert "n" not in told
    assert "Words" not in told


def test_a_long_cell_far_down_has_room() -> None:
    def page() -> None:
        from ui import tables

        rows = [{"Now": "8 %", "Metric": f"metric {place}"} for place in range(12)]
        tables.choosable([*rows, {"Now": "2.4 per day, at least", "Metric": "m"}], "made", "made")

    told = columns(AppTest.from_function(page).run())
    assert int(told["Now"]["width"]) >= 8 * len("2.4 per day, at least")  # type: ignore[call-overload]


def test_few_rows_leave_no_empty_ones() -> None:
    def page() -> None:
        import pandas as pd

        from ui import tables

        few = pd.DataFrame({"ticket_id": ["1", "2"], "waited": [4.5, 14.0]})
        tables.frame(few, "UTC", "made", {"waited": "waited, hours"})
        tables.frame(pd.DataFrame({"ticket_id": [str(n) for n in range(40)]}), "UTC", "made", {})

    at = AppTest.from_function(page).run()
    told = columns(at)
    assert told["waited"]["label"] == "waited, hours"
    assert isinstance(at.dataframe[0].value, pd.DataFrame)
