"""What a reader sees when something is wrong: plain sentences, never a stack trace."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence

import streamlit as st

from kpi.ingest import Refused
from kpi.ingest.reading import Problem
from ui.escape import escape, sentence

log = logging.getLogger("kpi.app")


def unexpected(error: Exception) -> None:
    """Our fault: say so, write the trace to the server's log under a reference that both can quote."""
    reference = uuid.uuid4().hex[:8]
    log.error("reference %s", reference, exc_info=error)
    st.error(
        "This page could not be made. That is our fault, not yours. Your data are untouched; another period, "
        f"data set or page may still work. The log has the details under reference **{reference}**.",
        icon=":material/report:",
        title="Something went wrong",
    )


def refused(problems: Sequence[Problem]) -> None:
    """A file that cannot be read, with everything that is wrong with it at once."""
    lines = [f"- {_where(problem)}{sentence(problem.message)}" for problem in problems]
    st.error("\n".join(lines), icon=":material/block:", title="This upload could not be read")


def not_taken(problem: Exception) -> None:
    """An upload that gave no data set, in plain sentences."""
    if isinstance(problem, Refused):
        refused(problem.problems)
    else:
        st.error(sentence(problem), icon=":material/block:", title="This upload could not be kept")


def unopened(label: str, error: Exception) -> None:
    """A kept data set that cannot be opened."""
    log.error("data set %s", label, exc_info=error)
    st.warning(
        f"{sentence(error)} The sample data are shown instead.",
        icon=":material/warning:",
        title=f"{escape(label)} could not be opened",
    )


def _where(problem: Problem) -> str:
    parts = [escape(problem.file)] if problem.file else []
    if problem.record is not None:
        parts.append(f"record {problem.record:,}")
    if problem.column:
        parts.append(f"column {escape(problem.column)}")
    return f"**{', '.join(parts)}**: " if parts else ""
