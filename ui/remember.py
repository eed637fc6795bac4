"""Streamlit's cache of shared values, with the types of the functions kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import streamlit as st

Function = TypeVar("Function", bound=Callable[..., Any])


def remembered(entries: int | None = None, said: str | bool = False) -> Callable[[Function], Function]:
    """Keep the newest ``entries`` results of a function, by its arguments without a leading underscore.

    ``said`` is shown while the function runs. Results are shared by all readers: they must never be changed.
    """
    return cast(Callable[[Function], Function], st.cache_resource(max_entries=entries, show_spinner=said))
