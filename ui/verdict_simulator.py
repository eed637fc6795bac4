"""When do we say better: the rules, the worked examples, the simulator."""

from __future__ import annotations

import streamlit as st

from kpi import charts
from kpi.calling import Simulation, World, simulate, worked_examples
from kpi.calling.asking import DAYS, HISTORIES, PERSISTENCES, SWINGS, TYPED, kind_named, world_typed
from kpi.definitions import Definitions
from kpi.metrics import catalogue
from kpi.words import verdict_sentences as words
from ui import choices, figures, page
from ui.escape import sentence
from ui.remember import remembered
from ui.view import View

RESULTS = 200
AT_FIRST = {"days": 3, "swing": 1, "persistence": 1, "history": 2}
"""Which of the choices stands there first."""
MOST_A_DAY, MOST_LOOKS = 500, 200


def rules(view: View) -> None:
    """What every verdict needs, from the numbers that the judge uses."""
    page.title(words.verdicts_title(view.definitions), "The same rules on every page, in every download")
    st.markdown(
        "\n".join(
            f"- **{sentence(verdict.value.capitalize())}**: {sentence(text)}"
            for verdict, text in words.verdict_needs(view.definitions)
        )
    )
    with st.expander("What chance is learned from"):
        st.markdown("\n".join(f"- {sentence(text)}" for text in words.verdict_designs()))
    with st.expander("What matters, by metric"):
        st.caption("Smaller differences are never called. They are set on the page Definitions.")
        known = catalogue(view.definitions)
        st.markdown("\n".join(f"- {sentence(words.matters_words(metric))}" for metric in known))


def examples(view: View) -> None:
    """A card for each way to a verdict; numbers made, verdicts the judge's own."""
    st.header("Worked examples", anchor=False)
    st.caption("Made numbers of two spans of four weeks, judged just now by the code that judges yours.")
    grid = st.grid(2, min_column_width=320)
    for example in worked_examples(view.definitions):
        with grid.cell(), st.container(border=True, height="stretch"):
            st.markdown(f"**{sentence(words.example_title(example))}**")
            st.markdown(sentence(words.example_sentence(example)))
            st.caption(
                f"{sentence(words.example_numbers(example))}. {sentence(words.example_reason(example))}"
            )


def simulator(view: View) -> None:
    """Pick a world and a true change: how often would we call it?"""
    st.header("How often would we call it?", anchor=False)
    world, change = _asked()
    wrong = world.problems()
    if wrong:
        st.info(sentence(f"{'; '.join(wrong)}."), icon=":material/info:")
        return
    try:
        found = _simulated(world, change, view.definitions.fingerprint(), view.definitions)
    except ValueError as error:
        st.info(sentence(f"This cannot be: {error}."), icon=":material/info:")
        return
    st.subheader(sentence(words.simulation_title(found)), anchor=False)
    st.markdown("\n".join(f"- {sentence(text)}" for text in words.simulation_sentences(found)))
    warning = words.plain_warning(found)
    if warning:
        st.warning(sentence(warning), icon=":material/casino:")
    with st.container(border=True):
        figures.show(
            words.power_sentence(found),
            charts.power(found, figures.colours()),
            words.power_alt(found),
            "Line: called by this app, in the right direction; dashed: by a plain test, in either",
            "Upright: the change above; shaded: too small to matter; dotted: four times in five",
        )


def _asked() -> tuple[World, float]:
    first = st.container(horizontal=True, vertical_alignment="bottom", key="simulate-what")
    second = st.container(horizontal=True, vertical_alignment="bottom", key="simulate-how")
    with first:
        kind = kind_named(choices.choose("Kind of metric", [one.name for one in TYPED.values()], "sim_kind"))
        typed = TYPED[kind]
        base = st.number_input(
            f"Before ({typed.word})",
            typed.low,
            typed.high,
            typed.base,
            typed.step,
            key=f"sim_base_{kind.value}",
            bind="query-params",
        )
        change = st.number_input(
            f"True change ({typed.word if typed.word != '%' else 'points'})",
            value=typed.change,
            step=typed.step,
            key=f"sim_change_{kind.value}",
            bind="query-params",
        )
        days = choices.choose("Each period", list(DAYS), "sim_days", first=AT_FIRST["days"])
        per_day = st.number_input("Rows a day", 1, MOST_A_DAY, 12, key="sim_rows", bind="query-params")
    with second:
        looks = st.number_input(
            "Compared together",
            1,
            MOST_LOOKS,
            1,
            key="sim_looks",
            bind="query-params",
            help="So many metrics or segments are looked at together; the others did not change.",
        )
        swing = choices.choose("Days differ", list(SWINGS), "sim_swing", first=AT_FIRST["swing"])
        persistence = choices.choose(
            "Good days follow good days", list(PERSISTENCES), "sim_persistence", first=AT_FIRST["persistence"]
        )
        known = choices.choose(
            "Data to learn from", list(HISTORIES), "sim_history", first=AT_FIRST["history"]
        )
    return world_typed(
        kind, days, int(per_day), float(base), float(change), int(looks), swing, persistence, known
    )


@remembered(RESULTS, "Simulating …")
def _simulated(world: World, change: float, fingerprint: str, _definitions: Definitions) -> Simulation:
    return simulate(world, change, _definitions)
