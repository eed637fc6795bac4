"""The app without a browser, on a workspace of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from altair.utils.schemapi import SchemaBase, debug_mode
from postgresql_server import Server
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
Open = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def workspace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace that no other test and no reader sees; on PostgreSQL when ``KPI_TEST_DATABASE`` says so."""
    from ui import store

    folder = tmp_path_factory.mktemp("workspace")
    with ExitStack() as stack:
        changed = stack.enter_context(pytest.MonkeyPatch.context())
        changed.setenv("KPI_WORKSPACE", str(folder))
        if os.environ.get("KPI_TEST_DATABASE") == "postgresql":
            server: Server = request.getfixturevalue("postgresql")
            changed.setenv("KPI_DATABASE_URL", stack.enter_context(server.database()))
        store.workspace.clear()  # type: ignore[attr-defined]
        yield folder
        store.workspace.clear()  # type: ignore[attr-defined]


CHECK = vars(SchemaBase)["validate"]


@pytest.fixture(scope="module", autouse=True)
def unchecked_charts() -> Iterator[None]:
    """Charts are not held against the schema at each of thousands of runs: that is half of the time.

    ``checked_charts`` holds those of a test against it: each page as it opens, and ``tests/charts``.
    """
    with pytest.MonkeyPatch.context() as changed, debug_mode(False):
        changed.setattr(SchemaBase, "validate", classmethod(lambda cls, instance, schema=None: None))
        yield


@pytest.fixture
def checked_charts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Charts are held against the schema."""
    monkeypatch.setattr(SchemaBase, "validate", CHECK)
    monkeypatch.setattr("ui.figures.CHECKED", True)
    with debug_mode(True):
        yield


@pytest.fixture
def visit() -> Open:
    """Open a page by its name with parameters in the address, as a new visitor."""

    def opened(page: str = "summary", **parameters: str | list[str]) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in {"data": "Sample data", **parameters}.items():
            at.query_params[name] = value
        at.run()
        if page != "summary":
            at.switch_page(f"pages/{page}.py").run()
        assert sound(at)
        return at

    return opened


def sound(at: AppTest) -> bool:
    """Nothing went wrong, neither raised nor said."""
    assert not at.exception, [e.value for e in at.exception]
    assert [e.value for e in at.error] == []
    return True


def title(at: AppTest) -> str:
    assert len(at.title) == 1, [t.value for t in at.title]
    return str(at.title[0].value).replace("\\", "").replace("\xa0", " ")


def numbers(at: AppTest) -> dict[str, str]:
    """Value and change on each card."""
    return {m.label: f"{m.value} {m.delta}" for m in at.metric}


def words(at: AppTest) -> str:
    """Everything that is written, without escapes."""
    parts = [
        *at.title,
        *at.header,
        *at.subheader,
        *at.markdown,
        *at.caption,
        *at.info,
        *at.warning,
        *at.error,
    ]
    return "\n".join(str(e.value) for e in parts).replace("\\", "").replace("\u2060", "").replace("\xa0", " ")
