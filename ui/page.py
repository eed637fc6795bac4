"""What every page begins with."""

from __future__ import annotations

import streamlit as st

from ui import frame
from ui.escape import sentence
from ui.view import View

FINDINGS = (
    '<h2 style="position:absolute;width:1px;height:1px;margin:0;padding:0;overflow:hidden;'
    'clip-path:inset(50%);white-space:nowrap">What was found</h2>'
)
"""Heads the findings below the title for those who go from heading to heading by ear; nobody sees it."""


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
        st.title(sentence(finding), anchor=False)
        st.html(FINDINGS)
    if under:
        st.caption(" · ".join(sentence(part.removesuffix(".")) for part in under if part))


def about(view: View) -> tuple[str, ...]:
    """What the numbers of a page speak of: data set, both periods with their days, exclusions."""
    return (view.label, view.window.words)


def stop_when_refused(view: View) -> None:
    """Say why the two periods cannot be compared, and end the page."""
    if view.window.refused:
        title("These two periods cannot be compared")
        st.info(sentence(view.window.refused), icon=":material/info:")
        st.stop()
