"""The sample with labels that mean nothing: what is claimed then is a false alarm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from kpi.facts import Facts
from kpi.model import Grain

LABELS = ("category", "channel", "product", "priority", "queue")
TEAMS = ("North", "South", "East", "West")


def shuffled(facts: Facts, seed: int, *, teams: bool = False, labels: bool = True) -> Facts:
    """Every label given to a row at random, days, agents and outcomes as they are.

    ``teams``: each agent with all rows is put into one of four teams at random, so that only agents differ;
    ``labels``: whether the labels of rows are drawn too.
    """
    random = np.random.default_rng(seed)
    names = sorted(
        {
            str(n)
            for t in facts.tables.values()
            if "agent" in t.dimensions
            for n in t.dimensions["agent"].categories
        }
    )
    team_of = dict(zip(names, random.permutation(np.arange(len(names)) % len(TEAMS)).tolist(), strict=True))
    tables = {}
    for grain, table in facts.tables.items():
        if grain not in (Grain.TICKETS, Grain.SURVEYS, Grain.CALLS):
            tables[grain] = table
            continue
        order = random.permutation(len(table))
        dimensions = {
            name: values[order] if labels and name in LABELS else values
            for name, values in table.dimensions.items()
            if name != "team"
        }
        if teams:
            agent = table.dimensions["agent"]
            code = np.array([team_of[str(name)] for name in agent.categories])
            dimensions["team"] = pd.Categorical.from_codes(code[agent.codes], list(TEAMS))
        tables[grain] = replace(table, dimensions=dimensions)
    return replace(facts, tables=tables)
