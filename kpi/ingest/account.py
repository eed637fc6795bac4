"""The ledger of one file while it is being read: findings, rejects, settings; closed as an exact account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kpi.ingest.headers import fingerprint
from kpi.ingest.mapping import Plan
from kpi.ingest.nouns import Account
from kpi.ingest.questions import Asking
from kpi.ingest.reading import OUTSIDE, Finding, Problem, RawTable, Reject, rejected_records

EXAMPLES = 20
LONGEST_RAW = 200


@dataclass
class Ledger:
    """What was noticed about one file. ``records`` are the record numbers of its rows."""

    records: np.ndarray
    findings: list[Finding] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)

    def add(self, findings: Iterable[Finding]) -> None:
        """Take over findings of the cell parsers; empty ones are dropped."""
        self.findings += [finding for finding in findings if finding.count]

    def note(
        self,
        code: str,
        column: str | None,
        rows: np.ndarray,
        raw: pd.Series | None,
        action: str,
        detail: str = "",
    ) -> None:
        """Note one finding about the rows of a mask."""
        where = np.flatnonzero(rows)
        if not len(where):
            return
        examples = tuple(
            (int(self.records[row]), "" if raw is None else _short(raw.iloc[row]), action)
            for row in where[:EXAMPLES]
        )
        self.findings.append(Finding(code, column, len(where), examples, detail))

    def reject(
        self, reason: str, rows: np.ndarray, column: str | None, raw: pd.Series | None, detail: str = ""
    ) -> None:
        """Reject the rows of a mask."""
        where = np.flatnonzero(rows)
        texts = [""] * len(where) if raw is None else raw.iloc[where].tolist()
        self.rejects += [
            Reject(reason, int(record), column, _short(text), detail)
            for record, text in zip(self.records[where], texts, strict=True)
        ]


def _short(value: object) -> str:
    text = "" if value is None or value is pd.NA or value != value else str(value)
    return text if len(text) <= LONGEST_RAW else text[: LONGEST_RAW - 1] + "…"


def close(
    raw: RawTable, headers: tuple[str, ...], plan: Plan, ledger: Ledger, asking: Asking, rows_kept: int
) -> Account:
    """The account of a file. Lines outside the data become findings; every data record is kept or rejected.

    Raises:
        AssertionError: when the rows do not add up, which is a fault of this program.
    """
    rejects = tuple(sorted((*rejected_records(raw), *ledger.rejects), key=lambda reject: reject.record))
    if raw.rows_read != rows_kept + len(rejects):
        raise AssertionError(
            f"{raw.name}: {raw.rows_read} rows read are not {rows_kept} kept + {len(rejects)} rejected"
        )
    outside = [reject for reject in raw.rejects if reject.reason in OUTSIDE]
    lines = [
        Finding(
            code, None, len(those), tuple((r.record, r.raw, "not data, skipped") for r in those[:EXAMPLES])
        )
        for code in sorted({reject.reason for reject in outside})
        if (those := [reject for reject in outside if reject.reason == code])
    ]
    facts = raw.facts
    settings = {
        "kind": facts.kind,
        "encoding": facts.encoding,
        "bom": "yes" if facts.bom else "no",
        "delimiter": facts.delimiter,
        "header_row": str(facts.header_row),
        "sheet": facts.sheet,
        **ledger.settings,
    }
    return Account(
        name=raw.name,
        source=plan.source,
        confidence=plan.confidence,
        rows_read=raw.rows_read,
        rows_kept=rows_kept,
        rejects=rejects,
        findings=(*raw.findings, *lines, *ledger.findings, *asking.problems),
        mapping=plan.mapping(),
        settings={name: value for name, value in settings.items() if value != ""},
        questions=tuple(asking.asked),
        assumed=tuple(asking.assumed),
        fingerprint=fingerprint(headers),
    )


def refused_account(
    name: str, problems: Iterable[Problem], rows_read: int = 0, rejects: tuple[Reject, ...] = ()
) -> Account:
    """The account of a file that gave no table, beside others that did."""
    return Account(
        name=name,
        source="none",
        confidence=0.0,
        rows_read=rows_read,
        rows_kept=0,
        rejects=rejects,
        findings=tuple(Finding(p.code, p.column, 1, detail=p.message) for p in problems),
    )
