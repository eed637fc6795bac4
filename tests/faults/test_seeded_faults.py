"""Every seeded fault is noticed by a check of the project, and no check cries when nothing is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from faults_over_time import CHECKS_OVER_TIME, OVER_TIME
from seeded_faults import CHECKS, FAULTS, Fault

ALL = (*FAULTS, *OVER_TIME)


@pytest.mark.parametrize("check", [*CHECKS, *CHECKS_OVER_TIME], ids=lambda check: check.__name__)
def test_no_check_cries_without_a_fault(check: Callable[[], None]) -> None:
    check()


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_the_fault_is_noticed(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.seed(monkeypatch)
    with pytest.raises(AssertionError):
        fault.check()


def test_every_fault_has_its_own_name() -> None:
    assert len({fault.name for fault in ALL}) == len(ALL)
