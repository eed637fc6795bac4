"""Results → pictures. The only room that imports Altair; every colour comes from one palette.

A chart never carries its own title: the page writes the finding above it, from the same claim as the text.
"""

from kpi.charts.answering import answering
from kpi.charts.attainment import attainment
from kpi.charts.cohorts import cohorts
from kpi.charts.contact_bands import contact_bands
from kpi.charts.control import control
from kpi.charts.distribution import distribution
from kpi.charts.funnel import FunnelPoint, funnel
from kpi.charts.history import Point, history
from kpi.charts.intervals import drawable, intervals
from kpi.charts.legible import legible
from kpi.charts.own_months import own_months
from kpi.charts.palette import DARK, LIGHT, Palette, palette
from kpi.charts.pareto import ParetoBar, pareto
from kpi.charts.power import power
from kpi.charts.shares import has_shares, shares
from kpi.charts.staying import staying
from kpi.charts.survey_bounds import survey_bounds
from kpi.charts.two_sides import TwoSides, two_sides
from kpi.charts.waterfall import Bar, waterfall
from kpi.charts.weekday import weekday

__all__ = [
    "DARK",
    "LIGHT",
    "Bar",
    "FunnelPoint",
    "Palette",
    "ParetoBar",
    "Point",
    "TwoSides",
    "answering",
    "attainment",
    "cohorts",
    "contact_bands",
    "control",
    "distribution",
    "drawable",
    "funnel",
    "has_shares",
    "history",
    "intervals",
    "legible",
    "own_months",
    "palette",
    "pareto",
    "power",
    "shares",
    "staying",
    "survey_bounds",
    "two_sides",
    "waterfall",
    "weekday",
]
