"""Promises and targets: what was kept, the rows behind, what another promise would have kept."""

from __future__ import annotations

import streamlit as st

from kpi import attainment, drill
from kpi.attainment import Clock, Kept, LeftBand, Promise, Side, Standing
from kpi.attainment.behind import DECIDED, LATE, LATE_OPEN, MET, MISSED, PENDING
from kpi.charts.attainment import attainment as attainment_chart
from kpi.words import target_sentences as words
from ui import choices, downloads, figures, page, tables, targets_store
from ui.escape import plain, sentence
from ui.view import View

WHOLE = "Nothing further"
COLUMNS = {
    "Met": MET,
    "Missed": MISSED,
    "Missed by (median)": LATE,
    "Late and still open": LATE_OPEN,
    "Waiting, still in time": PENDING,
}
"""Column of the table → which rows its number counts; all other numbers stand for the decided rows."""


def found(view: View) -> Kept:
    """Promises and targets over the period, told apart as chosen here."""
    offered = [WHOLE, *attainment.splits(view.facts)]
    split = choices.choose("Tell promises apart further by", offered, "targets_by", width=280)
    return targets_store.keeping(view, "" if split == WHOLE else split)


def about(view: View, kept: Kept) -> tuple[str, ...]:
    """What the page speaks of."""
    return (view.label, f"{view.now}", f"Response and resolution {words.clock_words(kept.business_hours)}")


def promises(view: View, kept: Kept) -> None:
    """Every promise in a table; a click on a number shows the rows behind it."""
    st.header("Promises of time", anchor=False)
    if kept.promises:
        records = words.promise_table(kept)
        st.caption("Click a number to see the rows behind it.")
        clicked = tables.choosable(records, "promise-table", f"{len(records)} promises with met and missed")
        if clicked is not None and clicked[0] < len(kept.promises):
            row, column = clicked
            one = kept.promises[row]
            name = f"{words.promise_name(one)}, {column.lower()}"
            rows_behind(view, one, COLUMNS.get(column, DECIDED), name, "promise")
        downloads.rows("Download the promises", records, "promises", "promises")
    _list(words.promise_notes(kept))


def curve(view: View, kept: Kept) -> None:
    """The share in time if the promise were another."""
    named = {plain(f"{words.promise_name(one)} ({one.clock})"): one for one in kept.promises}
    if not named:
        return
    st.header("If the promise were another", anchor=False)
    missed = [place for place, one in enumerate(named.values()) if one.judged.side is Side.MISSED]
    first = missed[0] if missed else 0
    one = named[choices.choose("Promise", list(named), "promise", first=first, width=380)]
    made = targets_store.curve(view, one)
    if not made.points:
        st.info(sentence(f"No curve: {made.reason}."), icon=":material/info:")
        return
    labels = {words.time_words(point.seconds): point for point in made.points}
    usual = words.time_words(one.limit_s)
    slot = f"curve-{one.clock.name}-{words.promise_name(one)}"
    chosen = st.select_slider(
        "Time allowed",
        list(labels),
        usual if usual in labels else next(iter(labels)),
        key=slot,
        help="What share would have been in time.",
    )
    point = labels.get(str(chosen), made.points[0])
    name = "callers" if one.clock is Clock.HOLD else f"{plain(one.name) or 'all'} tickets"
    with st.container(border=True):
        figures.show(
            words.curve_sentence(made, point, name),
            attainment_chart(made, point.seconds, figures.colours()),
            words.curve_alt(made, name),
            *words.curve_notes(made, kept.business_hours),
        )


def targets(view: View, kept: Kept) -> None:
    """Every target of a metric in a table; a click on a row shows the rows behind the value."""
    st.header("Targets of metrics", anchor=False)
    st.markdown(f"**{sentence(words.standings_sentence(kept))}.**")
    if kept.standings:
        records = words.standing_table(kept)
        clicked = tables.choosable(records, "standing-table", f"{len(records)} targets with their verdicts")
        if clicked is not None and clicked[0] < len(kept.standings):
            one = kept.standings[clicked[0]]
            rows_behind(view, one, DECIDED, f"{records[clicked[0]]['Target']}", "standing")
        downloads.rows("Download the targets", records, "targets", "targets")
    _list(words.standing_notes(kept))


def rows_behind(view: View, one: Promise | Standing | LeftBand, which: str, name: str, key: str) -> None:
    """The rows behind a number that was clicked, and their download."""
    try:
        rows = targets_store.behind(view, one, which)
    except ValueError as error:
        st.info(sentence(error), icon=":material/info:")
        return
    with st.container(border=True):
        st.subheader(sentence(f"{len(rows):,} rows: {name}"), anchor=False)
        if rows.empty:
            st.markdown("No row counts here.")
            return
        unit = "minutes" if which == LATE else one.metric.unit.value if one.metric else ""
        tables.frame(
            rows,
            view.definitions.timezone,
            f"{len(rows)} rows: {plain(name)}",
            {drill.VALUE: f"value, {unit}"},
        )
        downloads.table("Download these rows", lambda: rows, name, f"{key}-rows")


def method(kept: Kept) -> None:
    """How all this was computed."""
    with st.expander("How sure is this, and how was it computed?"):
        st.markdown("\n".join(f"- {sentence(text)}" for text in words.method_sentences(kept)))


def page_title(view: View, kept: Kept) -> None:
    """Which promises are kept, as the title."""
    page.title(words.kept_title(kept), *about(view, kept))


def _list(notes: tuple[str, ...]) -> None:
    if notes:
        st.markdown("\n".join(f"- {sentence(note)}" for note in notes))
