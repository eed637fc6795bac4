"""``python -m benchmarks [--sizes 100000 1000000] [--rounds 3] [--pages NAME] [--json FILE] [--folder DIR]``.

Makes sample files of each size and measures import, aggregation, page and memory, each in processes of its
own and beside a named peer in the same run: the ratio says something on any machine, the seconds only on one.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.lines import Line, table
from ui.places import PAGES

ROOT = Path(__file__).resolve().parent.parent
SIZES = (100_000, 1_000_000)
FEWEST = 2_000
READ_CSV = "pandas.read_csv, dates parsed"
Found = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=list(SIZES), metavar="N", help="tickets (default %(default)s)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="pairs of imports (default %(default)s)")
    parser.add_argument(
        "--pages", nargs="+", choices=list(PAGES), default=list(PAGES), metavar="NAME",
        help="pages to open (default: every page)",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every single measurement there")
    parser.add_argument(
        "--folder", type=Path, metavar="DIR", help="keep the sample files there and use those that are there"
    )
    chosen = parser.parse_args(arguments)
    if min(chosen.sizes) < FEWEST or chosen.rounds < 1:
        parser.error(f"--sizes must be at least {FEWEST:,} and --rounds at least 1")
    print(about_machine())
    slopes = trend_lines(job("trends", ROOT, chosen.rounds))
    print(f"\ntrends of 20 metrics over two years of days\n{table(slopes)}", flush=True)
    found = []
    with tempfile.TemporaryDirectory(prefix="kpi-bench-") as temporary:
        for tickets in chosen.sizes:
            folder = (chosen.folder or Path(temporary)) / str(tickets)
            path = sample(tickets, folder)
            found.append(one_size(tickets, path, Path(temporary), chosen.rounds, chosen.pages))
    if chosen.json:
        plain = {"machine": about_machine(), "rounds": chosen.rounds, "sizes": found}
        plain["trends"] = [line.as_plain() for line in slopes]
        chosen.json.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")
    return 0


def about_machine() -> str:
    """Cores, system, and the versions that matter."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pandas", "pyarrow", "streamlit"))
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {packages}"


def sample(tickets: int, folder: Path) -> Path:
    """The ticket file of the sample generator, made when it is not there."""
    path = folder / "tickets.csv"
    if not path.exists():
        print(f"\nmaking {tickets:,} tickets …", flush=True)
        run("sample_data.generate", "--tickets", str(tickets), "--out", str(folder))
    return path


def one_size(tickets: int, path: Path, temporary: Path, rounds: int, pages: Sequence[str]) -> Found:
    """Measure everything at one size, and print it."""
    imports = [(job("import-kpi", path), job("import-pandas", path)) for _ in range(rounds)]
    several = 2 * rounds + 1
    asked = job("queries", path, several)
    scanned = job("scan", path, rounds)
    workspace = temporary / f"workspace-{tickets}"
    kept = job("keep", path, workspace=workspace)
    page = job("reruns", path, several, workspace=workspace)
    desk = temporary / f"desk-{tickets}"
    job("keep-desk", path, workspace=desk)
    every = job("pages", path, rounds, *pages, workspace=desk)
    size = path.stat().st_size
    groups = {
        "import": import_lines(imports, kept),
        "aggregation": query_lines(asked),
        "scan": scan_lines(scanned),
        "page": page_lines(page, imports),
        "pages, first view": every_page_lines(every, "first"),
        "pages, again": every_page_lines(every, "again"),
        "memory": memory_lines(imports, page, size),
    }
    rows = imports[0][0]["rows"]
    print(f"\n{tickets:,} tickets: {size / 1e6:,.1f} MB, {rows['read']:,} records, {rows['kept']:,} kept")
    print(
        f"{asked['measures']} ticket measures, two periods of 90 days, by channel; {asked['sums_checked']:,} "
        f"sums of engine and pandas compared before timing: equal"
    )
    print("minimum / median / maximum of the rounds; ratios of ours to the peer in the same round")
    for name, lines in groups.items():
        print(f"\n{name}\n{table(lines)}", flush=True)
    plain = {name: [line.as_plain() for line in lines] for name, lines in groups.items()}
    return {"tickets": tickets, "file_bytes": size, "rows": rows, "checked": asked["sums_checked"], **plain}


def import_lines(imports: list[tuple[Found, Found]], kept: Found) -> list[Line]:
    peer = tuple(other["seconds"] for _, other in imports)
    ours = tuple(mine["seconds"] for mine, _ in imports)
    facts = tuple(mine["facts_seconds"] for mine, _ in imports)
    return [
        Line("import", "kpi.ingest.import_files", ours, READ_CSV, peer),
        Line("facts", "kpi.facts.build_facts, afterwards", facts, READ_CSV, peer),
        Line("keep", "keeping it in the workspace", (kept["seconds"],), READ_CSV, peer[:1]),
    ]


def query_lines(asked: Found) -> list[Line]:
    hand, totals = tuple(asked["by_hand"]), tuple(asked["totals"])
    whole = tuple(asked["by_hand_whole"])
    same, less = "pandas, same sums by hand", "pandas, only totals by channel"
    warm, cold = tuple(asked["warm"]), tuple(asked["cold"])
    return [
        Line("aggregate", "kpi.engine.aggregate", warm, same, hand),
        Line("aggregate_cold", "the same, first call on new facts", cold, same, hand),
        Line("aggregate_totals", "kpi.engine.aggregate", warm, less, totals),
        Line(
            "compare",
            f"kpi.compare.compare, {asked['metrics_compared']} metrics, with tests",
            tuple(asked["compare"]),
            "pandas, same sums by hand, all channels",
            whole,
        ),
    ]


def trend_lines(asked: Found) -> list[Line]:
    hac, glsar = tuple(asked["hac"]), tuple(asked["glsar"])
    page = tuple(asked["page"])
    by_hac, by_glsar = "statsmodels OLS with HAC, slopes", "statsmodels GLSAR(1), slopes"
    return [
        Line("slopes", "slopes, all series at once", tuple(asked["ours"]), by_hac, hac),
        Line("slopes_glsar", "slopes, all series at once", tuple(asked["ours"]), by_glsar, glsar),
        Line("slopes_alone", "slopes, one by one", tuple(asked["one_by_one"]), by_glsar, glsar),
        Line("trend_page", "slope, steps and projection of each", page, by_glsar, glsar[: len(page)]),
    ]


def scan_lines(asked: Found) -> list[Line]:
    what = f"kpi.drivers.scan, {asked['segments']} segments x {asked['metrics']} metrics"
    totals = "pandas, only totals by segment"
    return [Line("scan", what, tuple(asked["ours"]), totals, tuple(asked["totals"]))]


def page_lines(page: Found, imports: list[tuple[Found, Found]]) -> list[Line]:
    empty = tuple(page["empty"])
    blank = "an empty page"
    return [
        Line("rerun", "Summary, nothing changed", tuple(page["same"]), blank, empty),
        Line("rerun_period", "Summary, another period", tuple(page["other_period"]), blank, empty),
        Line(
            "first_opening", "Summary, first opening", (page["first"],), READ_CSV, (imports[0][1]["seconds"],)
        ),
    ]


def every_page_lines(every: Found, which: str) -> list[Line]:
    beside = {"first": "empty_first", "again": "empty"}[which]
    return [
        Line(f"{which}_{name}", name, tuple(runs[which]), "an empty page", tuple(runs[beside]))
        for name, runs in every["pages"].items()
    ]


def memory_lines(imports: list[tuple[Found, Found]], page: Found, size: int) -> list[Line]:
    """Peaks as they are, interpreter and libraries included, and what the work itself added to them."""
    mine, other = [one for one, _ in imports], [two for _, two in imports]
    file = "the file"
    sizes = (float(size),) * len(imports)
    lines = [
        ("peak_import", "peak of the import", _peaks(mine, "peak_after_import"), file, sizes),
        ("added_import", "added by the import", _added(mine, "peak_after_import"), file, sizes),
        ("added_all", "added by import, facts, comparison", _added(mine, "peak_at_end"), file, sizes),
        (
            "import_to_pandas",
            "added by the import",
            _added(mine, "peak_after_import"),
            READ_CSV,
            _added(other, "peak_after_import"),
        ),
        ("peak_page", "peak of the app with Summary open", _peaks([page], "peak_at_end"), file, sizes[:1]),
        ("added_page", "added by opening the data set in it", _added([page], "peak_at_end"), file, sizes[:1]),
    ]
    return [Line(*line, bytes=True) for line in lines if line[2] and line[4]]


def _peaks(runs: list[Found], name: str) -> tuple[float, ...]:
    return tuple(float(each[name]) for each in runs if each[name] is not None)


def _added(runs: list[Found], name: str) -> tuple[float, ...]:
    return tuple(float(each[name] - each["peak_at_start"]) for each in runs if each[name] is not None)


def job(name: str, path: Path, rounds: int = 1, *pages: str, workspace: Path | None = None) -> Found:
    """One measurement in a process of its own."""
    said = run("benchmarks.job", name, str(path.resolve()), str(rounds), *pages, workspace=workspace)
    found: Found = json.loads(said.splitlines()[-1])
    return found


def run(module: str, *arguments: str, workspace: Path | None = None) -> str:
    """What a module of ours prints. Only jobs with a workspace of their own touch any."""
    environment = dict(os.environ) | ({"KPI_WORKSPACE": str(workspace)} if workspace else {})
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main())
