"""The walls between the rooms (docs/architecture.md), kept by reading every import."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ARITHMETIC = {"pandas", "numpy", "scipy", "statsmodels", "altair", "duckdb", "narwhals", "polars", "pyarrow"}

# room (path prefix) → top-level modules or own rooms that it must never import
FORBIDDEN: dict[str, set[str]] = {
    "kpi/": {"streamlit", "ui", "pages", "sample_data"},
    "kpi/model.py": ARITHMETIC | {"kpi"},
    "kpi/definitions.py": ARITHMETIC | {"kpi"},
    "kpi/ingest/": {"kpi.facts", "kpi.metrics", "kpi.engine", "kpi.compare", "kpi.measures", "altair"},
    "kpi/stats/": {"pandas", "kpi.metrics", "kpi.facts", "kpi.engine", "altair"},
    "kpi/measures/": {"kpi.metrics", "kpi.facts", "kpi.engine", "kpi.compare", "altair"},
    "kpi/facts": {"kpi.metrics", "kpi.engine", "kpi.compare", "kpi.measures", "altair"},
    "kpi/metrics": {"kpi.engine", "kpi.compare", "altair"},
    "kpi/engine.py": {"kpi.metrics", "kpi.compare", "altair"},
    "kpi/compare": {"kpi.charts", "kpi.words", "altair"},
    "kpi/issues/": {"kpi.charts", "kpi.words", "kpi.workspace", "altair"},
    "kpi/customers": {"kpi.charts", "kpi.words", "kpi.workspace", "altair"},
    "kpi/watching": {"kpi.facts", "kpi.metrics", "kpi.engine", "kpi.compare", "kpi.workspace", "pandas"},
    "kpi/bottlenecks": {"kpi.charts", "kpi.words", "kpi.workspace", "altair"},
    "kpi/improvements": {"kpi.charts", "kpi.words", "kpi.workspace", "altair"},
    "kpi/words": {"pandas", "numpy", "altair", "kpi.engine", "kpi.facts"},
    "kpi/workspace": {"kpi.metrics", "kpi.engine", "kpi.compare", "altair"},
    "ui/": {"scipy", "statsmodels", "altair", "numpy", "plotly"},
    "pages/": ARITHMETIC,
    "sample_data/": {"kpi", "streamlit"},
}


def files() -> list[Path]:
    found = [p for room in ("kpi", "ui", "pages", "sample_data") for p in sorted((ROOT / room).rglob("*.py"))]
    return [*found, ROOT / "app.py"]


@cache
def parsed(path: Path) -> ast.Module:
    """A file as a tree: every wall asks for it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> list[tuple[int, str]]:
    """(line, dotted module) of every import, those under TYPE_CHECKING left out."""
    tree = parsed(path)
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append((node.lineno, node.module))
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def test_no_room_imports_what_it_must_not() -> None:
    broken = []
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        for prefix, forbidden in FORBIDDEN.items():
            if not name.startswith(prefix):
                continue
            for line, module in imports(path):
                hit = next((f for f in forbidden if module == f or module.startswith(f + ".")), None)
                if hit and not (hit == "kpi" and module.startswith("kpi.measures") and "model" in name):
                    broken.append(f"{name}:{line} imports {module}")
    assert broken == []


def test_altair_is_imported_in_the_charts_room_only() -> None:
    outside = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in files()
        if not path.relative_to(ROOT).as_posix().startswith("kpi/charts/")
        for line, module in imports(path)
        if module.split(".")[0] == "altair"
    ]
    assert outside == []


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda p: p.name)
def test_a_page_is_short_and_only_composes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = parsed(path)
    assert len(text.splitlines()) <= 60
    assert not [
        n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    assert "session_state" not in text
    assert not [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Div | ast.Mult | ast.Sub)
    ]
    assert ast.get_docstring(tree), "a page says its question in its docstring"


def test_nothing_dangerous_is_called() -> None:
    dangerous = {"eval", "exec", "__import__"}
    found = []
    for path in files():
        tree = parsed(path)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in dangerous:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.func.id}")
            if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
                found.append(f"{path.relative_to(ROOT)} unsafe_allow_html")
        found += [
            f"{path.relative_to(ROOT)}:{line} {m}"
            for line, m in imports(path)
            if m.split(".")[0] in {"pickle", "shelve", "marshal"}
        ]
    assert found == []
