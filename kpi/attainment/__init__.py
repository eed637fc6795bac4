"""Are promises kept? Promises of time, targets, open tickets near their limit, and what left its band."""

from kpi.attainment.aiming import aim, aim_of, aimed
from kpi.attainment.alerts import alerts
from kpi.attainment.behind import behind_exception, behind_promise, behind_target
from kpi.attainment.clocks import SOLVED_WITHIN, overrun_of, share_of, with_promises
from kpi.attainment.curves import curve
from kpi.attainment.keeping import keeping, splits
from kpi.attainment.leaving import exceptions
from kpi.attainment.nouns import (
    Aim,
    AttainmentCurve,
    Clock,
    CurvePoint,
    Exceptions,
    Judged,
    Kept,
    LeftBand,
    Origin,
    Promise,
    Side,
    Standing,
)
from kpi.attainment.waiting import Waiting, waiting

__all__ = [
    "SOLVED_WITHIN",
    "Aim",
    "AttainmentCurve",
    "Clock",
    "CurvePoint",
    "Exceptions",
    "Judged",
    "Kept",
    "LeftBand",
    "Origin",
    "Promise",
    "Side",
    "Standing",
    "Waiting",
    "aim",
    "aim_of",
    "aimed",
    "alerts",
    "behind_exception",
    "behind_promise",
    "behind_target",
    "curve",
    "exceptions",
    "keeping",
    "overrun_of",
    "share_of",
    "splits",
    "waiting",
    "with_promises",
]
