"""Seeded faults: the reader must catch every one, and never cry over a sentence that is right."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable

from claim_cases import claim, random_case
from sentence_reader import read

from kpi import words
from kpi.model import Claim, Unit, Verdict

SENTENCES = 3_000
Fault = Callable[[str, Claim, random.Random], str]


def swap(text: str, one: str, two: str) -> str:
    return text.replace(one, "\0").replace(two, one).replace("\0", two)


def wrong_direction(text: str, made: Claim, draw: random.Random) -> str:
    for one, two in (
        (" rose ", " fell "),
        (" is higher:", " is lower:"),
        ("A rise of", "A fall of"),
        ("Higher by", "Lower by"),
    ):
        text = swap(text, one, two)
    return text


def wrong_judgement(text: str, made: Claim, draw: random.Random) -> str:
    return swap(text, "which is better", "which is worse")


def judgement_of_the_neutral(text: str, made: Claim, draw: random.Random) -> str:
    return text.replace("a clear change:", draw.choice(("which is better:", "which is worse:")))


def dropped_hedge(text: str, made: Claim, draw: random.Random) -> str:
    if made.comparison.verdict is Verdict.TOO_FEW:
        return re.sub(r"^Too few \w+ to compare", "No clear change in", text)
    return re.sub(r"^(?:No clear|Only a small) (change|difference) in", r"A clear \1 in", text)


def dropped_exclusion(text: str, made: Claim, draw: random.Random) -> str:
    return re.sub(r" [A-Z][a-z ]+ more than .* is unlikely\.$", "", text)


def firm_where_unclear(text: str, made: Claim, draw: random.Random) -> str:
    found = re.fullmatch(r"No clear change in (.+?): (.+\)) and (.+?\)), (.+?\))\..*", text)
    if not found or not made.over_time:
        return text
    name, now, before, change = found.groups()
    subject = made.comparison.metric.name + name[len(made.comparison.metric.name) :]
    verb = "rose" if change.startswith("+") else "fell"
    judged = draw.choice(("which is better", "which is worse"))
    return f"{subject} {verb} from {before} to {now}, {judged}: {change}."


def swapped_periods(text: str, made: Claim, draw: random.Random) -> str:
    return swap(text, f"in {made.now_label}", f"in {made.before_label}")


def swapped_counts(text: str, made: Claim, draw: random.Random) -> str:
    now, before = (f"(n {side.n:,})" for side in (made.comparison.now, made.comparison.before))
    return text if now == before else swap(text, now, before)


def stale_number(text: str, made: Claim, draw: random.Random) -> str:
    hidden = text
    for label in (made.now_label, made.before_label):
        hidden = hidden.replace(label, "#" * len(label))
    places = list(re.finditer(r"\d[\d,]*(?:\.\d+)?", hidden))
    place = draw.choice(places)
    digits = place[0].replace(",", "")
    decimals = len(digits.partition(".")[2])
    moved = float(digits) + draw.choice((1, 2)) * max(2 * 10**-decimals, 0.05 * float(digits))
    return text[: place.start()] + f"{moved:,.{decimals}f}" + text[place.end() :]


def percent_for_points(text: str, made: Claim, draw: random.Random) -> str:
    return text.replace(" points", draw.choice((" %", " percent")))


def points_for_percent(text: str, made: Claim, draw: random.Random) -> str:
    if made.comparison.metric.unit is not Unit.PERCENT:
        return text
    return text.replace(f" % in {made.now_label}", f" points in {made.now_label}")


def other_time_unit(text: str, made: Claim, draw: random.Random) -> str:
    if made.comparison.metric.unit not in (Unit.MINUTES, Unit.HOURS):
        return text
    return re.sub(r"(?<=\d) min\b", " h", text) if " min" in text else re.sub(r"(?<=\d) h\b", " min", text)


def turned_sign(text: str, made: Claim, draw: random.Random) -> str:
    return re.sub(
        r"(?:(?<=: )|(?<=\), )|(?<=\d, ))[+−](?=[\d,.]+[^(]*\()", lambda m: "−" if m[0] == "+" else "+", text
    )


def named_cause(text: str, made: Claim, draw: random.Random) -> str:
    return text.removesuffix(".") + " because of the new script."


FAULTS: tuple[Fault, ...] = (
    wrong_direction,
    wrong_judgement,
    judgement_of_the_neutral,
    dropped_hedge,
    dropped_exclusion,
    firm_where_unclear,
    swapped_periods,
    swapped_counts,
    stale_number,
    percent_for_points,
    points_for_percent,
    other_time_unit,
    turned_sign,
    named_cause,
)


def test_every_seeded_fault_is_caught_and_nothing_else() -> None:
    draw = random.Random(20260901)
    seeded: Counter[str] = Counter()
    missed: list[tuple[str, str]] = []
    alarms: list[tuple[str, list[str]]] = []
    for _ in range(SENTENCES):
        made = claim(random_case(draw))
        right = words.sentence(made)
        if problems := read(right, made):
            alarms.append((right, problems))
        for fault in FAULTS:
            wrong = fault(right, made, draw)
            if wrong == right:
                continue
            seeded[fault.__name__] += 1
            if not read(wrong, made):
                missed.append((fault.__name__, wrong))
    assert alarms[:3] == []
    assert missed[:3] == []
    assert {fault.__name__ for fault in FAULTS} == set(seeded)
    assert min(seeded.values()) > 100, seeded
