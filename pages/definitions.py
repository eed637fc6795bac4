"""How is each number computed, and under which targets, calendar and windows?"""

import streamlit as st

from ui import catalogue, page, settings

view = page.open("definitions")
metrics = catalogue.metrics()

page.title("How every number is computed", *catalogue.about(view))
settings.confirm()
numbers, goals, promises, days, windows = st.tabs(
    [
        "Metrics",
        "Targets and what matters",
        "Response and resolution targets",
        "Days and hours",
        "Windows and exclusions",
    ]
)
with numbers:
    catalogue.show(view, metrics)
with goals:
    settings.targets(metrics, view)
with promises:
    settings.first_response(view.definitions, *catalogue.channels_and_priorities(view))
with days:
    settings.days(view.definitions)
with windows:
    settings.windows(view.definitions)
settings.reset()
