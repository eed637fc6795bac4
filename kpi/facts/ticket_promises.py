"""Service-level commitments of tickets: kept, broken, not yet decided."""

from __future__ import annotations

import numpy as np

from kpi.facts.columns import SECOND, Known, flags, whole
from kpi.facts.ticket_columns import TicketColumns


def commitments(made: TicketColumns) -> None:
    """Service-level commitments: the export's own labels, else its deadlines, else the targets set."""
    c, columns = made.canonical, made.columns
    first = c.time("first_response_at")
    response, response_from = _commitment(made, "sla_first_response_met", "first_response_due_at", first)
    resolution, resolution_from = _commitment(made, "sla_resolution_met", "due_at", made.solved_at)
    if not resolution.known.any():
        resolution, resolution_from = _own_target(made)
    decided = response.known.astype(np.uint8) + resolution.known.astype(np.uint8)
    if not decided.any():
        why = "no column holds a service-level label or deadline, and no target is set"
        names = (
            "decided",
            "met",
            "response_decided",
            "response_met",
            "resolution_decided",
            "resolution_met",
        )
        made.absent |= {f"sla_{name}": why for name in (*names, "any_decided", "both_met")}
        return
    columns["sla_decided"] = decided
    columns["sla_met"] = response.values.astype(np.uint8) + resolution.values.astype(np.uint8)
    columns["sla_any_decided"] = flags(decided > 0)
    columns["sla_both_met"] = flags((decided > 0) & (columns["sla_met"] == decided))
    for name, outcome in (("response", response), ("resolution", resolution)):
        if outcome.known.any():
            columns[f"sla_{name}_decided"] = flags(outcome.known)
            columns[f"sla_{name}_met"] = flags(outcome.values)
    origins = [
        f"{name}: {words}"
        for name, words in (("response", response_from), ("resolution", resolution_from))
        if words
    ]
    made.notes["sla_decided"] = "; ".join(origins)
    due = c.time("due_at")
    over = due.known & made.solved_at.known & (made.solved_at.values > due.values)
    if over.any():
        columns["sla_late"] = flags(over)
        columns["sla_late_min"] = whole((made.solved_at.values - due.values) / SECOND / 60, over)


def _commitment(made: TicketColumns, label: str, deadline: str, stamp: Known) -> tuple[Known, str]:
    """Outcome by label where the export gives labels; else by deadline, once it was kept or has
    passed."""
    labels = made.canonical.flag(label)
    if labels.known.any():
        return labels, "the export's own label"
    due = made.canonical.time(deadline)
    if not due.known.any():
        return labels, ""
    met = due.known & stamp.known & (stamp.values <= due.values)
    passed = due.known & (stamp.known | ((due.values < made.as_of) & ~made.gone))
    return Known(met, passed), "the export's own deadline"


def _own_target(made: TicketColumns) -> tuple[Known, str]:
    nothing = Known(made.canonical.nothing(), made.canonical.nothing())
    if "ttr_decided" not in made.columns:
        return nothing, ""
    decided, met = made.columns["ttr_decided"] != 0, made.columns["ttr_met"] != 0
    return Known(met, decided), "the resolution target set here"
