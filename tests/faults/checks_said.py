"""Whether what is said of a comparison contradicts its numbers: sentence, headline, title, target.

The sentence is read back by ``sentence_reader``, which knows nothing of the writer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from amounts import amounts
from checks_numbers import brief, none_of
from sentence_reader import read

from kpi import compare, words
from kpi.model import Claim, Comparison, Direction, Unit, Verdict

LOUD = (Verdict.BETTER, Verdict.WORSE, Verdict.CHANGED)
ORDER = (Verdict.WORSE, Verdict.BETTER, Verdict.CHANGED, Verdict.UNCLEAR, Verdict.TOO_FEW)
LOUD_FIRST = re.compile(
    r"([\d,]+) of ([\d,]+) comparisons (?:is|are) beyond chance"
    r"(?:; ([\d,]+) more (?:is|are), but too small to matter)?\."
)
SMALL_FIRST = re.compile(
    r"nothing that matters is beyond chance in ([\d,]+) comparisons?; "
    r"([\d,]+) (?:is|are) real but too small to matter\."
)
SIGNS = {
    Verdict.BETTER: ("▲", "better"),
    Verdict.WORSE: ("▼", "worse"),
    Verdict.CHANGED: ("◆", "changed"),
    Verdict.UNCLEAR: ("●", "no clear change"),
    Verdict.TOO_FEW: ("○", "too few"),
}


def chance_of(claim: Claim) -> float | None:
    """1 − confidence of the claim's interval."""
    difference = claim.comparison.difference
    return None if difference is None else round(1 - difference.level, 12)


def real(claim: Claim) -> bool:
    """Whether the change is beyond chance, however small it may be."""
    difference, alpha = claim.comparison.difference, chance_of(claim)
    if difference is None or difference.p_adjusted is None or alpha is None:
        return False
    return claim.comparison.verdict is not Verdict.TOO_FEW and difference.p_adjusted < alpha


def check_sentence(claim: Claim) -> None:
    """The sentence of a claim with both values, read back."""
    comparison = claim.comparison
    text = words.sentence(claim)
    if comparison.now.value is None or comparison.before.value is None:
        problems = [] if text.startswith("No answer for ") else ["does not say that there is no answer"]
        if any(word in text for word in (" rose ", " fell ", "better", "worse", "unlikely")):
            problems.append("judges what has no answer")
    elif comparison.difference is None:
        hedged = text.startswith(("No clear ", "Too few "))
        problems = [] if hedged else ["is not hedged although nothing was compared"]
    else:
        problems = read(text, claim)
    none_of(problems, f"{text!r} of {brief(comparison)}")


def check_headline(claims: Sequence[Claim]) -> None:
    """The first line counts what is beyond chance; each point is the sentence of its own claim."""
    first, *points = words.headline(claims)
    loud = [claim for claim in claims if claim.comparison.verdict in LOUD]
    judged = [
        claim
        for claim in claims
        if claim.comparison.difference is not None and claim.comparison.verdict is not Verdict.TOO_FEW
    ]
    problems = []
    if claims and not first.startswith(f"{claims[0].now_label} against {claims[0].before_label}: "):
        problems.append("does not name now against before")
    said = first.partition(": ")[2]
    small = sum(map(real, judged)) - len(loud)
    if found := LOUD_FIRST.fullmatch(said):
        counted = tuple(int((found[place] or "0").replace(",", "")) for place in (1, 2, 3))
        if counted != (len(loud), len(judged), small):
            problems.append(
                f"counts {counted}, there are {len(loud)} of {len(judged)} and {small} small ones"
            )
    elif said.startswith("nothing is beyond chance"):
        if small:
            problems.append("says that nothing is beyond chance although a small change is")
        if not (found := re.search(r"in ([\d,]+) comparison", said)) or int(found[1]) != len(judged):
            problems.append(f"there are {len(judged)} comparisons")
    elif found := SMALL_FIRST.fullmatch(said):
        if loud or tuple(int(number.replace(",", "")) for number in found.groups()) != (len(judged), small):
            problems.append(f"there are {small} small changes among {len(judged)}")
    elif judged or loud:
        problems.append("says that there is too little although something was judged")
    if loud and said.startswith("nothing"):
        problems.append("says that nothing changed although something did")
    named = loud or judged
    for point, claim in zip(points, named, strict=False):
        if claim.comparison.difference is not None:
            problems += read(point, claim)
    if len(points) != min(len(named), 6 if loud else 3):
        problems.append(f"{len(points)} points of {len(named)}")
    none_of(problems, [first, *points])


def check_calm(claims: Sequence[Claim]) -> None:
    """Where nothing may be said, the first sentence and the title say that nothing changed."""
    first, title = words.headline(claims)[0], words.title(claims)
    calm = ("nothing is beyond chance", "nothing that matters is beyond chance", "too few cases")
    problems = [] if any(phrase in first for phrase in calm) else ["the first sentence is not calm"]
    if not title.startswith(("No clear change", "Too few cases")):
        problems.append("the title is not calm")
    none_of(problems, (title, first))


def check_title(claims: Sequence[Claim]) -> None:
    """The title speaks of the first finding, the way it went; without one it says so."""
    text = words.title(claims)
    clear = next((claim for claim in claims if claim.comparison.verdict in LOUD), None)
    if clear is None:
        check_calm(claims)
        return
    comparison = clear.comparison
    difference = comparison.difference
    assert difference is not None
    problems = []
    if not text.startswith(comparison.metric.name):
        problems.append("does not begin with what is beyond chance")
    rising = re.search(r" (rose|is higher) ", text) is not None
    falling = re.search(r" (fell|is lower) ", text) is not None
    if rising is falling or rising is not (difference.value > 0):
        problems.append("goes the wrong way")
    if f"in {clear.now_label}" not in text:
        problems.append("does not name the period")
    tail = text[len(comparison.metric.name) :].replace(f"in {clear.now_label}", "")
    tail = tail.replace(f"in {clear.before_label}", "")
    tail = tail.replace(str(comparison.group), "")
    unit = Unit.PER_DAY if difference.per and comparison.metric.unit is Unit.COUNT else comparison.metric.unit
    facts = {comparison.now.value or 0.0, comparison.before.value or 0.0, difference.value}
    for amount in amounts(tail, unit):
        if not any(amount.says(fact) for fact in facts):
            problems.append(f"{amount.value} is none of {sorted(facts)}")
    none_of(problems, f"{text!r} of {brief(comparison)}")


def check_explanation(claim: Claim) -> None:
    """Counts, p-values and their adjustment as in the comparison; the judgement's own reason is in it."""
    comparison, text = claim.comparison, words.explain(claim)
    difference = comparison.difference
    problems = []
    counts = re.search(r"([\d,]+) [a-z-]+ in (.+?), ([\d,]+) in (.+?)\. ", text)
    expected = (f"{comparison.now.n:,}", claim.now_label, f"{comparison.before.n:,}", claim.before_label)
    if counts is None or counts.groups() != expected:
        problems.append(f"says {counts and counts.groups()} where the counts are {expected}")
    if comparison.reason and comparison.reason[1:] not in text:
        problems.append("does not give the reason of the verdict")
    if difference is None:
        problems += [] if "There is no test of the change." in text else ["speaks of a test"]
    elif difference.p is not None:
        found = re.search(
            r"p (below )?([\d.e-]+), adjusted for ([\d,]+) comparisons? (below )?([\d.e-]+)\.", text
        )
        if found is None:
            problems += [] if difference.p_adjusted is None else ["does not give p"]
        else:
            for below, said, fact in (
                (found[1], found[2], difference.p),
                (found[4], found[5], difference.p_adjusted or 0.0),
            ):
                digits = len(said.partition(".")[2])
                if (fact >= float(said)) if below else abs(fact - float(said)) > 0.51 * 10.0**-digits:
                    problems.append(f"p {below or ''}{said} is {fact}")
            if int(found[3].replace(",", "")) != claim.looks:
                problems.append(f"{found[3]} comparisons are {claim.looks}")
        if f"{difference.level * 100:.6g} % interval" not in text and difference.low is not None:
            problems.append("does not say of which confidence the interval is")
    none_of(problems, f"{text!r} of {brief(comparison)}")


def check_target(comparison: Comparison) -> None:
    """Met or missed is said exactly where the comparison with the target says so."""
    text, reached = words.target(comparison), compare.on_target(comparison.now, comparison.metric)
    problems = []
    if comparison.metric.target is None or comparison.now.value is None:
        problems += [] if not text else ["speaks of a target that there is not"]
    elif comparison.metric.better is not Direction.NEUTRAL:
        said = True if text.endswith(": met") else False if text.endswith(": missed") else None
        if said is not reached:
            problems.append(f"says '{text}' where on_target is {reached}")
    none_of(problems, comparison.now)


def check_mark(verdict: Verdict) -> None:
    """Shape and word of a verdict."""
    assert words.mark(verdict) == " ".join(SIGNS[verdict]), (verdict, words.mark(verdict))


def check_order(claims: Sequence[Claim]) -> None:
    """Worse first, then better, changed, unclear, too few."""
    places = [ORDER.index(claim.comparison.verdict) for claim in claims]
    assert places == sorted(places), [claim.comparison.verdict.value for claim in claims]


def check_claims(claims: Sequence[Claim], now: object, before: object) -> None:
    """Everything that is said of one call of compare; ``now`` and ``before`` are the periods compared."""
    looks = {claim.looks for claim in claims}
    tested = sum(
        claim.comparison.difference is not None and claim.comparison.difference.p is not None
        for claim in claims
    )
    assert not claims or looks == {tested}, (looks, tested)
    for claim in claims:
        assert (claim.now_label, claim.before_label) == (str(now), str(before)), claim
    check_order(claims)
    check_headline(claims)
    check_title(claims)
    for claim in claims:
        check_sentence(claim)
        check_explanation(claim)
        check_target(claim.comparison)
        check_mark(claim.comparison.verdict)
