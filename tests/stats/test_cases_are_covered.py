"""Every case of the shared list of published answers has a test of ours, or a reason why it has none."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared" / "cases" / "stat_cases.json"

OUT_OF_SCOPE = {
    "petersen": "a regression with firm and year clusters on a panel of 5,000 rows: nothing here fits a "
    "regression to rows, and the panel is too large to be embedded. The variance between clusters that is "
    "used here is checked against statsmodels' clustered regression (test_counts_equal_raw.py)",
}


def names_in(path: Path) -> set[str]:
    """Names of the tests of a file, without ``test_``, and its text constants (ids of parametrised tests)."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            found.add(node.name.removeprefix("test_"))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 60:
            found.add(node.value)
    return found


@pytest.mark.shared
def test_every_case_has_a_test_or_a_reason() -> None:
    if not SHARED.exists():
        pytest.skip("the shared list of cases is not beside the repository")
    wanted = {case["id"] for case in json.loads(SHARED.read_text(encoding="utf-8"))}
    covered: set[str] = set()
    for path in HERE.glob("test_*.py"):
        if path != Path(__file__).resolve():
            covered |= names_in(path)
    assert wanted - covered - OUT_OF_SCOPE.keys() == set()
    assert wanted >= OUT_OF_SCOPE.keys()
    assert not covered & OUT_OF_SCOPE.keys(), "a case with a test needs no excuse"
