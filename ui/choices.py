"""One choice from a list that may change between runs (another data set, another filter)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st


def choose(
    label: str,
    options: Sequence[str],
    key: str,
    *,
    first: int = 0,
    words: Callable[[str], str] = str,
    width: int | str = "stretch",
) -> str:
    """The chosen option, bound to the address under ``key``; what is not on offer gives way to ``first``.

    The state is set rather than forgotten then: the browser would go on showing the old choice otherwise.
    """
    known = st.session_state.get(key)
    if known not in options and (known is not None or (first and key not in st.query_params)):
        st.session_state[key] = options[first]
    chosen = st.selectbox(label, options, key=key, bind="query-params", format_func=words, width=width)
    return str(chosen) if chosen in options else options[first]
