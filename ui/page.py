"""What every page begins with."""

from __future__ import annotations

import streamlit as st

from ui import frame
from ui.escape import sentence, unbroken
from ui.view import View

FINDINGS = (
    '<h2 style="position:absolute;width:1px;height:1px;margin:0;padding:0;overflow:hidden;'
    'clip-path:inset(50%);white-space:nowrap">What was found</h2>'
)
"""Heads the findings below the title for those who go from heading to heading by ear; nobody sees it."""


UNDATED = "everything together, as no row has a date"


def open(name: str) -> View:
    """The view of this run. Draws the frame first when the page was run without it (a cold deep link)."""
    view = frame.drawn.get()
    if view is None:
        frame.main()
        st.stop()
        raise RuntimeError("the frame was drawn and the page went on")
    return view


def title(finding: str, *under: str) -> None:
    """The finding as the title of the page, with what it speaks of below."""
    with st.container(gap=None):
        st.title(unbroken(sentence(finding)), anchor=False)
        st.html(FINDINGS)
    if under:
        st.caption(" · ".join(sentence(part.removesuffix(".")) for part in under if part))


def about(view: View) -> tuple[str, ...]:
    """What the numbers of a page speak of: data set, both periods with their days, exclusions."""
    return (view.label, view.window.words if view.facts.dated else UNDATED)


def stop_when_refused(view: View) -> None:
    """Say why the two periods cannot be compared, and end the page."""
    if not view.facts.dated:
        title("Without dates nothing can be compared", view.label)
        st.info(
            "No row of these data has a date, so there is no period to show and none before it. A column "
            "with the day or the time of each contact would help. Issues, agents and customers are told of "
            "all data together.",
            icon=":material/info:",
        )
        st.stop()
    if view.window.refused:
        title("These two periods cannot be compared")
        st.info(
            sentence(
                f"{view.window.refused}. Another choice under “Compared with” or a shorter period would do; "
                "Issues, Agents, Customers, Targets and Trends also tell of a period by itself."
            ),
            icon=":material/info:",
        )
        st.stop()
