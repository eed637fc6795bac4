"""Intervals and tests on plain numbers and counts. Knows nothing of metrics or frames."""

from kpi.stats.clusters import (
    ClusterVariance,
    Ratio,
    cluster_variance,
    cr2,
    difference_variance,
    kish,
    satterthwaite,
)
from kpi.stats.daily import (
    FEWEST_DAYS,
    Contrast,
    Projection,
    Step,
    daily_contrast,
    daily_contrasts,
    daily_mean,
    project,
    scan_steps,
)
from kpi.stats.intervals import (
    Bounds,
    agreeing_p,
    critical,
    detectable_change,
    mover,
    two_sided_p,
)
from kpi.stats.multiplicity import benjamini_hochberg, holm
from kpi.stats.nps import nps_difference, nps_interval, nps_variance
from kpi.stats.proportions import miettinen_nurminen, newcombe, wilson
from kpi.stats.quantiles import quantile, quantile_interval
from kpi.stats.ranks import Superiority, brunner_munzel
from kpi.stats.rates import poisson_exact, rate_difference, rate_ratio
from kpi.stats.survival import Curve, LogRank, influence, kaplan_meier, log_rank

__all__ = [
    "FEWEST_DAYS",
    "Bounds",
    "ClusterVariance",
    "Contrast",
    "Curve",
    "LogRank",
    "Projection",
    "Ratio",
    "Step",
    "Superiority",
    "agreeing_p",
    "benjamini_hochberg",
    "brunner_munzel",
    "cluster_variance",
    "cr2",
    "critical",
    "daily_contrast",
    "daily_contrasts",
    "daily_mean",
    "detectable_change",
    "difference_variance",
    "holm",
    "influence",
    "kaplan_meier",
    "kish",
    "log_rank",
    "miettinen_nurminen",
    "mover",
    "newcombe",
    "nps_difference",
    "nps_interval",
    "nps_variance",
    "poisson_exact",
    "project",
    "quantile",
    "quantile_interval",
    "rate_difference",
    "rate_ratio",
    "satterthwaite",
    "scan_steps",
    "two_sided_p",
    "wilson",
]
