"""What may be said of successful resolutions: what lasted, what came before, how many went well, praise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from kpi.model import Claim, Grain, Unit, Verdict
from kpi.words import lexicon
from kpi.words.driver_sentences import dimension_words
from kpi.words.figures import between, numbers, probability
from kpi.words.issue_sentences import contacts
from kpi.words.sentences import sentence

if TYPE_CHECKING:
    from kpi.resolutions.counting import Ending, Escalations, Report
    from kpi.resolutions.lasting import Drop, Lasting
    from kpi.resolutions.preceding import New, Preceded
    from kpi.resolutions.preparing import Kept
    from kpi.resolutions.quoting import Praise, Quote
    from kpi.resolutions.sharing import Shared, Value
    from kpi.resolutions.stepping import Size

Names = Mapping[str, str]
RATE, TIME, RATING = "contacts", "time", "rating"
TAGS, AGENT = "tags", "agent"
PERSONS = (AGENT, "first responder")
ENDING_WORDS = {
    "solved": "Solved",
    "open": "Still open",
    "reopened": "Reopened",
    "happy": "Rated satisfied",
    "quick": "Quick for their kind",
}
BETTER_WHEN_HIGH = {"solved": True, "open": False, "reopened": False, "happy": True, "quick": True}
MINUS = "−"


def field_words(name: str) -> str:
    """A column as it is called on the page.

    >>> field_words("issue of the contact"), field_words("custom:Store")
    ('issue', 'Store')
    """
    return "issue" if name == "issue of the contact" else dimension_words(name)


def day_words(day: date) -> str:
    """A day inside a sentence.

    >>> day_words(date(2026, 2, 16))
    '16 February 2026'
    """
    return f"{day.day} {day:%B %Y}"


def percent(share: float, places: int = 0) -> str:
    """A share of 1 as a percentage with its sign.

    >>> percent(-0.454), percent(0.021, 1)
    ('−45 %', '+2.1 %')
    """
    sign = "+" if share > 0 else MINUS if share < 0 else "±"
    return f"{sign}{abs(share) * 100:.{places}f} %"


def share_words(k: int, n: int) -> str:
    """So many of so many.

    >>> share_words(266, 361), share_words(0, 0)
    ('266 of 361 (73.7 %)', '0 of 0')
    """
    return f"{k:,} of {n:,} ({k / n * 100:.1f} %)" if n else "0 of 0"


# ---------------------------------------------------------------- title


def resolution_title(kept: Kept | str, report: Report | None, lasting: Lasting | None) -> str:
    """What went well, in one sentence."""
    if isinstance(kept, str) or report is None:
        return "What went well cannot be said"
    said = []
    if lasting is not None and lasting.drops:
        said.append(_title_of(lasting))
    good = report.of("good") if report.refused is None else None
    if report.refused is not None:
        said += _parts_alone(kept, report)
    if good is not None and good.now.value is not None:
        many = contacts(kept.grain)
        level = Unit.PERCENT.level(good.now.value)
        change = ""
        if good.difference is not None:
            change = f", {lexicon.SHORT[good.verdict]}"
        said.append(f"{level} of judged {many} were quick and satisfied{change}")
    if not said:
        return "What went well cannot be said"
    text = "; ".join(said)
    return text[:1].upper() + text[1:]


def _parts_alone(kept: Kept, report: Report) -> list[str]:
    """The part of quick and satisfied that the data hold, where they do not hold both."""
    many = contacts(kept.grain)
    happy, quick = report.of("happy"), report.of("quick")
    if happy is not None and happy.now.value is not None:
        level = Unit.PERCENT.level(happy.now.value)
        return [f"{level} of rated {many} were satisfied; whether they were quick cannot be said"]
    if quick is not None and quick.now.value is not None:
        level = Unit.PERCENT.level(quick.now.value)
        return [
            f"{level} of solved {many} were quick for their kind; whether customers liked it cannot be said"
        ]
    return []


def _title_of(lasting: Lasting) -> str:
    first = lasting.drops[0]
    more = len(lasting.drops) - 1
    also = f" ({more} more lasted too)" if more else ""
    amount = percent(first.size.value).lstrip(MINUS + "+")
    what = {
        RATE: f"{first.value} fell by {amount} about {day_words(first.day)} and stayed down",
        TIME: f"{first.value} got faster by {amount} about {day_words(first.day)} and stayed so",
        RATING: f"{first.value} pleases more customers since about {day_words(first.day)}",
    }[first.what]
    return f"{what}{also}"


# ---------------------------------------------------------------- quick and satisfied


def yardstick(kept: Kept) -> str:
    """What quick means here."""
    by = _listed([field_words(name) for name in kept.by]) if kept.by else ""
    kind = f"the same {by}" if by else "all of them, as no column tells kinds apart"
    many = contacts(kept.grain)
    return (
        f"Quick: {kept.quick.value[:1].lower()}{kept.quick.value[1:]}. A kind is {kind}, over all data, "
        f"widened "
        f"where fewer than 20 {many} were ever solved. Time: {kept.time_from}."
    )


def good_sentences(report: Report, claims: Sequence[Claim]) -> tuple[str, ...]:
    """The outcome and its two parts, now against before."""
    if report.before is not None:
        return tuple(sentence(claim) for claim in claims)
    return tuple(
        f"{each.metric.name}: {Unit.PERCENT.level(each.now.value)} "
        f"({Unit.PERCENT.level(each.now.low)} to {Unit.PERCENT.level(each.now.high)}), n = {each.now.n:,}."
        for each in report.comparisons
        if each.now.value is not None
    )


def history_sentence(report: Report) -> str:
    """The finding above the weeks."""
    good = report.of("good")
    if good is None or good.now.value is None:
        return "Quick and satisfied, week by week"
    change = "" if good.difference is None else f", {lexicon.SHORT[good.verdict]}"
    return f"Quick and satisfied: {Unit.PERCENT.level(good.now.value)} of {good.now.n:,} judged{change}"


def good_rows(kept: Kept, claims: Sequence[Claim], report: Report) -> list[dict[str, object]]:
    """A row for each share: now, before, change."""
    order = {f"resolutions_{key}": place for place, key in enumerate(("good", "quick", "happy"))}
    known = {claim.comparison.metric.key: numbers(claim) for claim in claims}
    rows: list[dict[str, object]] = []
    for each in sorted(report.comparisons, key=lambda one: order[one.metric.key]):
        if each.now.value is None:
            continue
        figures = known.get(each.metric.key)
        row: dict[str, object] = {
            "What": each.metric.name,
            "Share": (figures and figures.now) or Unit.PERCENT.level(each.now.value),
            "Interval": f"{Unit.PERCENT.level(each.now.low)} to {Unit.PERCENT.level(each.now.high)}",
            "Count": each.now.parts.get("count") or 0,
            "n": each.now.n,
        }
        if report.before is not None and figures is not None:
            row |= {
                "Before": figures.before or "no answer",
                "Count before": each.before.parts.get("count") or 0,
                "n before": each.before.n,
                "Change": figures.change or "",
                "Change, interval": figures.interval or "",
                "Verdict": lexicon.SHORT[each.verdict],
            }
        rows.append(row)
    return rows


# ---------------------------------------------------------------- what lasted


def lasting_sentence(found: Lasting) -> str:
    """What lasted, or that nothing did, with how much was looked at."""
    if found.refused is not None:
        return f"What lasted cannot be said: {found.refused}."
    many = f"{found.looked_at:,} series ({field_words(found.field)} by number of contacts, time and rating)"
    if not found.drops:
        fell = ""
        if found.together:
            fell = f" {len(found.together)} fell, but no more than the others did."
        return f"None of {many} stepped to the better and stayed there beyond chance.{fell}"
    one = len(found.drops) == 1
    return f"{len(found.drops)} of {many} stepped to the better and {'has' if one else 'have'} stayed there."


def drop_sentence(drop: Drop, grain: Grain = Grain.TICKETS) -> str:
    """One lasting drop: levels, size with interval, date with its range."""
    many = contacts(grain)
    levels = {
        RATE: f"from {drop.before:.1f} to {drop.after:.1f} {many} a day",
        TIME: f"time to solution from {Unit.MINUTES.level(drop.before)} to {Unit.MINUTES.level(drop.after)}",
        RATING: f"satisfied from {Unit.PERCENT.level(drop.before)} to {Unit.PERCENT.level(drop.after)}",
    }[drop.what]
    return (
        f"{drop.value}: {levels}, {size_words(drop, drop.size)}, since about {day_words(drop.day)} (between "
        f"{day_words(drop.low)} and {day_words(drop.high)}), and still so on {day_words(drop.until)}."
    )


def size_words(drop: Drop, size: Size) -> str:
    """A size with its interval.

    Ratings move in points, contacts and times in percent of the level before.
    """
    if drop.what == RATING:
        ends = [Unit.PERCENT.change(each) for each in (size.value, size.low, size.high)]
    else:
        ends = [percent(each) for each in (size.value, size.low, size.high)]
    return f"{ends[0]} ({ends[1]} to {ends[2]})"


def control_sentence(drop: Drop, looked_at: int) -> str:
    """What the others did, and how sure it is."""
    sure = (
        f"Allowing for all {looked_at:,} series that were looked at, p is {probability(drop.p_adjusted)}; "
        f"the "
        f"intervals are at {drop.level * 100:.3g} %, as it was chosen for being large."
    )
    if drop.control is None:
        return f"No control: {drop.control_reason}. {sure}"
    beyond = size_words(drop, drop.control)
    if drop.own:
        return (
            f"Held against the others from the same day on: {beyond}, so the others do not explain it. {sure}"
        )
    return (
        f"Held against the others from the same day on: {beyond}, so it may be what moved all of them. {sure}"
    )


def drop_rows(found: Lasting) -> list[dict[str, object]]:
    """Every lasting drop as a row."""
    rows = []
    for drop in (*found.drops, *found.together):
        show = Unit.PERCENT.level if drop.what == RATING else Unit.MINUTES.level
        before, after = (
            (f"{drop.before:.1f} a day", f"{drop.after:.1f} a day")
            if drop.what == RATE
            else (show(drop.before), show(drop.after))
        )
        rows.append(
            {
                "What": drop.value,
                "In": {RATE: "contacts", TIME: "time to solution", RATING: "satisfied answers"}[drop.what],
                "Since about": drop.day.isoformat(),
                "Between": f"{drop.low.isoformat()} and {drop.high.isoformat()}",
                "Before": before,
                "After": after,
                "Change": size_words(drop, drop.size),
                "Beyond the others": "no control" if drop.control is None else size_words(drop, drop.control),
                "n before": drop.n_before,
                "n after": drop.n_after,
                "p": probability(drop.p_adjusted),
            }
        )
    return rows


def lasting_alt(drop: Drop) -> str:
    """The picture in words."""
    return f"Week by week, with a line at {day_words(drop.day)}. {drop_sentence(drop)}"


def preceded_sentence(found: Preceded) -> str:
    """What is called shortly before."""
    days = f"{day_words(found.since)} to {day_words(found.until)}"
    if not found.events and not found.found:
        return (
            f"Nothing is known to have come shortly before ({days}): no event is kept for those days, and "
            f"none "
            f"of {found.looked_at:,} values of the contacts became more frequent beyond chance."
        )
    return (
        f"What came shortly before or with it ({days}). That something came first does not make it the "
        f"cause; "
        f"{found.looked_at:,} values of the contacts were looked at."
    )


def new_sentence(found: New, drop: Drop, names: Names, grain: Grain = Grain.TICKETS) -> str:
    """One value that came shortly before a drop."""
    many = contacts(grain)
    value = names.get(found.value, found.value) if found.person else found.value
    what = "Tag" if found.field == TAGS else _cap(field_words(found.field))
    rest = ""
    if found.elsewhere is not None:
        rest = f"; {found.elsewhere * 100:.1f} % of the other {many}"
    counts = (
        f"{share_words(found.k, found.n)} of its {many} since, {share_words(found.k_before, found.n_before)} "
        f"before{rest}"
    )
    first = f"first seen in {drop.value} on {day_words(found.first_seen)}"
    if found.new and found.person:
        first = f"began with {drop.value} on {day_words(found.first_seen)}"
    if not found.new:
        first = "known before, more frequent since"
    return f"{what} {value}, {first}: {counts}."


def new_rows(found: Preceded, names: Names) -> list[dict[str, object]]:
    """Values that came shortly before, as rows."""
    return [
        {
            "Column": "tag" if each.field == TAGS else field_words(each.field),
            "Value": names.get(each.value, each.value) if each.person else each.value,
            "Agent": each.value if each.person else "",
            "First seen": each.first_seen.isoformat(),
            "New": "yes" if each.new else "known before",
            "Since": each.k,
            "n since": each.n,
            "Before": each.k_before,
            "n before": each.n_before,
            "Difference": f"{Unit.PERCENT.change(each.gap)} ({between(Unit.PERCENT, each.low, each.high)})",
            "p": probability(each.p_adjusted),
        }
        for each in found.found
    ]


def event_sentence(day: date, name: str, kind: str, drop: Drop) -> str:
    """A known event before a drop."""
    apart = (drop.day - day).days
    when = (
        "on the most likely day"
        if not apart
        else f"{abs(apart)} days {'before' if apart > 0 else 'after'} it"
    )
    return f"Event: {name} ({kind}), {day_words(day)}, {when}."


# ---------------------------------------------------------------- what the good ones share


def shared_sentence(found: Shared) -> str:
    """What stands out beyond chance, or that nothing does."""
    if found.refused is not None:
        return f"What the good ones share cannot be said: {found.refused}."
    better, worse = found.better, found.worse
    looked = f"{found.looked_at:,} values of {len({each.field for each in found.values}):,} columns"
    if not better and not worse:
        return (
            f"None of {looked} goes with more or less success than others of its kind beyond chance: there "
            f"is "
            f"nobody to praise or to blame, and nothing to copy, from these {found.judged:,} judged contacts."
        )
    said = []
    if better:
        said.append(f"{len(better)} {'goes' if len(better) == 1 else 'go'} with more success")
    if worse:
        said.append(f"{len(worse)} with less")
    return f"Of {looked}, {' and '.join(said)} than others of the same kind, beyond chance."


def value_sentence(value: Value, names: Names) -> str:
    """One value that stands out."""
    name = names.get(value.value, value.value) if value.field in PERSONS else value.value
    low, high = (Unit.PERCENT.change(bound) for bound in (value.low, value.high))
    return (
        f"{_cap(field_words(value.field))} {name}: {value.share * 100:.1f} % of {value.n:,} quick and "
        f"satisfied, "
        f"{value.expected * 100:.1f} % of others of the same kind: {Unit.PERCENT.change(value.gap)} ({low} "
        f"to "
        f"{high}); {Unit.PERCENT.change(value.shrunk)} when pulled towards the others, so that luck is not "
        f"counted twice; p {probability(value.p_adjusted)}."
    )


def value_name(value: Value, names: Names) -> str:
    """A value with its column.

    Agents stand under what they are called on the page.
    """
    name = names.get(value.value, value.value) if value.field in PERSONS else value.value
    return f"{_cap(field_words(value.field))} {name}"


def drawn_sentence(drawn: Sequence[Value], column: str) -> str:
    """What a picture of values shows."""
    clear = [each for each in drawn if each.verdict is not Verdict.UNCLEAR]
    which = f"by {column}" if column else "furthest from their kind"
    if not clear:
        return f"Values {which}: chance explains every difference"
    return f"Values {which}: {len(clear)} of {len(drawn)} are beyond chance"


def drawn_alt(drawn: Sequence[Value], names: Names) -> str:
    """The picture in words."""
    said = [f"{value_name(each, names)} {Unit.PERCENT.change(each.gap)}" for each in drawn[:6]]
    return f"Dots with intervals, right is more success: {'; '.join(said)}."


def persons_sentence(header: str, grain: Grain) -> str:
    """Who is meant by the persons that contacts are held against each other by."""
    if grain is not Grain.TICKETS:
        return "Agents are those who took the call."
    if header:
        return f"First responders are those in the column “{header}”."
    return (
        "Agents are those a ticket is assigned to: no column names who answered first, such as “First "
        "responder”."
    )


def overlap_note(found: Sequence[Value]) -> str:
    """That the order of several is no rank; empty for one, or where no interval overlaps."""
    if len(found) < 2:
        return ""
    overlapping = any(
        one.low <= other.high and other.low <= one.high
        for place, one in enumerate(found)
        for other in found[place + 1 :]
    )
    return "Their intervals overlap: the order is no rank." if overlapping else ""


def shared_rows(found: Shared, names: Names) -> list[dict[str, object]]:
    """Everything that was looked at, by column."""
    return [
        {
            "Column": field_words(each.field),
            "Value": names.get(each.value, each.value) if each.field in PERSONS else each.value,
            "Agent": each.value if each.field in PERSONS else "",
            "Quick and satisfied": each.k,
            "Judged": each.n,
            "Share": f"{each.share * 100:.1f} %",
            "Same kind elsewhere": f"{each.expected * 100:.1f} %",
            "Difference": Unit.PERCENT.change(each.gap),
            "Interval": between(Unit.PERCENT, each.low, each.high),
            "Pulled in": Unit.PERCENT.change(each.shrunk),
            "Verdict": {Verdict.BETTER: "more success", Verdict.WORSE: "less success"}.get(
                each.verdict, "within chance"
            ),
            "Without counterpart": each.left_out,
        }
        for each in found.values
    ]


def hidden_sentence(found: Shared) -> str:
    """Agents who are not shown, and values with too few; empty where all are."""
    said = []
    if found.no_agents:
        said.append(f"Agents are not compared: {found.no_agents}.")
    if found.hidden[0]:
        said.append(
            f"{found.hidden[0]} agents with few judged contacts ({found.hidden[1]:,} together) are not shown."
        )
    if found.few:
        said.append(
            f"{found.few:,} values have too few judged contacts, or too few of the same kind elsewhere."
        )
    return " ".join(said)


# ---------------------------------------------------------------- escalated


def escalation_sentence(found: Escalations, kept: Kept) -> str:
    """How many were escalated and how they ended."""
    if found.refused is not None:
        return f"How escalated contacts ended cannot be said: {found.refused}."
    many = contacts(kept.grain)
    said = [
        f"{ENDING_WORDS[each.key].lower()} "
        f"{share_words(int(each.share.parts.get('count') or 0), each.share.n)}"
        for each in found.endings
    ]
    which = f"{found.n:,} of {found.known:,} {many} that came in ({found.n / found.known * 100:.1f} %)"
    return f"{which} were escalated: {', '.join(said)}."


def ending_rows(found: Escalations) -> list[dict[str, object]]:
    """How the escalated ended beside the same kind of contacts that were not escalated."""
    rows: list[dict[str, object]] = []
    for each in found.endings:
        d, expected = each.matched.difference, each.matched.expected
        known = d is not None and d.low is not None and d.high is not None
        rows.append(
            {
                "Ending": ENDING_WORDS[each.key],
                "Count": int(each.share.parts.get("count") or 0),
                "n": each.share.n,
                "Share": Unit.PERCENT.level(each.share.value),
                "Interval": f"{Unit.PERCENT.level(each.share.low)} to {Unit.PERCENT.level(each.share.high)}",
                "Same kind, not escalated": "no answer" if expected is None else Unit.PERCENT.level(expected),
                "Difference": ""
                if d is None or not known
                else f"{Unit.PERCENT.change(d.value)} ({between(Unit.PERCENT, d.low, d.high)})",
                "Verdict": ending_verdict(each),
            }
        )
    return rows


def ending_verdict(ending: Ending) -> str:
    """What may be said of one ending against the same kind."""
    d = ending.matched.difference
    if d is None or d.p_adjusted is None:
        return "no comparison"
    if d.p_adjusted >= 0.05:
        return "within chance"
    good = (d.value > 0) == BETTER_WHEN_HIGH[ending.key]
    return "better than the same kind" if good else "worse than the same kind"


def hours_sentence(found: Escalations) -> str:
    """Median times to the solution; empty where there are none."""
    one, other = found.hours, found.hours_others
    if one.value is None:
        return ""
    said = f"Half of the escalated were solved within {Unit.HOURS.level(one.value)} of creation"
    if one.low is not None and one.high is not None:
        said += f" ({Unit.HOURS.level(one.low)} to {Unit.HOURS.level(one.high)})"
    if other.value is not None:
        said += f", of all others within {Unit.HOURS.level(other.value)}, which are other kinds of contacts"
    return f"{said}."


ESCALATED_CAVEAT = (
    "Contacts are escalated for a reason that these columns do not show, so a difference from contacts of "
    "the "
    "same issue, channel and priority is no effect of escalating. The time is counted from creation: the "
    "data "
    "have no time of escalation."
)


# ---------------------------------------------------------------- praise


def praise_sentence(found: Praise) -> str:
    """How many comments were read, and that quotes stand below."""
    if found.refused is not None:
        return f"There is no praise to quote: {found.refused}."
    one = len(found.quotes) == 1
    return (
        f"{len(found.quotes)} {'comment' if one else 'comments'} worth quoting, of {found.comments:,} by "
        f"satisfied customers ({found.read:,} say something in three words or more)."
    )


def quote_caption(quote: Quote, names: Names) -> str:
    """What is known of a quote."""
    said = [quote.score, quote.issue, quote.channel, names.get(quote.agent, quote.agent)]
    if quote.day is not None:
        said.append(day_words(quote.day))
    return " · ".join(each for each in (*said, f"chosen for: {quote.why}") if each)


def quote_rows(found: Praise) -> list[dict[str, object]]:
    """Quotes as rows; the words are masked."""
    return [
        {
            "Quote": each.text,
            "Score": each.score,
            "Day": "" if each.day is None else each.day.isoformat(),
            "Issue": each.issue,
            "Channel": each.channel,
            "Agent": each.agent,
            "Ticket": each.key,
            "Alike": each.alike,
        }
        for each in found.quotes
    ]


# ---------------------------------------------------------------- method


def method_sentences(kept: Kept) -> tuple[str, ...]:
    """How everything on the page was computed."""
    many = contacts(kept.grain)
    return (
        yardstick(kept),
        f"Quick and satisfied is counted among {many} with both a known time and a rating, "
        f"{kept.basis.words}; who answers a survey is not everybody. Now and before are judged by the days "
        "around both periods, the three shares as one family (Benjamini-Hochberg).",
        "Lasting: a step in the daily series by the daily engine (SN-GLS), the date chosen as the one with "
        "the "
        "largest t, its p that of the largest t of all dates (James, James & Siegmund 1987); kept to the "
        "newest days; at least 28 days on each side. Control: the other values from the same day on "
        "(difference in differences), those that moved themselves left out.",
        "What came before: values whose share of the same contacts rose beyond chance, all as one family; "
        "“new” are those first seen within six weeks before the drop or within its range of days.",
        "What the good ones share: each value against others weighted to the same issue, channel and "
        "priority "
        "(direct standardisation), all values as one family, pulled in by empirical Bayes (Paule & Mandel "
        "1982). Agents by the limits of the page Agents.",
        "Quotes: the highest score, more words, words that few others use; one issue or agent not twice in a "
        "row. Names of agents and customers, e-mail addresses, links and long numbers are taken out.",
        *(f"{_cap(each)}." for each in kept.missing),
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]
