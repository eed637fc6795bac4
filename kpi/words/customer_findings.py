"""What may be said of answers and what follows them, moves, accounts at risk, cohorts, kinds of customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kpi.customers.proving import AMONG
from kpi.model import Period, Unit, inside
from kpi.words.customer_figures import capital, counted, either, level, listed, points, score
from kpi.words.driver_sentences import dimension_words
from kpi.words.figures import between, numbers_of, probability

if TYPE_CHECKING:
    from kpi.customers import Cohorts, Kinds, Known, Moves, Proof, Proofs, Quarter, Relation, Risk

GONE = {"Left": "left", "Gave an unhappy answer": "gave an unhappy answer", "Wrote again": "wrote again"}
REGRESSION = (
    "Who stood at an end of the scale moves towards its middle by chance alone, so single cells of this "
    "table "
    "say little; only the balance of moves up and down does. Those who answer twice are not everybody."
)
TOGETHER = (
    "What goes together need not cause each other: hard issues are both unhappy and written about twice."
)


# ---------------------------------------------------------------- effort and NPS


def relation_sentence(relation: Relation) -> str:
    """What came after bad and good answers."""
    words = {
        "Effort (CES)": ("a hard contact", "an easy one"),
        "Satisfaction (CSAT)": ("an unsatisfied answer", "a satisfied one"),
        "Recommendation (NPS)": ("a detractor's answer", "a promoter's"),
    }[relation.asked.value]
    what = "wrote again" if relation.after.value == "Wrote again" else "left"
    if relation.refused:
        return f"{relation.asked.value}, {what}: {relation.refused}."
    d = relation.difference
    bad, good = level(relation.bad), level(relation.good)
    said = f"Within {relation.days} days of {words[0]} {bad} {what}, of {words[1]} {good}"
    if d is None or d.low is None or d.high is None:
        return f"{said}."
    change = f"{points(d.value)} ({between(Unit.PERCENT, d.low, d.high)})"
    if relation.clear:
        return f"{said}: {change}, beyond chance.{within_words(relation)}"
    return f"{said}: {change}, which may be chance.{within_words(relation)}"


def within_words(relation: Relation) -> str:
    """The same within the same issue; empty where that is not known."""
    odds = relation.within
    if odds is None or odds.odds_ratio is None or odds.low is None or odds.high is None:
        return ""
    if odds.low <= 1 <= odds.high:
        tail = "no difference beyond chance"
    else:
        tail = "more" if odds.odds_ratio > 1 else "less"
    times = f"{odds.odds_ratio:.2f} times ({odds.low:.2f} to {odds.high:.2f})"
    return f" Within the same category the odds are {times}: {tail}."


def effort_title(relations: Sequence[Relation]) -> str:
    """Whether what customers answer goes with what they do."""
    told = [each for each in relations if not each.refused and each.difference is not None]
    found = [each for each in told if each.clear]
    if not told:
        return "What comes after an answer cannot be told"
    if not found:
        looks = f"{len(told)} comparisons"
        return (
            f"Neither effort nor the other answers go with writing again or leaving beyond chance ({looks})"
        )
    first = found[0]
    more = first.difference is not None and first.difference.value > 0
    what = "write again" if first.after.value == "Wrote again" else "leave"
    often = "more" if more else "less"
    odds, tail = first.within, ""
    if odds is not None and odds.low is not None and odds.high is not None and odds.low <= 1 <= odds.high:
        tail = ", but not within the same category"
    return f"After a bad answer on {inside(first.asked.value)} customers {what} {often} often{tail}"


def moves_title(moves: Moves, period: Period) -> str:
    """How those who answered again moved."""
    if moves.refused:
        return f"Moves between NPS groups cannot be shown: {moves.refused}"
    if moves.net is None or moves.low is None or moves.high is None:
        return "Moves between NPS groups cannot be shown"
    said = (
        f"Of {moves.n:,} customers who answered again, {moves.up:,} moved to a better group and "
        f"{moves.down:,} to a worse one"
    )
    net = f"net {score(moves.net)} ({score(moves.low)} to {score(moves.high)})"
    return f"{said}: {net}, {'beyond chance' if moves.clear else 'which may be chance'}"


def moves_note(moves: Moves, period: Period) -> str:
    """How the moves were tested, and who they are."""
    if moves.refused or moves.p is None:
        return ""
    tests = [f"exact test of moves up against down: p {probability(moves.p)}"]
    if moves.symmetry is not None:
        tests.append(f"Bowker p {probability(moves.symmetry)}")
    if moves.margins is not None:
        tests.append(f"Stuart-Maxwell p {probability(moves.margins)}")
    said = f"Newest answer before {period} → newest in it. {capital(listed(tests))}."
    if moves.other is not None:
        gap, low, high = moves.other
        same = low <= 0 <= high
        said += (
            f" Before, their score was {score(gap)} ({score(low)} to {score(high)}) from that of the "
            f"{moves.others:,} customers who answered once"
            f"{', no difference beyond chance' if same else ': they are not like everybody'}."
        )
    return said


def quarters_title(found: Sequence[Quarter]) -> str:
    """The newest score in words."""
    if not found:
        return "No NPS answers with a date"
    last = found[-1]
    promoters, detractors = last.shares["promoter"], last.shares["detractor"]
    return (
        f"{last.period}: {level(promoters)} promoters, {level(detractors)} detractors, "
        f"NPS {Unit.POINTS.level(last.score.value)}"
    )


# ---------------------------------------------------------------- at risk


def risk_title(risk: Risk) -> str:
    """How many accounts there are to look at."""
    if risk.refused:
        return f"Accounts at risk cannot be shown: {risk.refused}"
    if not risk.accounts:
        return f"None of {counted(risk.every, risk.unit[:-1])} has two or more reasons to be looked at"
    many = f"{risk.many:,} {'writes' if risk.many == 1 else 'write'} more often than chance"
    if risk.many and risk.outliers < risk.many:
        many += f", {risk.outliers or 'none'} of them even if customers differ as these do"
    listed_of = f"{len(risk.accounts):,} of {risk.every:,} {risk.unit}"
    return f"{listed_of} have two or more reasons to be looked at; {many}"


def worth_sentence(proofs: Proofs) -> str:
    """How good such a list was on the past, in one sentence."""
    if proofs.refused:
        return f"How good the list is cannot be tried on the past: {proofs.refused}."
    told = [proof for proof in proofs.proofs if not proof.refused]
    if not told:
        return f"How good the list is cannot be tried on the past: {proofs.proofs[0].refused}."
    helps, misleads = [p for p in told if p.helps], [p for p in told if p.misleads]
    rest = [p for p in told if p not in helps and p not in misleads]
    did = [GONE[proof.outcome.value] for proof in helps]
    did_not = [GONE[proof.outcome.value] for proof in rest]
    start = f"Made at the end of {proofs.earlier}, such a list"
    if did and did_not:
        said = f"{start} foretold who {listed(did)}, but was not shown to foretell who {either(did_not)}"
    elif did:
        said = f"{start} foretold who {listed(did)}"
    elif did_not:
        said = f"{start} was not shown to be better than chance at who {either(did_not)}"
    else:
        said = f"{start} foretold nothing"
    if misleads:
        said += f"; those on it {either([GONE[p.outcome.value] for p in misleads])} less often than others"
    return f"{said}."


def among_sentence(proofs: Proofs) -> str:
    """Of whom each outcome is told."""
    each = [f"{outcome.value.lower()}: of {among}" for outcome, among in AMONG.items()]
    return capital("; ".join(each)) + (
        f". All {proofs.looks} compared as one family" if proofs.looks > 1 else ""
    )


def proof_sentence(proof: Proof, unit: str) -> str:
    """One outcome with hit rate and base rate."""
    if proof.refused or proof.gap is None or proof.low is None or proof.high is None:
        return f"{proof.outcome.value}: {proof.refused}."
    if proof.helps:
        tail = "better than chance"
    elif proof.misleads:
        tail = "rarer among those listed, beyond chance"
    else:
        tail = "not shown to be better than chance"
    return (
        f"{proof.outcome.value}: {level(proof.listed)} of {proof.listed.n:,} listed {unit}, "
        f"{level(proof.others)} of "
        f"{proof.others.n:,} others; {points(proof.gap)} ({between(Unit.PERCENT, proof.low, proof.high)}), "
        f"{tail}."
    )


def risk_note(risk: Risk) -> str:
    """How reasons are made."""
    if risk.refused:
        return ""
    wait = ""
    if risk.long_wait is not None:
        long = Unit.MINUTES.level(risk.long_wait)
        wait = f" Waits unusually long: open for more than {long}, longer than 9 of 10 solved contacts took."
    alike = f"{risk.rate:.2f} contacts each, Poisson, given one"
    return (
        f"Known at the end of {risk.period}. Writes more often than chance: against {risk.unit} who are all "
        f"alike ({alike}), adjusted for {risk.looked_at:,} {risk.unit}, so about 5 % of those named so are "
        "named without cause at most; beside it the same against a negative binomial spread between them."
        f"{wait} Score fell: the newest answer lies a quarter of the scale or more below the one before and "
        "is not unhappy itself. Every reason counts one."
    )


# ---------------------------------------------------------------- cohorts, kinds


def cohort_title(found: Cohorts) -> str:
    """What the table of cohorts shows."""
    if found.refused:
        return f"Cohorts cannot be shown: {found.refused}"
    if not found.cohorts:
        return "No cohort can be shown"
    what = "are still there" if found.follow.value == "Still there" else "write"
    clear_age = found.differ
    if clear_age is None:
        tested = [age for age in found.ages if age.p_adjusted is not None]
        if not tested:
            return f"How many customers {what} later on; too few cohorts to compare"
        return f"Cohorts do not differ beyond chance in how many {what}"
    values = [
        c.cells[clear_age.step - 1].share.value
        for c in found.cohorts
        if c.cells[clear_age.step - 1].share.value is not None
    ]
    seen = [value for value in values if value is not None]
    when = f"{unit_of(found)} {clear_age.step}"
    return f"Cohorts differ in how many {what} in {when}: {min(seen) * 100:.0f} to {max(seen) * 100:.0f} %"


def unit_of(found: Cohorts) -> str:
    """What a step is called."""
    return "quarter" if found.grain == "quarter" else "month"


def cohort_note(found: Cohorts) -> str:
    """How to read the table."""
    if found.refused:
        return ""
    by = "date of joining" if found.since.value == "joined" else "first contact that the data hold"
    what = (
        "share still there at its end"
        if found.follow.value == "Still there"
        else "share with a contact in it" + ("" if by == "date of joining" else ", the first one not counted")
    )
    out = " ".join(f"{n:,} customers {why}." for n, why in found.left_out)
    p = (
        ""
        if found.differ is None or found.differ.p_adjusted is None
        else f" Adjusted p {probability(found.differ.p_adjusted)}."
    )
    notes = {c.note for c in found.cohorts if c.note}
    marked = f" First cohorts: {'; '.join(sorted(notes))}." if notes else ""
    return (
        f"Cohorts by {by}; {unit_of(found)} 1 begins on that day; {what}. Grey: not yet observable for "
        "everybody, "
        f"or too few customers. {out}{p}{marked}"
    )


def cohort_alt(found: Cohorts) -> str:
    """The picture in words."""
    return f"Table of {len(found.cohorts)} cohorts by {unit_of(found)}s since: {cohort_title(found)}."


def kinds_title(found: Kinds) -> str:
    """Whether kinds of customers differ."""
    if found.refused:
        return f"Kinds of customers cannot be compared: {found.refused}"
    apart = [kind for kind in found.kinds if kind.differs]
    if not apart:
        return f"No kind of customer differs from the others beyond chance ({found.looks:,} comparisons)"
    first, figures = apart[0], numbers_of(apart[0].comparison)
    column = capital(dimension_words(first.dimension))
    more = f"; {len(apart) - 1:,} more differ" if len(apart) > 1 else ""
    values = f"{figures.now} against {figures.before} of the others"
    return f"{column} {first.name}: {inside(first.comparison.metric.name)} {values}{more}"


def customer_method(known: Known) -> tuple[str, ...]:
    """How all this was computed."""
    window = known.facts.definitions.repeat_window_days
    return (
        f"A customer is whoever has the same key; a contact is a "
        f"{'ticket' if known.grain.value == 'tickets' else 'call'}. Repeat contact: another contact within "
        f"{window} days, whatever it is about.",
        "Numbers of the catalogue are judged as on the other pages, adjusted for everything compared there.",
        "Every list on this page is a family of its own: p-values are adjusted by Benjamini-Hochberg, so "
        "about 5 % of "
        "what is named in a list is named without cause at most.",
        "Survival: Kaplan-Meier with delayed entry and log(−log) intervals, log-rank test (Mantel 1966). "
        "Shares: "
        "Wilson; differences of shares: Miettinen-Nurminen.",
        "NPS moves: exact test under symmetry; the interval of the net move adds two pairs over all "
        "kinds of moves.",
        "The list of accounts at risk is made of reasons, each worth one; it is tried on the period "
        "before: what "
        "was known then against what happened since.",
    )
