"""A page that is run again with nothing changed works nothing out again."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from conftest import sound
from streamlit.runtime.caching import cache_utils
from streamlit.testing.v1 import AppTest

from kpi import engine, estimates
from kpi.compare import compare, compare_segments, measure
from kpi.facts import build_facts
from kpi.ingest import import_files
from kpi.measures.quantiles_by_day import quantiles_by_day
from kpi.measures.statistics import Counts
from kpi.stats import daily_contrast, kaplan_meier, scan_steps
from kpi.stats.day_noise import learn, whitened
from kpi.workspace import Workspace
from ui.places import PAGES

Open = Callable[..., AppTest]
Called = Counter[str]
MISS = "not remembered"
WORK: Mapping[str, Any] = {
    MISS: cache_utils.CachedFunc._handle_cache_miss,
    "opening a data set": Workspace.load,
    "importing files": import_files,
    "facts": build_facts,
    "aggregates": engine.aggregate,
    "metrics of a period": estimates.measured,
    "estimates": measure,
    "comparison": compare,
    "segments": compare_segments,
    "quantiles of days": quantiles_by_day,
    "value counts": Counts.of_rows,
    "survival": kaplan_meier,
    "noise of days": whitened,
    "fit of days": learn,
    "contrast of days": daily_contrast,
    "steps": scan_steps,
}
"""What takes time, each at the bottom of many ways: the function that does it."""


def code_of(function: Any) -> CodeType:
    """The code of a function, of one that is wrapped too."""
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    assert isinstance(function, FunctionType)
    return function.__code__


@contextmanager
def counted() -> Iterator[Called]:
    """Counts the calls of :data:`WORK` in threads that begin meanwhile, as runs of the app do."""
    names = {code_of(function): name for name, function in WORK.items()}
    found: Called = Counter()

    def seen(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code in names:
            found[names[frame.f_code]] += 1

    assert sys.getprofile() is None, "another profiler runs"
    threading.setprofile(seen)
    try:
        yield found
    finally:
        threading.setprofile(None)


def first_and_again(visit: Open, page: str) -> tuple[Called, Called]:
    """What a page worked out when it was opened, and when it was run again."""
    with counted() as first:
        at = visit(page)
    with counted() as again:
        at.run()
    assert sound(at)
    return first, again


@pytest.mark.parametrize("page", list(PAGES))
def test_a_page_run_again_works_nothing_out(visit: Open, page: str) -> None:
    _, again = first_and_again(visit, page)
    assert again == {}


def test_work_is_seen_when_there_is_some(visit: Open) -> None:
    """The counting itself: a page without what is remembered, and a period that no page has shown."""
    from ui import store

    for each in (store.facts, store._facts, store._comparisons):
        if hasattr(each, "clear"):
            each.clear()
    first, again = first_and_again(visit, "summary")
    assert {MISS, "facts", "aggregates", "metrics of a period", "comparison", "noise of days"} <= set(first)
    assert not again
    at = visit("summary")
    options = at.selectbox(key="period").options
    with counted() as other:
        at.selectbox(key="period").select(options[5]).run()
    assert {MISS, "aggregates", "comparison"} <= set(other)
    with counted() as back:
        at.selectbox(key="period").select(options[0]).run()
    assert not back
