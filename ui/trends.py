"""One metric over time: what was chosen, the findings, the picture, and what stands below it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from kpi import words
from kpi.charts import control, weekday
from kpi.metrics import catalogue
from kpi.metrics.feeding import feeds
from kpi.model import Metric, Period
from kpi.periods import describe
from kpi.periods.kinds import as_date
from kpi.trend import Outlook, Trend, last_whole_day, weeks_until
from kpi.trend.plain import trend_points_table
from kpi.words.figures import probability
from ui import choices, downloads, drill, events, figures, store, tables
from ui.drill import observed
from ui.escape import escape, plain, sentence
from ui.view import View

GRAINS = {"Weeks": "week", "Days": "day", "Months": "month"}
LENGTHS = {"52 weeks": 52, "26 weeks": 26, "104 weeks": 104}
EVERYTHING = "All data"
NO_POINT = "None"


@dataclass(frozen=True)
class Asked:
    """Which history is wanted."""

    metric: Metric
    grain: str
    span: Period


def choose(view: View) -> Asked:
    """Metric, points and length of the history, from the address or chosen here."""
    known = {metric.name: metric for metric in catalogue(view.definitions, view.facts)}
    names = list(known)
    told = [place for place, metric in enumerate(known.values()) if feeds(metric, view.facts)]
    first = next((place for place in told if known[names[place]].key == "csat"), told[0] if told else 0)
    with st.container(horizontal=True, vertical_alignment="bottom", key="trend-what"):
        metric = known[choices.choose("Metric", names, "metric", first=first, width=420)]
        grain = GRAINS[choices.choose("Points", list(GRAINS), "grain", width=140)]
        length = choices.choose("History", [*LENGTHS, EVERYTHING], "history", width=160)
    return Asked(metric, grain, span(view, length))


def span(view: View, length: str) -> Period:
    """The newest weeks of the data, whatever the period above; all of them where they are fewer."""
    if length == EVERYTHING:
        return Period(as_date(view.facts.first_day), last_whole_day(view.facts))
    return weeks_until(view.facts, LENGTHS[length])


def found(view: View, asked: Asked) -> Trend:
    """The trend with the known events."""
    return store.trend(view, asked.metric.key, asked.grain, asked.span, store.events())


def about(view: View, trend: Trend) -> tuple[str, ...]:
    """What the page speaks of."""
    return (
        view.label,
        f"{trend.metric.name}, {trend.metric.basis.words}",
        f"{describe(trend.span)}, whatever the period above",
    )


def findings(trend: Trend) -> None:
    """What follows from the title; what is missing where there is no trend."""
    if trend.refused is not None:
        drawn = any(point.estimate.value is not None for point in trend.points)
        right = " The points below are still right, each with its own interval." if drawn else ""
        st.info(f"{sentence(trend.refused[:1].upper() + trend.refused[1:])}.{right}", icon=":material/info:")
    said = words.trend_findings(trend)
    if said:
        st.markdown("\n".join(f"- {sentence(text)}" for text in said))


def picture(trend: Trend) -> None:
    """The control chart, with what it shows written above and how to read it below."""
    if not any(point.estimate.value is not None for point in trend.points):
        st.caption(sentence(f"There is no whole {trend.grain} with a value to draw."))
        return
    with st.container(border=True):
        figures.show(
            words.signals_sentence(trend),
            control(trend, figures.colours()),
            words.trend_alt(trend),
            *words.chart_key(trend),
        )
        with st.expander("What would be false signals, and where the limits come from"):
            st.markdown(
                f"{sentence(words.false_signals_sentence(trend))} {sentence(words.limits_sentence(trend))}"
            )
        downloads.rows(
            "Download the points", trend_points_table(trend), f"{trend.metric.key} by {trend.grain}", "trend"
        )


def rows_of_a_point(view: View, trend: Trend) -> None:
    """The rows that one point of the chart was counted from, the newest point first on the list."""
    known = [point for point in reversed(trend.points) if point.estimate.value is not None]
    named = {f"{describe(point.span)}: {observed(trend.metric, point.estimate.n)}": point for point in known}
    if not named:
        return
    chosen = choices.choose("Rows behind a point", [NO_POINT, *named], "point", width=420)
    if chosen in named:
        drill.below(view, trend.metric, named[chosen].span, "point")


def beside(view: View, trend: Trend) -> None:
    """Where the month and the quarter are heading, and the profile of the week."""
    heading, week = st.columns(2)
    with heading, st.container(border=True, height="stretch"):
        st.subheader("Where it is heading", anchor=False)
        for outlook in trend.outlooks:
            _outlook(trend, outlook)
        if any(outlook.value is not None for outlook in trend.outlooks):
            st.caption(
                "Days that are over stay as they are; those to come vary around the level since the newest "
                "change of level (of the newest 16 weeks where there is a drift). No drift is taken to go on."
            )
        if not trend.outlooks:
            st.caption("There are no days to go on from.")
    with week, st.container(border=True, height="stretch"):
        _weekdays(view, trend)


def _outlook(trend: Trend, outlook: Outlook) -> None:
    said = sentence(words.outlook_sentence(trend, outlook))
    st.markdown(said if outlook.value is None else f"**{said}**")
    if said := words.so_far_sentence(trend, outlook):
        st.caption(sentence(said))


def _weekdays(view: View, trend: Trend) -> None:
    finding = words.weekday_sentence(trend)
    if not any(day.estimate.value is not None for day in trend.weekdays.days):
        st.subheader("The week", anchor=False)
        st.caption(sentence(finding))
        return
    figures.show(
        finding.rstrip("."),
        weekday(trend, figures.colours(), view.definitions.first_weekday),
        f"{trend.metric.name} by weekday. {finding}",
        "Dot: mean of the weekday; line: interval",
    )


def changes(trend: Trend) -> None:
    """Steps that nobody named, as a table; or that none was found."""
    st.subheader("Changes of level", anchor=False)
    if trend.refused is not None:
        st.caption(sentence(f"Not looked for: {trend.refused}."))
        return
    if not trend.change_points:
        st.caption("No date divides this history into two levels beyond chance.")
        return
    tables.plain_rows(
        [
            {
                "Most likely first day": f"{point.day}",
                "Between": describe(Period(point.low, point.high)),
                "Change": words.change_words(trend, point.size),
                "Verdict": words.mark(point.size.verdict),
            }
            for point in trend.change_points
        ],
        "Changes of level: "
        + " ".join(words.change_point_sentence(trend, point) for point in trend.change_points),
    )
    st.caption(
        "Found by trying every date; the date was chosen because the step there is large, so the true step "
        "may be smaller."
    )


def known_events(trend: Trend) -> None:
    """The change since each known event, as a table, and the way to add one."""
    st.subheader("Known events", anchor=False)
    if trend.events:
        tables.plain_rows(
            [
                {
                    "Event": plain(effect.event.name or effect.event.kind),
                    "Kind": effect.event.kind,
                    "Days": describe(Period(effect.event.day, effect.event.until or effect.event.day)),
                    "Change since, or during": words.change_words(trend, effect.change)
                    if effect.change.change is not None
                    else f"cannot be judged: {effect.change.reason}",
                    "p, adjusted": ""
                    if effect.change.p_adjusted is None
                    else probability(effect.change.p_adjusted),
                    "Verdict": "" if effect.change.change is None else words.mark(effect.change.verdict),
                }
                for effect in trend.events
            ],
            "Known events: " + " ".join(words.event_sentence(trend, effect) for effect in trend.events),
        )
        st.caption(
            "Each is judged allowing for the others, so events close together are hard to tell apart. What "
            "changed on a day need not have changed because of it."
        )
    else:
        st.caption("None yet: a release, an outage or a campaign is marked on every history once it is here.")
    events.edit(trend)


def method(trend: Trend) -> None:
    """How all this was computed."""
    with st.expander("How sure is this, and how was it computed?"):
        st.markdown("\n".join(f"- {sentence(text)}" for text in words.trend_method(trend)))
        if trend.metric.caveat:
            st.caption(escape(trend.metric.caveat, 2_000))
