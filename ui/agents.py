"""Agents: what was chosen, who is apart, raw beside fair, one agent against the team, topics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from kpi import charts, export
from kpi.charts import FunnelPoint
from kpi.model import Filter, Metric, Period
from kpi.people import Called, Looked, Mark, Team, called
from kpi.words import people_sentences as words
from kpi.words import people_tables
from ui import agents_store, choices, downloads, drill, figures, page, tables
from ui.escape import plain, sentence
from ui.view import View

NAMED = "With names"
MOST_LABELS = 6
TALLEST_ROWS = 1_000


@dataclass(frozen=True)
class Asked:
    """What is looked at: the team, one of its metrics, and what agents are called."""

    team: Team
    looked: Looked | None
    names: Mapping[str, str]
    pseudonyms: Callable[[], Mapping[str, str]]
    """Made when they are wanted: their key is made of all the data."""
    masked: bool = False


def choose(view: View) -> Asked:
    """A metric and what agents are called, from the address or chosen here."""
    team = agents_store.team(view)

    def pseudonyms() -> Mapping[str, str]:
        return called(team.agents, Called.PSEUDONYMS, agents_store.key(view))

    if team.refused:
        return Asked(team, None, {}, pseudonyms)
    with st.container(horizontal=True, vertical_alignment="bottom", key="agents-what"):
        metrics = {looked.metric.name: looked for looked in team.compared}
        looked = metrics[choices.choose("Metric", list(metrics), "by", first=_first(team), width=420)]
        how = Called(choices.choose("Call agents by", [each.value for each in Called], "called", width=200))
    names = pseudonyms() if how is Called.PSEUDONYMS else called(team.agents, how, b"")
    return Asked(team, looked, names, pseudonyms, masked=how is not Called.NAMES)


def show(view: View, asked: Asked) -> None:
    """The finding as the title, and everything below it."""
    team, looked = asked.team, asked.looked
    page.title(words.people_title(team, asked.names), *page.about(view))
    if looked is None:
        missing(view, asked)
        return
    said = words.findings(team, asked.names)
    if said:
        st.markdown("\n".join(f"- {sentence(text)}" for text in said))
    funnels(asked, looked)
    st.info(sentence(words.REGRESSION), icon=":material/casino:")
    everybody(view, asked, looked)
    one(view, asked, looked)
    hard_topics(view)
    overview(view, asked)
    method(team)


def missing(view: View, asked: Asked) -> None:
    """What would help where nobody can be compared."""
    st.info(
        "A column with the agent of each contact, at least 5 agents with 10 or more contacts "
        "each, and a column "
        "that says what a contact is about would help. A filter on agents leaves too few of them.",
        icon=":material/info:",
    )
    if asked.team.metrics:
        overview(view, asked)


def funnels(asked: Asked, looked: Looked) -> None:
    """Raw and fair side by side, with the same axis."""
    pairs = [(p, p.raw, p.fair) for p in looked.people]
    domain = words.common_domain(looked)
    counted = f"{words.noun(looked)}, by how much they tell"
    labelled = _labelled(asked, looked)
    left, right = st.columns(2, border=True)
    with left:
        points = [_point(asked, p.agent, p.n, raw, labelled) for p, raw, _ in pairs]
        figures.show(
            words.raw_sentence(looked),
            charts.funnel(
                points,
                looked.raw_curve,
                looked.team,
                words.axis_words(looked, fair=False),
                counted,
                domain,
                figures.colours(),
            ),
            words.people_alt(looked, asked.names, fair=False),
            "Bands: where chance alone puts 95 % and 99.8 % of agents, if all contacts were alike",
        )
    with right:
        fair = [_point(asked, p.agent, p.n, mark, labelled) for p, _, mark in pairs if mark is not None]
        if not fair:
            st.subheader(sentence(words.fair_sentence(looked)), anchor=False)
        else:
            figures.show(
                words.fair_sentence(looked),
                charts.funnel(
                    fair,
                    looked.fair_curve,
                    looked.team,
                    words.axis_words(looked, fair=True),
                    counted,
                    domain,
                    figures.colours(),
                ),
                words.people_alt(looked, asked.names, fair=True),
                "Bands: where chance and the usual spread between agents put 95 % and 99.8 %; triangles are "
                "beyond chance, blue better, orange worse",
            )
    told = (words.scale_sentence(looked), words.kinds_sentence(looked))
    st.caption(" · ".join(sentence(text) for text in told if text))
    lines = (
        words.together_sentence(looked),
        words.lasting_sentence(looked, asked.team),
        words.few_sentence(looked),
    )
    said = [text for text in lines if text]
    if said:
        st.markdown("\n".join(f"- {sentence(text)}" for text in said))


def everybody(view: View, asked: Asked, looked: Looked) -> None:
    """A row for each agent, by name; a click opens the own view."""
    st.subheader("Every agent, by name: the order is no rank", anchor=False)
    records = people_tables.people_rows(looked, asked.names)
    agents = [str(record["Agent"]) for record in records]
    cell = tables.choosable(records, "agents-table", f"{len(records)} agents with their values, by name")
    agents_store.clicked("agents-table", cell, agents)
    st.caption("Click a number to see the rows behind it, and that agent's own view below them.")
    name = f"agents {looked.metric.key} {view.now}"
    _download("Download this table", looked, asked, name)
    if cell is not None and cell[0] < len(agents):
        who = agents[cell[0]]
        agent = next(agent for agent, called_so in asked.names.items() if called_so == who)
        _behind(view, asked, looked.metric, view.now, agent, "agent")


def _behind(view: View, asked: Asked, metric: Metric, period: Period, agent: str, key: str) -> None:
    """The rows behind a number of one agent; without names where pseudonyms were asked for."""
    where = (*view.where, Filter("agent", (agent,)))
    named = plain(asked.names[agent])
    drill.below(view, metric, period, key, where=where, named=named, masked=asked.masked)


def table_bytes(looked: Looked, names: Mapping[str, str]) -> bytes:
    """The table of agents as a file."""
    return export.write_csv(pd.DataFrame(people_tables.people_rows(looked, names)))


def _download(label: str, looked: Looked, asked: Asked, name: str) -> None:
    """Pseudonyms unless the reader switches it off, in every new visit again."""
    with st.container(horizontal=True, vertical_alignment="center", key="download-agents"):
        named = st.toggle(NAMED, key="named-agents", help="Off: agents are pseudonyms of this data set.")

        def written() -> bytes:
            names = {name: name for name in asked.names} if named else asked.pseudonyms()
            return table_bytes(looked, names)

        st.download_button(
            label if not named else f"{label}, with names",
            data=written,
            file_name=f"{downloads.file_stem(name)}{'' if named else '-masked'}.csv",
            mime="text/csv",
            key="save-agents",
            on_click="ignore",
            icon=":material/download:",
        )


def one(view: View, asked: Asked, looked: Looked) -> None:
    """One agent against the band of the team, the own months, the rows; nobody else is named."""
    known = {asked.names[person.agent]: person.agent for person in looked.people}
    st.subheader("One agent and the team", anchor=False)
    who = choices.choose("Agent", sorted(known, key=str.casefold), "who", width=320)
    agent = known[who]
    st.markdown(sentence(words.own_sentence(looked, looked.of(agent), who)))
    own = people_tables.own_rows(asked.team, agent)
    label = f"{plain(who)} against the team in every metric, same kind"
    cell = tables.choosable(own, "own-metrics", label)
    if cell is not None and cell[0] < len(own):
        metrics = {each.metric.name: each.metric for each in asked.team.compared}
        _behind(view, asked, metrics[str(own[cell[0]]["Metric"])], view.now, agent, "own-metrics")
    months = agents_store.months(view, looked.metric, agent)
    told = [(month.period.start, month.estimate, month.expected) for month in months]
    if any(estimate.value is not None for _, estimate, _ in told):
        with st.container(border=True):
            figures.show(
                words.months_sentence(looked, months, who),
                charts.own_months(told, looked.metric.unit, figures.colours()),
                f"{words.months_sentence(looked, months, who)}.",
                "Dot: own, with its 95 % interval; dash: colleagues with the same kind in that month",
            )
        with st.expander("The months as a table"):
            rows_of = people_tables.month_rows(looked, months)
            cell = tables.choosable(rows_of, "own-months", f"Months of {plain(who)}")
            if cell is not None and cell[0] < len(months):
                _behind(view, asked, looked.metric, months[cell[0]].period, agent, "own-months")
    with st.expander(f"The rows behind it: {looked.metric.name}", key="own-rows", on_change="rerun") as fold:
        if fold.open:
            rows = agents_store.rows(view, looked.metric, agent)
            st.markdown(sentence(words.rows_sentence(looked, len(rows), who)))
            shown = rows.head(TALLEST_ROWS)
            tables.frame(
                export.mask(shown) if asked.masked else shown,
                view.definitions.timezone,
                f"Rows of {plain(who)}, worst first",
                {},
            )
            downloads.table(
                "Download these rows", lambda: rows, f"agent {looked.metric.key} {view.now}", "own"
            )


def hard_topics(view: View) -> None:
    """Needs of a topic rather than of a person."""
    st.subheader("Is it a topic rather than a person?", anchor=False)
    if not st.toggle("Compare every topic with the team's other topics", key="topics", bind="query-params"):
        return
    found = agents_store.topics(view)
    st.markdown(sentence(f"{words.topics_sentence(found)}."))
    if found.found:
        st.markdown("\n".join(f"- {sentence(words.topic_sentence(topic))}" for topic in found.found))
        st.caption(sentence(words.TOPICS_NOTE))


def overview(view: View, asked: Asked) -> None:
    """Every metric in a row."""
    st.subheader("Every metric", anchor=False)
    team = asked.team
    records = people_tables.overview_rows(team)
    label = f"{len(records)} metrics: agents outside raw limits and beyond chance"
    cell = tables.choosable(records, "team-metrics", label)
    if moved := words.moved_sentence(team):
        st.caption(sentence(moved))
    refused = words.refusals(team)
    if refused:
        st.caption(sentence(f"Not compared by agent: {' '.join(refused)}"))
    downloads.rows("Download the metrics", records, "agents metrics", "agents-metrics")
    if cell is not None and cell[0] < len(records):
        _of_agents(view, asked, team.metrics[cell[0]], cell[1])


def _of_agents(view: View, asked: Asked, looked: Looked, column: str) -> None:
    """The rows behind a number of the table of metrics: those of the agents that a column counts, or all."""
    which = {
        "Agents": looked.people,
        "Raw outside 95 %": [person for person in looked.people if person.raw.outside],
        "Beyond chance, same kind": looked.named,
    }.get(column)
    if which is None:
        drill.below(view, looked.metric, view.now, "team-metrics", masked=asked.masked)
    elif not which:
        st.subheader(sentence(f"0 agents: nobody is counted here ({looked.metric.name})"), anchor=False)
    else:
        where = (*view.where, Filter("agent", tuple(person.agent for person in which)))
        named = f"{len(which)} agent{'s' * (len(which) != 1)}"
        drill.below(
            view, looked.metric, view.now, "team-metrics", where=where, named=named, masked=asked.masked
        )


def method(team: Team) -> None:
    """How all this was computed."""
    with st.expander("How was this computed, and what can it not tell?"):
        st.markdown("\n".join(f"- {sentence(text)}" for text in words.method_sentences(team)))


def _first(team: Team) -> int:
    """The metric shown first: one in which somebody is apart, else one in which somebody looks worst."""
    for place, looked in enumerate(team.compared):
        if looked.named:
            return place
    agent, metrics = words.looks_worst(team)
    for place, looked in enumerate(team.compared):
        if agent and words.metric_word(looked.metric) in metrics:
            return place
    return 0


def _labelled(asked: Asked, looked: Looked) -> Sequence[str]:
    """Who is apart, and who only looks so."""
    worst, _ = words.looks_worst(asked.team)
    return [*[person.agent for person in looked.named][:MOST_LABELS], worst]


def _point(asked: Asked, agent: str, n: int, mark: Mark, labelled: Sequence[str]) -> FunnelPoint:
    person = asked.looked.of(agent) if asked.looked else None
    return FunnelPoint(
        plain(asked.names[agent], 40),
        mark.value,
        mark.weight,
        n,
        words.shown_verdict(person, mark),
        words.mark_words(mark),
        agent in labelled,
    )
