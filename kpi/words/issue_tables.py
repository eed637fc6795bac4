"""Tables of issues: each row in words and numbers as they stand on the page, in its downloads, on the command
line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from kpi.issues.nouns import Issue, Report
from kpi.model import Estimate, Grain
from kpi.words.figures import probability
from kpi.words.issue_sentences import bounded, column, contacts, grew, interval, per_thousand, percent

if TYPE_CHECKING:
    from kpi.issues.channels import Beside
    from kpi.issues.phrases import Phrases
    from kpi.issues.recurring import Recurring
    from kpi.issues.together import Company


SHARES: Mapping[str, Callable[[Issue], Estimate]] = {
    "Reopened": lambda issue: issue.reopened,
    "Followed by another": lambda issue: issue.repeated,
    "Negative sentiment": lambda issue: issue.negative,
}
"""Column of the table of issues → the share it shows."""


def issue_cells(report: Report, issue: Issue, price: float | None = None) -> dict[str, object]:
    """One row of the table of issues; columns without anything to say are left out."""
    ratio, before = issue.ratio, issue.share_before
    cells: dict[str, object] = {
        "Issue": issue.name,
        "Family": issue.family,
        contacts(report.grain).capitalize(): issue.n,
        "Of 1,000": f"{per_thousand(issue.share.value)} ({interval(issue.share)})",
    }
    if report.before is not None:
        cells["Before"] = issue.n_before
        cells["Of 1,000 before"] = per_thousand(before.value if before else None)
        cells["Times as many"] = _ratio_cell(issue)
        cells["p, adjusted"] = "" if ratio is None else probability(ratio.p_adjusted)
        cells["Change"] = (
            grew(issue) if issue.grows else "fell" if issue.falls else "unclear" if ratio else "too few"
        )
    if any(each.minutes for each in report.issues):
        cells["Handled hours"] = f"{(issue.minutes or 0.0) / 60:,.1f}"
        cells["Timed"] = issue.timed
        each = (issue.minutes or 0.0) / issue.timed if issue.timed else None
        cells["Minutes each"] = "" if each is None else f"{each:,.1f}"
        if price:
            cells["Cost"] = f"{(issue.minutes or 0.0) * price:,.2f}"
            cells["Cost each"] = "" if each is None else f"{each * price:,.2f}"
            cells["Cost if all took as long"] = "" if each is None else f"{each * price * issue.n:,.0f}"
    if any(each.wait_hours for each in report.issues):
        cells["Days of waiting"] = f"{(issue.wait_hours or 0.0) / 24:,.1f}"
    if any(each.unhappy is not None for each in report.issues):
        cells["Unhappy"] = issue.unhappy or 0
        cells["Answers"] = issue.rated
    for label, of in SHARES.items():
        if any(of(each).value is not None for each in report.issues):
            cells[label] = _share_cell(of(issue))
    return cells


def _share_cell(share: Estimate) -> str:
    """How many of how many, and the share with its interval."""
    count = share.parts.get("count")
    if share.value is None or count is None:
        return percent(share)
    return f"{count:,.0f} of {share.n:,}: {percent(share).rpartition(', n ')[0]}"


def _ratio_cell(issue: Issue) -> str:
    ratio = issue.ratio
    if ratio is None:
        return ""
    return bounded(ratio.value, ratio.low, ratio.high, "new")


def phrase_rows(found: Phrases, here: str, there: str) -> list[dict[str, object]]:
    """Phrases as rows of a table; ``here`` and ``there`` name the two sets."""
    return [
        {
            "Phrase": each.text,
            here: each.n,
            f"of 1,000 {here.lower()}": per_thousand(each.n / each.total),
            f"{here} {there}": each.n_other,
            f"of 1,000 {there}": per_thousand(each.n_other / each.total_other),
            "z": f"{each.z:.1f}",
            "p, adjusted": probability(each.p_adjusted),
        }
        for each in found.found
    ]


def company_rows(found: Company) -> list[dict[str, object]]:
    """What comes together, as rows of a table."""
    return [
        {
            "Column": column(each.field),
            "Value": each.value,
            "Contacts": each.n,
            "Share here": f"{each.share * 100:.1f} %",
            "Contacts elsewhere": each.n_others,
            "Share elsewhere": f"{each.share_others * 100:.1f} %",
            "Times as frequent": bounded(each.lift, each.low, each.high, "only here"),
            "p, adjusted": probability(each.p_adjusted),
            "Same contacts as": ", ".join(each.also),
        }
        for each in found.found
    ]


def beside_rows(found: Beside, grain: Grain) -> list[dict[str, object]]:
    """Issues on a channel and on the others, as rows of a table."""
    how = {True: f"more on {found.channel}", False: f"less on {found.channel}", None: "unclear"}
    many = contacts(grain).capitalize()
    return [
        {
            "Issue": each.issue,
            many: each.n,
            "Of 1,000": f"{per_thousand(each.share.value)} ({interval(each.share)})",
            f"{many} elsewhere": each.n_others,
            "Of 1,000 elsewhere": f"{per_thousand(each.share_others.value)} ({interval(each.share_others)})",
            "p, adjusted": probability(each.p_adjusted),
            "Said": how[each.more],
        }
        for each in found.found
    ]


def recurring_rows(found: Recurring) -> list[dict[str, object]]:
    """Groups of near-duplicates as rows of a table."""
    timed = any(group.timed for group in found.groups)
    rows: list[dict[str, object]] = []
    for group in found.groups:
        row: dict[str, object] = {
            "Text": group.text,
            "Contacts": group.n,
            "Wordings": group.wordings,
            "Issue": group.issue,
            "First": "" if group.first is None else group.first.isoformat(),
            "Last": "" if group.last is None else group.last.isoformat(),
            "Reopened": group.reopened,
            "Followed by another": group.repeated,
            "Unhappy": group.unhappy,
        }
        if timed:
            row["Handled minutes"] = f"{group.minutes or 0.0:,.0f}"
            row["Timed"] = group.timed
        rows.append(row)
    return rows
