"""What may be said of issues: the title, what grew and since when, how sure it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kpi.issues.nouns import Issue, More, Onset, Origin, Report, Rise
from kpi.issues.ranking import Order, Ranked
from kpi.model import Estimate, Grain, Unit
from kpi.words.figures import percent as confidence
from kpi.words.figures import probability

if TYPE_CHECKING:
    from kpi.issues.channels import Beside, Here
    from kpi.issues.feeling import Agreement
    from kpi.issues.phrases import Phrases
    from kpi.issues.recurring import Recurring
    from kpi.issues.rows import Story
    from kpi.issues.together import Company

MOST_NAMED = 3
FINE = 100
"""So many issues with too few contacts are a list that is too fine."""
UNEVEN = 2.0
"""Handling that is known this many times as often for one issue as for another changes the order."""


def contacts(grain: Grain, n: int = 2) -> str:
    """What one contact is called.

    >>> contacts(Grain.CALLS, 1), contacts(Grain.TICKETS)
    ('call', 'tickets')
    """
    one = "call" if grain is Grain.CALLS else "ticket"
    return one if n == 1 else f"{one}s"


def per_thousand(share: float | None) -> str:
    """A share as so many of 1,000; small ones with a decimal.

    >>> per_thousand(0.2463), per_thousand(0.0042), per_thousand(0.0)
    ('246', '4.2', '0')
    """
    if share is None:
        return "no answer"
    rate = share * 1000
    return f"{rate:,.0f}" if rate >= 9.95 or rate == 0 else f"{rate:.1f}"


def interval(share: Estimate | None) -> str:
    """The 95 % interval of a share, of 1,000."""
    if share is None or share.low is None or share.high is None:
        return ""
    return f"{per_thousand(share.low)} to {per_thousand(share.high)}"


def listed(names: list[str]) -> str:
    """Names as they stand in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def issue_title(report: Report) -> str:
    """What customers contact the team about, and what is new, in one sentence."""
    many = contacts(report.grain)
    if report.refused is not None and not report.issues:
        return "What customers contact us about cannot be said"
    most = most_frequent(report)
    if report.emerging:
        first = report.emerging[0]
        before = per_thousand(first.share_before.value if first.share_before else None)
        return (
            f"{first.name} {grew(first)}: {per_thousand(first.share.value)} of 1,000 {many}, {before} before"
            f"{_also(report.emerging[1:])}"
        )
    if single(report):
        return f"{most}, so nothing can be told apart"
    new = "" if report.before is None else "; no issue grew beyond chance"
    return f"{most}{new}"


def single(report: Report) -> bool:
    """Whether every contact has the same issue: its share is always the whole."""
    return len(report.issues) == 1 and not report.unnamed


def hint(report: Report) -> str:
    """What would tell more, where these issues cannot tell much; empty where they can."""
    if report.refused is not None:
        return ""
    if single(report):
        return (
            "One issue for all contacts tells nothing apart: under “Issues from” choose another column, your "
            "rules or the words of the texts. A column with the reason of each contact would help."
        )
    if report.too_few >= FINE and report.too_few >= 4 * report.looked_at:
        return (
            f"{len(report.issues):,} issues are too fine for {report.total:,} "
            f"{contacts(report.grain, report.total)}: most have too few to be judged. A coarser column, the "
            "words of the texts (under “Issues from”) or your rules, which put several under one name, would "
            "help."
        )
    return ""


def _also(others: Sequence[Issue]) -> str:
    """The growing issues besides the first, each with how it grew."""
    if not others:
        return ""
    told = [f"{issue.name} {grew(issue)}" for issue in others[: MOST_NAMED - 1]]
    more = len(others) - len(told)
    if more > 0:
        return f"; {', '.join(told)} and {more} more"
    return f"; {listed(told)}" if len(told) > 1 else f"; {told[0]} too"


def grew(issue: Issue) -> str:
    """How a growing issue grew, where the days tell it."""
    return str((Rise.UNCLEAR if issue.onset is None else issue.onset.kind).value)


def most_frequent(report: Report) -> str:
    """The most frequent issue, or those that cannot be told apart."""
    many = contacts(report.grain)
    now = [issue for issue in report.issues if issue.n]
    if not now:
        return f"No {contacts(report.grain, 1)} of this period has an issue"
    if len(now) == 1:
        return f"{now[0].name} is the only issue: {now[0].n:,} of {report.total:,} {many}"
    low = now[0].share.low or 0.0
    alike = [issue for issue in now if issue.share.high is not None and issue.share.high >= low]
    if len(alike) == 1:
        return f"{now[0].name} is the most frequent issue: {per_thousand(now[0].share.value)} of 1,000 {many}"
    if len(alike) <= MOST_NAMED:
        return f"{listed([issue.name for issue in alike])} are the most frequent issues, too close to rank"
    some = f"all {len(now):,}" if len(alike) == len(now) else f"the {len(alike):,} largest of {len(now):,}"
    return f"No issue stands out: {some} are about equally frequent"


def issue_sentence(report: Report, issue: Issue) -> str:
    """How frequent an issue is, and how that changed."""
    many = contacts(report.grain)
    rate = (
        f"{issue.n:,} of {report.total:,} {many}, {per_thousand(issue.share.value)} of 1,000 "
        f"({interval(issue.share)})"
    )
    before, ratio = issue.share_before, issue.ratio
    if before is None or before.value is None:
        return f"{issue.name}: {rate}."
    rate = f"{rate}, {per_thousand(before.value)} before"
    if ratio is None:
        return f"{issue.name}: {rate}. {_capital(issue.change_reason)}."
    high = "no upper bound" if math.isinf(ratio.high) else times(ratio.high)
    every = "issue" if report.looked_at == 1 else "issues"
    sure = f"p {probability(ratio.p_adjusted)} after adjusting for {report.looked_at:,} {every}"
    if math.isinf(ratio.value):
        return f"{issue.name} is new, at least {ratio.low:.1f} times as frequent: {rate}; {sure}."
    factor = f"{times(ratio.value)} times as frequent ({times(ratio.low)} to {high})"
    if issue.grows:
        return f"{issue.name} grew, {factor}: {rate}; {sure}."
    if issue.falls:
        return f"{issue.name} fell, {factor}: {rate}; {sure}."
    return f"{issue.name}: {rate}; {factor}, which chance explains ({sure})."


def again_sentence(report: Report, issue: Issue) -> str:
    """How many contacts came back, and what handling them cost; empty where the data cannot say."""
    if issue.reopened.value is None and issue.repeated.value is None:
        return ""
    many = contacts(report.grain, issue.again)
    cost = ""
    if issue.again_timed:
        cost = f"; {issue.again_timed:,} of them with known handling took {issue.again_minutes:,.0f} minutes"
    return f"{issue.again:,} {many} came back (reopened, or followed by another of the customer){cost}."


def agreement_sentence(found: Agreement, grain: Grain) -> str:
    """How far a sentiment by a word list can be believed, measured on these data."""
    many = contacts(grain)
    told = f"Praise or complaint was read in {found.told:,} of {found.read:,} {many} with a text"
    agrees = found.agrees
    if agrees.value is None or found.guess is None:
        return f"{told}; how far that can be believed cannot be said: {agrees.reason}."
    said = (
        f"it agrees with the survey score in {percent(agrees)}; always saying the more frequent side would "
        f"in {found.guess * 100:.1f} %"
    )
    advice = "" if found.useful else " So here the words tell unhappy from satisfied no better than a guess."
    return f"{told}; {said}.{advice}"


def families_sentence(report: Report) -> str:
    """How the contacts with an issue spread over the four families, the largest first."""
    total = report.named
    if not total:
        return ""
    sums: dict[str, int] = {}
    for issue in report.issues:
        sums[issue.family] = sums.get(issue.family, 0) + issue.n
    ordered = sorted((n, family) for family, n in sums.items() if n)[::-1]
    return (
        "By family: " + ", ".join(f"{family} {n / total * 100:.0f} % ({n:,})" for n, family in ordered) + "."
    )


def emerging_sentence(report: Report, issue: Issue) -> str:
    """A growing issue, with what it brought and its onset."""
    said = (issue_sentence(report, issue), more_sentence(report, issue), onset_sentence(issue.onset))
    return " ".join(filter(None, said))


def more_sentence(report: Report, issue: Issue) -> str:
    """How many contacts more that were; empty where it cannot be said."""
    more = issue.more
    if more is None or more.value <= 0:
        return ""
    return f"That is {_more(more)} {contacts(report.grain)} more than at the share before."


def _more(more: More) -> str:
    """Contacts more with their interval.

    >>> _more(More(605.2, 390.7, 811.0)), _more(More(12.0, -1.0, 30.0))
    ('about 605 (391 to 811)', 'about 12 (0 to 30)')
    """
    return f"about {more.value:,.0f} ({max(0.0, more.low):,.0f} to {more.high:,.0f})"


def onset_sentence(onset: Onset | None) -> str:
    """Since when, and how sure that is."""
    if onset is None:
        return "The day from which it grew cannot be told from these days."
    span = f"(between {_day(onset.low)} and {_day(onset.high)})"
    if onset.kind is Rise.AT_ONCE:
        return f"It jumped (at once or within four weeks), most likely from {_day(onset.day)} {span}."
    if onset.kind is Rise.UNCLEAR:
        return (
            f"It began to grow around {_day(onset.day)} {span}; "
            "whether at once or step by step cannot be told."
        )
    until = "and still does" if onset.until is None else f"until about {_day(onset.until)}"
    return f"It grew step by step from about {_day(onset.day)} {span} {until}."


def first_why(report: Report) -> str:
    """Why the first of several growing issues stands first."""
    if len(report.emerging) < 2:
        return ""
    one, other = report.emerging[:2]
    if one.more is None or other.more is None:
        return ""
    many = contacts(report.grain)
    overlap = one.more.low <= other.more.high
    close = " These intervals overlap, so the order may be chance." if overlap else ""
    return (
        f"{one.name} stands first because it surely brought most {many} more than the share before would "
        f"have: at least {max(0.0, one.more.low):,.0f}, against {max(0.0, other.more.low):,.0f} for "
        f"{other.name}. All of them are beyond chance.{close}"
    )


def no_growth_sentence(report: Report) -> str:
    """That nothing grew, or why it cannot be said."""
    if report.no_change is not None:
        return f"What is new cannot be said: {report.no_change}."
    if not report.looked_at:
        return "No issue has enough contacts to say whether it grew."
    if single(report):
        return "There is only one issue: its share is always the whole and cannot grow."
    many = "issue" if report.looked_at == 1 else "issues"
    return f"None of {report.looked_at:,} {many} grew beyond what chance explains."


def fallen_note(report: Report) -> str:
    """That shares fall by themselves when another one grows; empty where none grew or fell."""
    fell = sum(issue.falls for issue in report.issues)
    if not report.emerging or not fell:
        return ""
    names = listed([issue.name for issue in report.emerging[:MOST_NAMED]])
    one = fell == 1
    return (
        f"The {'share' if one else 'shares'} of {fell} other {'issue' if one else 'issues'} fell; part of "
        f"that is arithmetic, as all shares add up to 1,000 and {names} grew."
    )


def source_sentence(report: Report) -> str:
    """Where the issues come from."""
    source = report.source
    if source.origin is Origin.FIELD:
        return f"Issues are the values of {source.field.replace('custom:', '')}"
    if source.origin is Origin.RULES:
        return "Issues are what your rules find in the texts"
    if source.origin is Origin.TEXTS:
        return "Issues are groups of texts with the same words (TF-IDF, non-negative matrix factorisation)"
    return f"No issues: {source.why}"


def method_sentences(report: Report) -> tuple[str, ...]:
    """How everything on the page was computed."""
    many = contacts(report.grain)
    said = [
        f"{source_sentence(report)}. {_capital(source_why(report))}",
        f"Rates are of all {many} created in the period; intervals at {confidence(report.level)} on as many "
        f"independent {many} as their days are worth.",
        "An issue grew when its share is beyond chance by the daily judge and by the exact conditional test "
        "of two rates (Przyborowski & Wilenski 1940), allowing for every issue that was looked at "
        f"(Benjamini-Hochberg). The order is that of the {many} it brought at least, more than the share "
        "before would have.",
        "The onset is that of a level, a rise and a level fitted to the daily shares (two-phase regression, "
        "Hinkley 1971), averaged over all starts, over rises at once and step by step of any length, and "
        "over how the days resemble each other. A rise that takes months has no sharp beginning: its "
        "interval is weeks wide, and the day is the middle of it, not more.",
    ]
    if report.looked_at:
        said.append(f"{report.looked_at:,} issues were tested; {report.too_few:,} were too rare for it.")
    said.append(
        "Phrases stand out by weighted log-odds (Monroe, Colaresi & Quinn 2008), allowing for weeks that "
        "resemble each other and for all phrases looked at (Benjamini-Hochberg)."
    )
    said.append(f"Handling time: {report.minutes_from}. Waiting: {report.wait_from}.")
    said.append(f"Unhappy: {report.unhappy_from}.")
    if report.feeling:
        said.append(
            f"Negative sentiment: by {report.feeling} of judgement and feeling in English and German, in the "
            f"texts of {many} and the comments of their answers; words that only name a problem do not "
            "count, a negation before turns a word. A text without such words is neutral."
        )
    return tuple(said)


def source_why(report: Report) -> str:
    """Why this source."""
    return f"{report.source.why}." if report.source.why else ""


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# ---------------------------------------------------------------- Pareto


def axis(order: Order) -> str:
    """What the bars measure."""
    return {
        Order.CONTACTS: "of 1,000 contacts",
        Order.HANDLING: "handled hours",
        Order.WAITING: "hours from creation to solution",
        Order.UNHAPPY: "unhappy answers",
        Order.COST: "cost of handled minutes",
    }[order]


def ranked_value(order: Order, value: float) -> str:
    """A value of an order, as it is written.

    >>> ranked_value(Order.HANDLING, 12.34), ranked_value(Order.UNHAPPY, 51)
    ('12.3 h', '51 unhappy')
    """
    if order is Order.HANDLING:
        return f"{value:,.1f} h"
    if order is Order.WAITING:
        return f"{value / 24:,.0f} days" if value >= 240 else f"{value:,.1f} h"
    if order is Order.UNHAPPY:
        return f"{value:,.0f} unhappy"
    return f"{value:,.2f}" if order is Order.COST else f"{value:,.0f}"


def rates(issue: Issue) -> tuple[tuple[float, float | None, float | None], float | None]:
    """Rate now with its interval, and before, per 1,000."""
    low, high = (None if b is None else b * 1000 for b in (issue.share.low, issue.share.high))
    before = issue.share_before.value if issue.share_before else None
    return ((issue.share.value or 0.0) * 1000, low, high), None if before is None else before * 1000


def pareto_sentence(report: Report, order: Order, ranked: tuple[Ranked, ...]) -> str:
    """How many issues make up most of it."""
    what = {
        Order.CONTACTS: f"all {contacts(report.grain)} with an issue",
        Order.HANDLING: "the known handling time",
        Order.WAITING: "the time to solution",
        Order.UNHAPPY: "the unhappy answers",
        Order.COST: "the known cost of handling",
    }[order]
    if not ranked[-1].cumulated:
        return f"There is nothing of {what} in this period"
    many = next(place for place, each in enumerate(ranked, 1) if each.cumulated >= 0.8 - 1e-9)
    if len(ranked) == 1:
        return f"{ranked[0].issue.name} makes up {what}"
    share = ranked[many - 1].cumulated
    return f"{many} of {len(ranked):,} issues make up {share * 100:.0f} % of {what}"


def unnamed_sentence(report: Report) -> str:
    """How many contacts have no issue, and why; empty where all have one."""
    without = sum(n for _, n in report.unnamed)
    if not without:
        return ""
    kinds = {
        "(none)": "where the column is empty",
        "(other texts)": "whose words fit none",
        "(no text)": "without a text",
    }
    each = listed([f"{n:,} {kinds.get(name, name)}" for name, n in report.unnamed])
    return f"{without:,} of {report.total:,} {contacts(report.grain)} have no issue: {each}."


def pareto_alt(report: Report, order: Order, ranked: tuple[Ranked, ...]) -> str:
    """The picture in words."""
    first = "; ".join(f"{each.issue.name} {ranked_value(order, each.value)}" for each in ranked[:5])
    return f"Bars of issues by {axis(order)}, the largest first: {first}."


def pareto_key(report: Report, order: Order) -> tuple[str, ...]:
    """How to read the picture, and what the values rest on."""
    issues = [issue for issue in report.issues if issue.n]
    tail = "; the percentage at the right: this issue and those above it"
    if order is Order.CONTACTS:
        tick = "" if report.before is None else ", thick tick: before"
        return (f"Line: 95 % interval{tick}; orange: grew beyond chance{tail}",)
    said = f"Orange: its share of contacts grew beyond chance{tail}"
    total = sum(issue.n for issue in issues)
    if order in (Order.HANDLING, Order.COST):
        known = sum(issue.timed for issue in issues)
        rest = f"known for {known:,} of {total:,} ({report.minutes_from}); the rest is not estimated"
        return (said, f"Handling time is {rest}{_unevenly(issues)}")
    if order is Order.WAITING:
        known = sum(issue.ended for issue in issues)
        return (said, f"Solved ones only, {known:,} of {total:,}: elapsed time, not work")
    rated = sum(issue.rated for issue in issues)
    return (said, f"{rated:,} answers from {total:,}; {report.unhappy_from}; who answers is not everybody")


def _unevenly(issues: Sequence[Issue]) -> str:
    """That the order rests on where handling is known, where that differs much between issues."""
    told = sorted(((issue.timed / issue.n, issue) for issue in issues if issue.n), key=lambda pair: pair[0])
    if not told or told[-1][0] < UNEVEN * told[0][0]:
        return ""
    (low, least), (high, most) = told[0], told[-1]
    return (
        f". It is known for {low * 100:.0f} % of {least.name} ({least.timed:,} of {least.n:,}) and "
        f"{high * 100:.0f} % of {most.name}, so the order says where it is known, too: “Minutes each” of the "
        "table does not depend on that"
    )


def percent(share: Estimate) -> str:
    """A share in percent with its interval and n."""
    if share.value is None:
        return ""
    bounds = (
        ""
        if share.low is None or share.high is None
        else f" ({share.low * 100:.0f} to {share.high * 100:.0f} %)"
    )
    return f"{share.value * 100:.1f} %{bounds}, n {share.n:,}"


def bounded(value: float, low: float, high: float, endless: str) -> str:
    """A ratio with its interval.

    >>> bounded(1.5, 1.2, float("inf"), "new")
    '1.5 (1.2 to ∞)'
    """
    last = "∞" if math.isinf(high) else times(high)
    return f"{endless if math.isinf(value) else times(value)} ({times(low)} to {last})"


def story_rows(story: Story, zone: str) -> list[dict[str, object]]:
    """The moments of one contact, with the time since the one before."""
    local = ZoneInfo(zone)
    return [
        {
            "When": f"{moment.at.astimezone(local):%Y-%m-%d %H:%M}",
            "What": moment.what,
            "After": "" if moment.after is None else Unit.MINUTES.level(moment.after),
            "Detail": moment.detail,
        }
        for moment in story.moments
    ]


# ---------------------------------------------------------------- phrases, company, repeats


def phrases_sentence(found: Phrases, what: str) -> str:
    """How many phrases stand out, or why none can.

    ``what`` reads "more frequent than before".
    """
    if found.refused is not None:
        return f"{_capital(found.refused)}."
    without = f" {found.without_text:,} contacts have no text." if found.without_text else ""
    if found.spread:
        without = f"{without} Not all texts were read, but an even spread of them."
    if not found.found:
        return f"None of {found.looked_at:,} phrases is {what} beyond chance.{without}"
    first = listed([f"“{each.text}”" for each in found.found[:MOST_NAMED]])
    verb = "is" if len(found.found) == 1 else "are"
    return f"{_capital(first)} {verb} {what}, of {found.looked_at:,} phrases looked at.{without}"


def company_sentence(found: Company, issue: str) -> str:
    """What an issue comes together with."""
    if found.refused is not None:
        return f"{_capital(found.refused)}."
    if not found.found:
        return f"None of {found.looked_at:,} values of other columns is clearly more frequent here."
    first = found.found[0]
    lift = (
        "found nowhere else" if math.isinf(first.lift) else f"{first.lift:.1f} times as frequent as elsewhere"
    )
    return (
        f"{issue} comes most with {column(first.field)} “{first.value}”: {first.share * 100:.0f} % of its "
        f"contacts, {first.share_others * 100:.0f} % of the others ({lift}). What comes together need not "
        "cause each other."
    )


def times(factor: float) -> str:
    """How many times as frequent: two digits, so that nothing is read that is not known.

    >>> times(3.63), times(0.734), times(1.0), times(12.4)
    ('3.6', '0.73', '1.0', '12')
    """
    if factor >= 9.95:
        return f"{factor:,.0f}"
    return f"{factor:.1f}" if factor >= 0.995 else f"{factor:.2f}"


def column(name: str) -> str:
    """A column as it is said."""
    return name.removeprefix("custom:").replace("_", " ")


def beside_sentence(found: Beside, grain: Grain) -> str:
    """Which issues are more frequent on a channel than on the others."""
    if found.refused is not None:
        return f"{_capital(found.refused)}."
    one = found.channel
    more = [each for each in found.found if each.more is True]
    less = [each for each in found.found if each.more is False]
    if not more and not less:
        return f"None of {found.looked_at:,} issues is more or less frequent on {one} beyond chance."
    said = []
    for which, how in ((more, "more"), (less, "less")):
        if which:
            clearest = sorted(which, key=lambda each: -abs(_apart(each)))
            first = clearest[0]
            rest = f" ({len(which)} in all)" if len(which) > 1 else ""
            said.append(
                f"{first.issue} is {how} frequent on {one}{rest}: {per_thousand(first.share.value)} of 1,000 "
                f"{contacts(grain)} ({interval(first.share)}), {per_thousand(first.share_others.value)} "
                "elsewhere"
            )
    return f"{'; '.join(said)}."


BESIDE_NOTE = "Shares add up to 1,000: where one issue comes by other channels only, the rest stand higher."


def _apart(each: Here) -> float:
    return (each.share.value or 0.0) - (each.share_others.value or 0.0)


def recurring_sentence(found: Recurring) -> str:
    """How many contacts repeat what others say, and what that costs."""
    if found.refused is not None:
        return f"{_capital(found.refused)}."
    if not found.groups:
        return f"No text is written three times or more among {found.contacts:,} contacts."
    minutes = [group.minutes for group in found.groups if group.minutes is not None and group.timed]
    timed = sum(group.timed for group in found.groups)
    cost = f", {sum(minutes) / 60:,.1f} handled hours ({timed:,} of them timed)" if minutes else ""
    many = len(found.groups)
    return (
        f"{found.covered:,} of {found.contacts:,} contacts say nearly the same as others, in {many:,} "
        f"{'group' if many == 1 else 'groups'}{cost}."
    )
