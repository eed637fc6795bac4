"""Faults that could creep in, each as a change of one function, with the check that must notice it.

``seed`` puts the fault in place; ``check`` runs the project's own functions through a check of this folder
and raises AssertionError when something contradicts the numbers. Without the fault every check is silent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from checks_of_teams import (
    answers_of_the_store,
    cards_of_teams,
    json_of_teams,
    lines_of_teams,
    measures_of_teams,
    numbers_of_teams,
    pictures_of_teams,
    provisional_weeks,
    rows_of_compare,
    rows_of_metrics,
    rows_of_teams,
    said_at_another_confidence,
    said_of_teams,
    targets_of_teams,
)
from fault_seeds import (
    EXPLAINED,
    FIGURES,
    LEXICON,
    PICTURE,
    PLAIN_IN_PERCENT,
    SENTENCES,
    SWAPPED,
    WORDS,
    a_day_short,
    always_alarmed,
    bounds_exchanged,
    bounds_of_before,
    by_verdict,
    changed,
    claimed,
    ended_only,
    evidence_ignored,
    filter_ignored,
    higher_is_always_better,
    in_halves,
    in_turn,
    judged_as,
    keyed,
    labels_swapped,
    last_as_title,
    level_ignored,
    looks_of_all,
    met_for_missed,
    narrower,
    negated,
    neutral_is_judged,
    never_provisional,
    no_headline,
    on_each,
    one_sided,
    opposite,
    other_side,
    other_tail,
    p_in_place_of_adjusted,
    percent_for_points,
    remembered_by_metric,
    set_to,
    sides,
    sides_swapped,
    swap_verdict,
    swapped_values,
    turned_change,
    turned_verdict,
    unadjusted,
    unranked,
    with_difference,
    with_settings,
    without_ranks,
)

import kpi.engine
import kpi.estimates
import kpi.lines
import kpi.measures.share
import kpi.plain
import kpi.verdicts
import kpi.words
import kpi.words.explanations
import kpi.words.figures
import kpi.words.lexicon
import kpi.words.sentences
import ui.cards
import ui.comparing
import ui.metric_table
import ui.store
from kpi import compare
from kpi.charts import Palette
from kpi.measures import Survival
from kpi.model import Direction, Unit, Verdict

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Fault:
    """A fault by name, how it is seeded, and the check that must raise."""

    name: str
    seed: Callable[[Patch], None]
    check: Callable[[], None]


FAULTS: tuple[Fault, ...] = (
    # ---- verdicts
    Fault("better and worse swapped", changed(compare, "judge", judged_as(swap_verdict)), numbers_of_teams),
    Fault(
        "higher is always better",
        changed(compare, "judge", judged_as(higher_is_always_better)),
        numbers_of_teams,
    ),
    Fault("evidence ignored", changed(compare, "judge", judged_as(evidence_ignored)), numbers_of_teams),
    Fault("volume judged", changed(compare, "judge", judged_as(neutral_is_judged)), numbers_of_teams),
    Fault(
        "smallest difference ignored",
        set_to(kpi.verdicts, "matters", lambda metric, before, difference: 0.0),
        numbers_of_teams,
    ),
    Fault("too few rows judged", changed(compare, "judge", with_settings(minimum_n=1)), numbers_of_teams),
    Fault(
        "judged at another confidence",
        changed(compare, "judge", with_settings(confidence=0.8)),
        numbers_of_teams,
    ),
    Fault("looks miscounted", changed(compare, "judge", with_settings(looks=1)), numbers_of_teams),
    Fault("percent for points in reasons", changed(Unit, "change", percent_for_points), numbers_of_teams),
    # ---- evidence
    Fault("adjustment lost", set_to(compare, "benjamini_hochberg", unadjusted), numbers_of_teams),
    Fault(
        "ranks of the adjustment lost", set_to(compare, "benjamini_hochberg", without_ranks), numbers_of_teams
    ),
    Fault("adjusted over a part", changed(compare, "benjamini_hochberg", in_halves), numbers_of_teams),
    Fault("sign of the change flipped", changed(compare, "compare", on_each(negated)), numbers_of_teams),
    Fault("interval of another level", changed(compare, "compare", on_each(narrower)), numbers_of_teams),
    Fault(
        "level of the interval ignored",
        changed(kpi.measures.share, "miettinen_nurminen", level_ignored),
        measures_of_teams,
    ),
    Fault("one-sided p", changed(kpi.measures.share, "miettinen_nurminen", one_sided), measures_of_teams),
    Fault("wrong tail", changed(kpi.measures.share, "miettinen_nurminen", other_tail), measures_of_teams),
    # ---- rows
    Fault("periods swapped", changed(compare, "compare", sides_swapped), rows_of_teams),
    Fault("filter ignored", changed(compare, "compare", filter_ignored), rows_of_teams),
    Fault("last day left out", changed(kpi.engine, "aggregate", a_day_short), rows_of_teams),
    Fault("open tickets left out", changed(Survival, "contributions", ended_only), rows_of_teams),
    Fault("provisional flag lost", changed(compare, "provisional", never_provisional), provisional_weeks),
    # ---- what was looked at
    Fault(
        "stale: cached without the period now",
        changed(ui.store, "_comparisons", keyed(0, 2, 3)),
        answers_of_the_store,
    ),
    Fault(
        "stale: cached without the period before",
        changed(ui.store, "_comparisons", keyed(0, 1, 3)),
        answers_of_the_store,
    ),
    Fault(
        "stale: cached without filters",
        changed(ui.store, "_comparisons", keyed(0, 1, 2)),
        answers_of_the_store,
    ),
    Fault(
        "stale: cached without definitions",
        changed(ui.store, "_comparisons", keyed(1, 2, 3)),
        answers_of_the_store,
    ),
    Fault("labels of the periods swapped", changed(compare, "claims", labels_swapped), said_of_teams),
    Fault("looks of everything", changed(compare, "claims", looks_of_all), said_of_teams),
    Fault("worst last", changed(compare, "claims", unranked), said_of_teams),
    # ---- words
    Fault("rose for fell", changed(LEXICON, "moved", opposite), said_of_teams),
    Fault(
        "which is better for which is worse",
        set_to(LEXICON, "JUDGEMENT", swapped_values(LEXICON.JUDGEMENT, Verdict.BETTER, Verdict.WORSE)),
        said_of_teams,
    ),
    Fault("hedge dropped", set_to(LEXICON, "hedge", lambda claim: "A clear change"), said_of_teams),
    Fault(
        "small change called unclear",
        set_to(LEXICON, "beyond_chance", lambda comparison: False),
        said_of_teams,
    ),
    Fault(
        "the wrong side excluded",
        changed(LEXICON, "excluded", lambda f: lambda c, rising: f(c, not rising)),
        said_of_teams,
    ),
    Fault("percent for points", set_to(FIGURES, "PLAIN", PLAIN_IN_PERCENT), said_of_teams),
    Fault(
        "sign turned in words",
        changed(FIGURES, "signed", lambda f: lambda value, places: f(-value, places)),
        said_of_teams,
    ),
    Fault("figures kept by metric", changed(FIGURES, "numbers_of", remembered_by_metric), said_of_teams),
    Fault(
        "levels swapped in the sentence",
        changed(SENTENCES, "_levels", lambda f: lambda c, n: f(c, n)[::-1]),
        said_of_teams,
    ),
    Fault("sentence of the claim before", changed(SENTENCES, "_unclear", in_turn), said_of_teams),
    Fault("sentence of the other metric", changed(SENTENCES, "_clear", in_turn), said_of_teams),
    Fault(
        "confidence always 95 %",
        set_to(SENTENCES, "percent", lambda share: "95 %"),
        said_at_another_confidence,
    ),
    Fault("calm first line", changed(WORDS, "headline", no_headline), said_of_teams),
    Fault("alarmed first line", changed(WORDS, "headline", always_alarmed), said_of_teams),
    Fault("title of the last finding", changed(WORDS, "title", last_as_title), said_of_teams),
    Fault(
        "explained by the adjusted p twice",
        changed(EXPLAINED, "_chance", claimed(with_difference(p="p_adjusted"))),
        said_of_teams,
    ),
    Fault("reason of another verdict", changed(WORDS, "explain", in_turn), said_of_teams),
    Fault("met for missed", changed(EXPLAINED, "target_words", met_for_missed), targets_of_teams),
    Fault(
        "marks swapped",
        set_to(LEXICON, "MARK", swapped_values(LEXICON.MARK, Verdict.BETTER, Verdict.WORSE)),
        said_of_teams,
    ),
    # ---- cards, tables, pictures
    Fault(
        "colours swapped",
        set_to(ui.cards, "COLOURS", swapped_values(ui.cards.COLOURS, Verdict.BETTER, Verdict.WORSE)),
        cards_of_teams,
    ),
    Fault(
        "unclear in colour",
        set_to(ui.cards, "COLOURS", {**ui.cards.COLOURS, Verdict.UNCLEAR: "orange"}),
        cards_of_teams,
    ),
    Fault(
        "icons swapped",
        set_to(ui.cards, "ICONS", swapped_values(ui.cards.ICONS, Verdict.BETTER, Verdict.WORSE)),
        cards_of_teams,
    ),
    Fault("arrow turned", changed(ui.cards, "arrow", sides(turned_change)), cards_of_teams),
    Fault("arrow of the verdict", set_to(ui.cards, "arrow", by_verdict), cards_of_teams),
    Fault("interval of the period before", changed(ui.cards, "_evidence", bounds_of_before), cards_of_teams),
    Fault("card of the other period", changed(ui.cards, "card", claimed(other_side)), cards_of_teams),
    Fault("card of the claim before", changed(ui.cards.words, "numbers", in_turn), cards_of_teams),
    Fault(
        "verdict of a row turned", changed(ui.comparing, "_record", sides(turned_verdict)), rows_of_compare
    ),
    Fault("sides of a row swapped", changed(ui.comparing, "_record", sides(other_side)), rows_of_compare),
    Fault(
        "p of a row not adjusted",
        changed(ui.comparing, "_record", sides(with_difference(p_adjusted="p"))),
        rows_of_compare,
    ),
    Fault(
        "interval of a row from the detectable change",
        changed(ui.comparing, "_record", sides(with_difference(low="detectable"))),
        rows_of_compare,
    ),
    Fault(
        "verdict of a metric turned",
        changed(ui.metric_table, "_record", lambda f: lambda view, c, then: f(view, turned_verdict(c), then)),
        rows_of_metrics,
    ),
    Fault(
        "metric row of the other period",
        changed(ui.metric_table, "_record", lambda f: lambda view, c, then: f(view, other_side(c), then)),
        rows_of_metrics,
    ),
    Fault(
        "mark on the wrong side",
        changed(PICTURE, "_record", sides(turned_change)),
        pictures_of_teams,
    ),
    Fault(
        "mark of the wrong verdict",
        changed(PICTURE, "_record", sides(turned_verdict)),
        pictures_of_teams,
    ),
    Fault(
        "mark regardless of direction",
        changed(
            PICTURE,
            "_record",
            sides(lambda c: replace(c, metric=replace(c.metric, better=Direction.UP))),
        ),
        pictures_of_teams,
    ),
    Fault(
        "colours of the picture swapped",
        changed(Palette, "verdict", lambda f: lambda self, v: f(self, SWAPPED.get(v, v))),
        pictures_of_teams,
    ),
    Fault(
        "shapes of the picture swapped",
        set_to(
            PICTURE,
            "SHAPES",
            swapped_values(PICTURE.SHAPES, Verdict.BETTER, Verdict.WORSE),
        ),
        pictures_of_teams,
    ),
    # ---- command line
    Fault(
        "JSON of the other period", changed(kpi.plain, "comparison_plain", sides(other_side)), json_of_teams
    ),
    Fault(
        "JSON without adjustment",
        changed(kpi.plain, "_difference_plain", p_in_place_of_adjusted),
        json_of_teams,
    ),
    Fault(
        "JSON with bounds exchanged", changed(kpi.plain, "_difference_plain", bounds_exchanged), json_of_teams
    ),
    Fault(
        "JSON with the verdict turned",
        changed(kpi.plain, "comparison_plain", sides(turned_verdict)),
        json_of_teams,
    ),
    Fault(
        "lines with sides swapped",
        changed(
            kpi.lines,
            "comparison_lines",
            lambda f: lambda now, before, found: f(now, before, [*map(other_side, found)]),
        ),
        lines_of_teams,
    ),
    Fault("lines in percent", set_to(FIGURES, "PLAIN", PLAIN_IN_PERCENT), lines_of_teams),
)
CHECKS = tuple(dict.fromkeys(fault.check for fault in FAULTS))
