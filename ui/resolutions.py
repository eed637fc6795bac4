"""Successful resolutions: what lasted and what came before, how many went well, who shares it, praise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from kpi import compare, resolutions
from kpi.charts import Point, history
from kpi.charts.effect import effect
from kpi.charts.gaps import GapRow, gaps
from kpi.fields import resolve
from kpi.issues import Origin
from kpi.model import Claim, Filter, Grain, Unit, Verdict
from kpi.people import Called, called
from kpi.resolutions import Drop, Kept, Lasting, Preceded, Quick, Report, Shared
from kpi.words import issue_sentences as issue_words
from kpi.words import resolution_sentences as words
from kpi.words.figures import between
from ui import actions, agents_store, choices, downloads, figures, page, places, resolutions_store, tables
from ui.escape import plain, sentence
from ui.resolutions_store import DROP_BEFORE, DROP_SINCE, NOW, Behind
from ui.view import View

BEST = "What stands out"
MOST_DRAWN = 24
PERSONAL = {"agent": "Agent"}
PARTS = {
    "Quick and satisfied": (resolutions.GOOD, resolutions.JUDGED),
    "Quick": (resolutions.QUICK, resolutions.TIMED),
    "Satisfied": (resolutions.HAPPY, resolutions.RATED),
}
"""Row of the table of shares → the contacts that have it, and those it is counted among."""
JUDGED_BY = {resolutions.RATE: "volume", resolutions.TIME: "ttr", resolutions.RATING: "csat"}
"""What dropped → the metric that says whether it does so again."""
PART_OF_VALUE = {
    "Quick and satisfied": resolutions.GOOD,
    "Share": resolutions.GOOD,
    "Without counterpart": resolutions.WITHOUT,
}
"""Column of the table of what the good ones share → which contacts of the value its number counts."""


@dataclass(frozen=True)
class Asked:
    """What is looked at, and what was found."""

    kept: Kept | str
    report: Report | None = None
    lasting: Lasting | None = None
    drop: Drop | None = None
    preceded: Preceded | None = None
    names: Mapping[str, str] | None = None

    @property
    def called(self) -> Mapping[str, str]:
        """What agents are called on the page."""
        return self.names or {}


def choose(view: View) -> Asked:
    """What quick means, whose drops are followed and how agents are called, from the address or chosen."""
    page.stop_when_refused(view)
    with st.container(horizontal=True, vertical_alignment="bottom", key="resolutions-what"):
        quick = Quick(choices.choose("Quick means", [each.value for each in Quick], "quick", width=310))
        kept = resolutions_store.prepared(view, quick)
        if isinstance(kept, str):
            return Asked(kept)
        fields = resolutions.fields_of(kept)
        field = resolutions.ISSUE
        if fields:
            field = choices.choose(
                "Follow what lasted by", fields, "lasting_by", words=words.field_words, width=190
            )
        how = Called(choices.choose("Call agents by", [each.value for each in Called], "called", width=170))
    report = resolutions_store.reported(view, kept)
    lasting = resolutions_store.lasted(view, kept, field)
    drop = _chosen(lasting)
    before = None if drop is None else resolutions_store.preceded(view, kept, drop)
    dimensions = [
        kept.table.dimensions[name] for name in resolutions.PERSONS if name in kept.table.dimensions
    ]
    found = dict.fromkeys(str(name) for each in dimensions for name in each.categories)
    people = [name for name in found if name != "(none)"]
    # The key of pseudonyms is made of all the data, so it is made only when they are wanted.
    names = called(people, how, agents_store.key(view) if how is Called.PSEUDONYMS else b"")
    return Asked(kept, report, lasting, drop, before, names)


def _chosen(lasting: Lasting) -> Drop | None:
    """The drop that is looked at: the first, or the one chosen when there are several."""
    every = (*lasting.drops, *lasting.together)
    if len(every) < 2:
        return every[0] if every else None
    titles = [f"{drop.value}, {drop.what}" for drop in every]
    return every[titles.index(choices.choose("Drop", titles, "drop", width=260))]


def finding(asked: Asked) -> str:
    """What went well, as the title."""
    return words.resolution_title(asked.kept, asked.report, asked.lasting)


def about(view: View, asked: Asked) -> tuple[str, ...]:
    """What the page speaks of."""
    if isinstance(asked.kept, str):
        return (view.label,)
    if not asked.kept.dated:
        return (view.label, "all data together, as contacts have no date")
    return (*page.about(view), asked.kept.basis.words)


def lasted(view: View, asked: Asked) -> None:
    """What stepped down and stayed there, held against the others, and what came shortly before."""
    found = asked.lasting
    if isinstance(asked.kept, str) or found is None:
        st.info(sentence(f"{asked.kept}."), icon=":material/info:")
        return
    st.header("What lasted", anchor=False)
    st.markdown(f"**{sentence(words.lasting_sentence(found))}**")
    drop = asked.drop
    if drop is None:
        return
    grain = asked.kept.grain
    with st.container(border=True):
        _weeks(view, asked.kept, drop)
        st.markdown(sentence(words.control_sentence(drop, found.looked_at)))
        if asked.preceded is not None:
            _before(asked, asked.preceded, drop)
        with st.container(horizontal=True, vertical_alignment="center", key="drop-next"):
            part = _part(drop)
            for side, n, label in (
                (DROP_BEFORE, drop.n_before, "before"),
                (DROP_SINCE, drop.n_after, "since"),
            ):
                st.button(
                    f"{n:,} {issue_words.contacts(grain, n)} {label}",
                    key=f"drop-{label}",
                    icon=":material/table_rows:",
                    on_click=resolutions_store.show,
                    args=(Behind(part, side),),
                )
            said = words.drop_sentence(drop, grain)
            actions.link(
                said, *_judged_by(view, asked.kept, drop), reference="/resolutions", label="Repeat it"
            )
            st.page_link(places.page_named("trends"), label="Note an event", icon=":material/event:")
    records = words.drop_rows(found)
    if len(records) > 1:
        tables.plain_rows(records, "Everything that lasted")
    downloads.rows("Download what lasted", records, "lasting", "lasting")


def _judged_by(view: View, kept: Kept, drop: Drop) -> tuple[str, tuple[Filter, ...]]:
    """The metric and the segment that an action begun from a drop is judged by.

    Without a metric where the data have no column for the segment (issues by rules or from texts): that of
    everything would judge something else.
    """
    key = JUDGED_BY[drop.what] if kept.grain is Grain.TICKETS or drop.what == resolutions.RATING else ""
    column = drop.field
    if column == resolutions.ISSUE:
        column = kept.source.field if kept.source.origin is Origin.FIELD else ""
    grain = Grain.SURVEYS if key == JUDGED_BY[resolutions.RATING] else kept.grain
    table = view.facts.table(grain)
    if not column or table is None or resolve(table, column) is None:
        return "", view.where
    return key, (*view.where, Filter(column, (drop.value,)))


def _part(drop: Drop) -> str:
    return {resolutions.TIME: resolutions.TIMED, resolutions.RATING: resolutions.RATED}.get(
        drop.what, resolutions.CAME
    )


def _weeks(view: View, kept: Kept, drop: Drop) -> None:
    found = resolutions_store.weeks(view, kept, drop)
    own = [Point(span.start, span.days, each) for span, each in zip(found.spans, found.own, strict=True)]
    others = [
        Point(span.start, span.days, each)
        for span, each in zip(found.spans[: len(found.others)], found.others, strict=True)
    ]
    said = words.drop_sentence(drop, kept.grain)
    if not any(point.estimate.value is not None for point in own):
        st.subheader(sentence(said), anchor=False)
        return
    control = "the others, at its level before"
    figures.show(
        said,
        effect(
            own,
            drop.day,
            found.unit,
            figures.colours(),
            control=others,
            name=plain(drop.value, 22),
            control_name="others" if others else "",
        ),
        words.lasting_alt(drop),
        "Whole weeks; band: 95 % interval" + (f"; dashed grey: {control}" if others else ""),
    )


def _before(asked: Asked, found: Preceded, drop: Drop) -> None:
    grain = asked.kept.grain if isinstance(asked.kept, Kept) else None
    st.markdown(f"**{sentence(words.preceded_sentence(found))}**")
    said = [words.event_sentence(each.day, each.name, each.kind, drop) for each in found.events]
    if grain is not None:
        said += [words.new_sentence(each, drop, asked.called, grain) for each in found.found]
    if said:
        st.markdown("\n".join(f"- {sentence(text)}" for text in said[:12]))
    if not found.found:
        return
    records = words.new_rows(found, asked.called)
    shown = [{name: value for name, value in row.items() if name != "Agent"} for row in records]
    clicked = tables.choosable(shown, "before-table", "What came shortly before; a click shows the contacts")
    if tables.newly("before-table", clicked) and clicked is not None and clicked[0] < len(found.found):
        one = found.found[clicked[0]]
        side = DROP_BEFORE if clicked[1] in ("Before", "n before") else DROP_SINCE
        every = clicked[1].startswith("n ")
        resolutions_store.show(Behind(resolutions.CAME, side, one.field, "" if every else one.value))
    downloads.rows("Download what came before", records, "came before", "before", PERSONAL)


def good(view: View, asked: Asked) -> None:
    """Quick and satisfied: the share and its two parts, now against before."""
    report, kept = asked.report, asked.kept
    if isinstance(kept, str) or report is None:
        return
    st.header("Quick and satisfied", anchor=False)
    if report.refused is not None:
        said = f"{report.refused[:1].upper()}{report.refused[1:]}."
        st.info(sentence(said), icon=":material/info:")
    claims = _claims(view, report)
    sentences = words.good_sentences(report, claims)
    st.markdown("\n".join(f"- {sentence(text)}" for text in sentences))
    records = words.good_rows(kept, claims, report)
    if not records:
        return
    _history(view, kept, report)
    clicked = tables.choosable(records, "good-table", "Shares now and before; a click shows the contacts")
    if tables.newly("good-table", clicked) and clicked is not None and clicked[0] < len(records):
        of, among = PARTS[str(records[clicked[0]]["What"])]
        side = resolutions_store.BEFORE if "before" in clicked[1].lower() else NOW
        part = among if clicked[1] in ("n", "n before") else of
        resolutions_store.show(Behind(part, side))
    st.caption(sentence(words.yardstick(kept)))
    downloads.rows("Download these shares", records, "quick and satisfied", "good")


def _history(view: View, kept: Kept, report: Report) -> None:
    """Quick and satisfied week by week."""
    good_now = report.of("good")
    if report.refused is not None or report.now is None or good_now is None:
        return
    points = resolutions_store.history(view, kept)
    if not any(point.estimate.value is not None for point in points):
        return
    metric = good_now.metric
    with st.container(border=True):
        figures.show(
            words.history_sentence(report),
            history(points, metric.unit, figures.colours(), now=report.now, before=report.before),
            f"Quick and satisfied by week from {points[0].start} to {points[-1].end}.",
            f"Share of judged contacts, {metric.basis.words}, whole weeks only",
            "Line: value; band: 95 % interval; bars: n; shaded: the two periods compared",
        )


def _claims(view: View, report: Report) -> tuple[Claim, ...]:
    if report.before is None:
        return ()
    return compare.claims(report.comparisons, view.now, view.before)


def shares(view: View, asked: Asked) -> None:
    """What the good ones share, beyond chance and with luck pulled out."""
    kept = asked.kept
    if isinstance(kept, str) or asked.report is None or asked.report.refused is not None:
        return
    found = resolutions_store.shared(view, kept)
    st.header("What the good ones share", anchor=False)
    st.markdown(f"**{sentence(words.shared_sentence(found))}**")
    if not found.values:
        return
    for group in (found.better, found.worse):
        said = [words.value_sentence(value, asked.called) for value in group[:8]]
        if said:
            st.markdown("\n".join(f"- {sentence(text)}" for text in said))
        if note := words.overlap_note(group):
            st.caption(sentence(note))
    fields = {BEST: "", **{words.field_words(each.field): each.field for each in found.values}}
    label = choices.choose("Column", list(fields), "shares_of", width=240)
    field = fields[label]
    shown = _drawn(found, field)
    with st.container(border=True):
        figures.show(
            words.drawn_sentence(shown, label if field else ""),
            gaps([_row(each, asked.called) for each in shown], figures.colours()),
            words.drawn_alt(shown, asked.called),
            "Dot: difference, line: interval, tick: pulled in by how little it knows; grey: chance explains "
            "it; the order is no rank",
        )
    records = words.shared_rows(found, asked.called)
    kept_rows = [place for place, each in enumerate(found.values) if each in shown]
    table = [{n: v for n, v in records[place].items() if n != "Agent"} for place in kept_rows]
    clicked = tables.choosable(table, "shares-table", "Every value; a click shows its contacts")
    if tables.newly("shares-table", clicked) and clicked is not None and clicked[0] < len(kept_rows):
        one = found.values[kept_rows[clicked[0]]]
        part = PART_OF_VALUE.get(clicked[1], resolutions.JUDGED)
        resolutions_store.show(Behind(part, NOW, one.field, one.value))
    if not isinstance(asked.kept, str) and set(resolutions.PERSONS) & set(asked.kept.table.dimensions):
        st.caption(
            sentence(words.persons_sentence(resolutions.responder_header(asked.kept), asked.kept.grain))
        )
    if hidden := words.hidden_sentence(found):
        st.caption(sentence(hidden))
    downloads.rows("Download every value", records, "what the good ones share", "shares", PERSONAL)


def _drawn(found: Shared, field: str) -> list[resolutions.Value]:
    """The values of a column; without one those that stand out, then others, but no agent within chance."""
    if field:
        return [each for each in found.values if each.field == field][:MOST_DRAWN]
    clear = [*found.better, *found.worse]
    rest = sorted(
        (
            each
            for each in found.values
            if each.verdict is Verdict.UNCLEAR and each.field not in resolutions.PERSONS
        ),
        key=lambda each: (-abs(each.shrunk), each.field, each.value),
    )
    chosen = [*clear, *rest][: max(10, len(clear))]
    return [each for each in found.values if each in chosen]


def _row(value: resolutions.Value, names: Mapping[str, str]) -> GapRow:
    return GapRow(
        plain(words.value_name(value, names), 60),
        value.gap,
        value.low,
        value.high,
        value.shrunk,
        value.n,
        value.verdict,
        Unit.PERCENT.change(value.gap),
        between(Unit.PERCENT, value.low, value.high),
    )


def escalated(view: View, asked: Asked) -> None:
    """How the escalated ended, beside others of the same kind."""
    kept = asked.kept
    if isinstance(kept, str):
        return
    found = resolutions_store.escalated(view, kept)
    st.header("Escalated, and how they ended", anchor=False)
    st.markdown(f"**{sentence(words.escalation_sentence(found, kept))}**")
    if found.refused is not None:
        return
    if hours := words.hours_sentence(found):
        st.markdown(sentence(hours))
    records = words.ending_rows(found)
    clicked = tables.choosable(records, "ending-table", "Endings; a click shows the contacts")
    if tables.newly("ending-table", clicked) and clicked is not None and clicked[0] < len(found.endings):
        key = found.endings[clicked[0]].key
        parts = resolutions.PART_OF_ENDING if clicked[1] != "n" else resolutions.AMONG_OF_ENDING
        resolutions_store.show(Behind(parts[key]))
    st.caption(sentence(" ".join(filter(None, (words.ESCALATED_CAVEAT, found.note)))))
    downloads.rows("Download how they ended", records, "escalated", "endings")


def method(asked: Asked) -> None:
    """How all this was computed."""
    if isinstance(asked.kept, str):
        return
    with st.expander("How sure is this, and how was it computed?"):
        st.markdown("\n".join(f"- {sentence(text)}" for text in words.method_sentences(asked.kept)))
