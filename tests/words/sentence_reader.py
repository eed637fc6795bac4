"""An independent reader (knows nothing of the writer): parses a sentence back and says what is not so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kpi.model import Claim, Direction, Unit, Verdict

DUST = 1e-5
MINUTES = {"s": 1 / 60, "min": 1.0, "h": 60.0, "days": 1440.0}
LEVEL_WORDS = {
    Unit.PERCENT: {"%"},
    Unit.POINTS: {""},
    Unit.SCORE: {""},
    Unit.COUNT: {""},
    Unit.PER_DAY: {"per day"},
    Unit.MINUTES: set(MINUTES),
    Unit.HOURS: set(MINUTES),
}
CHANGE_WORDS = {**LEVEL_WORDS, Unit.PERCENT: {"points"}, Unit.POINTS: {"points"}}
NUMBER = r"[+−±]?\d[\d,]*(?:\.\d+)?"
UNIT = r"(?: (?:%|percent|points|per day|days|min|s|h))?"
QUANTITY = re.compile(rf"(?P<number>{NUMBER})(?P<unit>{UNIT})")
NOUNS = {
    "tickets": "tickets",
    "surveys": "answers",
    "calls": "calls",
    "agent_days": "agent-days",
    "customers": "customers",
}
CAUSES = re.compile(
    r"\b(because|due to|thanks to|caused|owing to|led to|as a result|driven by)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Quantity:
    """A printed number: its value, half of its last decimal, its unit word, its sign."""

    value: float
    half: float
    unit: str
    sign: str


def quantity(text: str) -> Quantity | None:
    found = QUANTITY.fullmatch(text.strip())
    if not found:
        return None
    number, unit = found["number"], found["unit"].strip()
    sign = number[0] if number[0] in "+−±" else ""
    digits = number.lstrip("+−±").replace(",", "")
    decimals = len(digits.partition(".")[2])
    value = float(digits) * (-1 if sign == "−" else 1)
    return Quantity(value, 0.5 * 10**-decimals, unit, sign)


def read(sentence: str, claim: Claim) -> list[str]:
    """Everything that is wrong with the sentence as a statement of the claim; empty when nothing is."""
    problems: list[str] = []
    if CAUSES.search(sentence):
        problems.append("speaks of causes")
    pattern = _patterns(claim)
    verdict = claim.comparison.verdict
    kind, match = next(
        ((kind, m) for kind, text in pattern.items() if (m := re.fullmatch(text, sentence))), ("none", None)
    )
    if match is None:
        return [*problems, "is not a sentence of the fixed form, or names other subjects or periods"]
    parts = match.groupdict()
    if kind != _expected(verdict):
        problems.append(f"is '{kind}' where the verdict is '{verdict.value}'")
    problems += _levels(claim, parts)
    problems += _change(claim, parts)
    problems += _direction(claim, parts)
    problems += _unlikely(claim, parts)
    return problems


def _expected(verdict: Verdict) -> str:
    if verdict is Verdict.TOO_FEW:
        return "too few"
    return "unclear" if verdict is Verdict.UNCLEAR else "clear"


def _patterns(claim: Claim) -> dict[str, str]:
    group = ", ".join(value for _, value in claim.comparison.group.keys)
    subject = claim.comparison.metric.name + (f" for {group}" if group else "")
    start = subject if subject[1].isupper() else subject[0].lower() + subject[1:]
    subject, start = re.escape(subject), re.escape(start)

    def side(name: str, label: str) -> str:
        return rf"(?P<{name}>{NUMBER}{UNIT}) in {re.escape(label)}(?: \(n (?P<{name}_n>[\d,]+)\))?"

    now, before = side("now", claim.now_label), side("before", claim.before_label)
    change = (
        rf"(?P<change>{NUMBER}{UNIT})"
        rf"(?: \((?P<level>[\d.]+) % interval (?:no lower bound|(?P<low>{NUMBER})(?P<low_unit>{UNIT})) to "
        rf"(?:no upper bound|(?P<high>{NUMBER}{UNIT}))\))?"
    )
    judged = rf"(?P<judged>which is better|which is worse|a clear change): {change}"
    how = r"(?P<how>per day|like for like)"
    ways = "A rise of|A fall of|A change of|A gap of|Higher by|Lower by"
    unlikely = rf"(?: (?P<way>{ways}) more than (?P<bound>{NUMBER}{UNIT}) is unlikely\.)?"
    clear = (
        rf"{subject} (?P<verb>rose|fell) from {before} to {now}, {judged}\."
        if claim.over_time
        else rf"{subject} is (?P<verb>higher|lower): {now} against {before}, {judged}\."
    )
    difference = claim.comparison.difference
    if difference is not None and difference.per:
        verb = "(?P<verb>rose|fell)" if claim.over_time else "is (?P<verb>higher|lower)"
        clear = rf"{subject} {verb} {how}, {judged}; as counted {now} and {before}\."
    thing = "change" if claim.over_time else "difference"
    noun = NOUNS[claim.comparison.metric.grain.value]
    # A change without a p is not judged for another reason than too few rows, and the reason is said.
    untested = difference is not None and difference.p is None
    few = "Not enough" if untested else f"Too few {noun}"
    why = "; " + re.escape(claim.comparison.reason.rstrip(".")) if untested else ""
    adjusted = difference.p_adjusted if difference is not None else None
    small = adjusted is not None and difference is not None and adjusted < round(1 - difference.level, 12)
    hedge = f"Only a small {thing}" if small else f"No clear {thing}"
    return {
        "clear": clear,
        "unclear": rf"{hedge} in {start}: {now} and {before}, (?:like for like )?{change}\."
        rf"{unlikely}",
        "too few": rf"{few} to compare {start}: {now} and {before}{why}\.",
    }


def _matches(text: str, fact: float, unit: Unit, words: dict[Unit, set[str]], per_day: bool = False) -> str:
    """What is wrong with a printed number; empty when it is the rounded fact in the right unit."""
    printed = quantity(text)
    if printed is None:
        return f"'{text}' is not a number"
    allowed = {"per day"} if per_day else words[unit]
    if printed.unit not in allowed:
        return f"'{text}' has the wrong unit"
    scale = 1.0
    if not per_day:
        if unit is Unit.PERCENT:
            scale = 100.0
        elif unit in (Unit.MINUTES, Unit.HOURS):
            scale = (60.0 if unit is Unit.HOURS else 1.0) / MINUTES[printed.unit]
    if abs(printed.value - fact * scale) > printed.half * 1.000001 + 1e-9:
        return f"'{text}' is not {fact * scale}"
    return ""


def _levels(claim: Claim, parts: dict[str, str | None]) -> list[str]:
    problems = []
    unit = claim.comparison.metric.unit
    for name, estimate in (("now", claim.comparison.now), ("before", claim.comparison.before)):
        if estimate.value is None or parts[name] is None:
            problems.append(f"{name} is missing")
            continue
        problems.append(_matches(str(parts[name]), estimate.value, unit, LEVEL_WORDS))
        printed = quantity(str(parts[name]))
        if printed is not None and printed.value == 0 and abs(estimate.value) > DUST:
            problems.append(f"{name} is not zero and reads as zero")
        n = parts[f"{name}_n"]
        if n is None and not (unit is Unit.COUNT and estimate.value == estimate.n):
            problems.append(f"n of {name} is missing")
        if n is not None and int(n.replace(",", "")) != estimate.n:
            problems.append(f"n of {name} is {n}")
    return [problem for problem in problems if problem]


def _change(claim: Claim, parts: dict[str, str | None]) -> list[str]:
    difference, unit = claim.comparison.difference, claim.comparison.metric.unit
    text = parts.get("change")
    if text is None or difference is None:
        return []
    per_day = bool(difference.per) and unit is Unit.COUNT
    problems = [_matches(text, difference.value, unit, CHANGE_WORDS, per_day)]
    printed = quantity(text)
    if printed is not None:
        if printed.value == 0 and abs(difference.value) > DUST:
            problems.append("a change that is not zero reads as zero")
        sign = "+" if difference.value > 0 else "−"
        if printed.sign != ("±" if printed.value == 0 else sign):
            problems.append(f"the sign of '{text}' is wrong")
        problems += _sums(parts, printed) if not difference.per else []
    if parts["level"] is None:
        problems.append("the interval is missing")
        return [problem for problem in problems if problem]
    if float(str(parts["level"])) != difference.level * 100:
        problems.append("the confidence is wrong")
    tail = "" if printed is None or not printed.unit else f" {printed.unit}"
    for name, bound in (("low", difference.low), ("high", difference.high)):
        if bound is None or parts[name] is None:
            problems += [f"{name} is there or missing and should not be"] if bound is not parts[name] else []
            continue
        value = str(parts[name])
        if name == "low":
            value += parts["low_unit"] or tail
        problems.append(_matches(value, bound, unit, CHANGE_WORDS, per_day))
        shown = quantity(value)
        if shown is not None and shown.value == 0 and abs(bound) > DUST:
            problems.append("a bound that is not zero reads as zero")
        if shown is not None and shown.sign not in ("+", "−", "±"):
            problems.append("a bound has no sign")
    return [problem for problem in problems if problem]


def _sums(parts: dict[str, str | None], change: Quantity) -> list[str]:
    """Printed values give the printed change to one unit of the last decimal (thirds cannot do better)."""
    now, before = quantity(str(parts["now"])), quantity(str(parts["before"]))
    if now is None or before is None:
        return []
    slack = 2 * max(now.half, before.half) + 1e-9
    if change.half < now.half:
        slack = 2 * now.half + 1e-9
    return (
        [] if abs(now.value - before.value - change.value) <= slack else ["the values do not give the change"]
    )


def _direction(claim: Claim, parts: dict[str, str | None]) -> list[str]:
    difference, verb = claim.comparison.difference, parts.get("verb")
    if verb is None:
        return []
    if difference is None:
        return ["speaks of a change where there is none"]
    problems = []
    if (verb in ("rose", "higher")) != (difference.value > 0):
        problems.append(f"'{verb}' is the wrong way")
    better = claim.comparison.metric.better
    if better is Direction.NEUTRAL:
        judged = "a clear change"
    else:
        judged = "which is better" if difference.value * better.value > 0 else "which is worse"
    if parts["judged"] != judged:
        problems.append(f"'{parts['judged']}' should be '{judged}'")
    return problems


def _unlikely(claim: Claim, parts: dict[str, str | None]) -> list[str]:
    way, difference = parts.get("way"), claim.comparison.difference
    low, high = (None, None) if difference is None else (difference.low, difference.high)
    if way is None:
        reached = (low is not None and low < -DUST) or (high is not None and high > DUST)
        return ["does not say what can be excluded"] if "way" in parts and reached else []
    if difference is None:
        return ["excludes something without an interval"]
    unit = claim.comparison.metric.unit
    per_day = bool(difference.per) and unit is Unit.COUNT
    if way in ("A rise of", "Higher by"):
        bound = high
    elif way in ("A fall of", "Lower by"):
        bound = None if low is None else -low
    else:
        bound = None if low is None or high is None else max(abs(low), abs(high))
    if bound is None or bound <= 0:
        return ["excludes what the interval does not reach"]
    problem = _matches(str(parts["bound"]), bound, unit, CHANGE_WORDS, per_day)
    if (way in ("Higher by", "Lower by", "A gap of")) == claim.over_time:
        problem = problem or "speaks of time where there are segments, or the other way round"
    return [problem] if problem else []
