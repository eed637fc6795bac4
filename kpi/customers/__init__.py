"""Customers: who comes back, who leaves, who is at risk."""

from kpi.customers import rows
from kpi.customers.cohorts import Age, Cell, Cohort, Cohorts, Follow, Since, cohorts, follows
from kpi.customers.knowing import Known, Unit, has_organisations, know, secret
from kpi.customers.late_entry import GroupTest
from kpi.customers.moving import GROUPS, Moves, Quarter, moves, quarters
from kpi.customers.proving import Outcome, Proof, Proofs, prove
from kpi.customers.relating import After, Asked, Relation, relations
from kpi.customers.risk import REASONS, Account, Reason, Risk, risk
from kpi.customers.segments import Kind, Kinds, segments
from kpi.customers.sharing import Band, Sharing, Top, sharing
from kpi.customers.staying import Contrast, Group, Mark, Staying, staying
from kpi.customers.stories import Happening, names, story

__all__ = [
    "GROUPS",
    "REASONS",
    "Account",
    "After",
    "Age",
    "Asked",
    "Band",
    "Cell",
    "Cohort",
    "Cohorts",
    "Contrast",
    "Follow",
    "Group",
    "GroupTest",
    "Happening",
    "Kind",
    "Kinds",
    "Known",
    "Mark",
    "Moves",
    "Outcome",
    "Proof",
    "Proofs",
    "Quarter",
    "Reason",
    "Relation",
    "Risk",
    "Sharing",
    "Since",
    "Staying",
    "Top",
    "Unit",
    "cohorts",
    "follows",
    "has_organisations",
    "know",
    "moves",
    "names",
    "prove",
    "quarters",
    "relations",
    "risk",
    "rows",
    "secret",
    "segments",
    "sharing",
    "staying",
    "story",
]
