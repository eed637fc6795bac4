"""Texts: rules, groups, phrases, near-duplicates, in several languages and in bad shape."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from issue_desk import WrittenRule, desk

from kpi import issues
from kpi.issues.families import FAMILIES
from kpi.issues.phrases import log_odds
from kpi.issues.texts import as_written, cleaned
from kpi.model import Period

HEADERS = ("Ticket ID", "Created at", "Subject", "Description")
DAY = "2026-03-02 10:00"


def texts(*written: str) -> issues.Sorted:
    facts = desk(HEADERS, [(f"{n}", DAY, text, "") for n, text in enumerate(written, 1)])
    return issues.sort(facts, (), issues.Source(issues.Origin.TEXTS, groups=6))


def test_rules_are_tried_in_order_and_read_stars_words_and_numbers() -> None:
    written = ["Password RESET please", "passcode lost", "Error 500 on pay", "error 501", "weiß nicht 😡", ""]
    facts = desk(HEADERS, [(f"{n}", DAY, text, "") for n, text in enumerate(written, 1)])
    rules = (
        WrittenRule(("pass* reset",), "Reset", "technology"),
        WrittenRule(("pass*", "error 500"), "Other access", "technology"),
        WrittenRule(("error",), "Errors", "technology"),
    )
    kept = issues.sort(facts, rules, issues.Source(issues.Origin.RULES))
    assert list(kept.table.dimensions[issues.ISSUE]) == [
        "Reset", "Other access", "Other access", "Errors", issues.OTHER, issues.NO_TEXT,
    ]  # fmt: skip
    report = issues.report(kept, None, None, rules=rules)
    assert dict(report.unnamed) == {issues.OTHER: 1, issues.NO_TEXT: 1}
    assert {issue.family for issue in report.issues} == {"technology"}
    assert sum(issue.n for issue in report.issues) + 2 == report.total == 6


def test_signs_of_patterns_are_no_expressions() -> None:
    facts = desk(HEADERS, [("1", DAY, "a+b (c) [d]", ""), ("2", DAY, "aab c d", "")])
    kept = issues.sort(facts, (WrittenRule(("(c)",), "Sign"),), issues.Source(issues.Origin.RULES))
    assert list(kept.table.dimensions[issues.ISSUE]) == ["Sign", issues.OTHER]


@pytest.mark.parametrize("written", [[""] * 8, ["😡", "!!", "12345"] * 3, ["only one text"] * 9, ["a"] * 3])
def test_texts_that_say_nothing_are_refused_in_words(written: list[str]) -> None:
    facts = desk(HEADERS, [(f"{n}", DAY, text, "") for n, text in enumerate(written, 1)])
    kept = issues.sort(facts)
    assert kept.refused
    assert issues.report(kept, None, None).refused == kept.refused
    assert not issues.report(kept, None, None).issues


def test_groups_keep_languages_and_topics_apart() -> None:
    printer = [
        "printer jams again",
        "the printer jams on page {n}",
        "paper jam in the printer",
        "printer jams",
    ]
    german = [
        "Rechnung ist falsch",
        "falsche Rechnung erhalten",
        "Rechnung falsch berechnet",
        "Rechnung falsch",
    ]
    kept = texts(*[text.replace("{n}", "7") for text in (printer + german) * 4])
    found = list(kept.table.dimensions[issues.ISSUE])
    assert not set(found[:4]) & set(found[4:8])


def test_cleaning_keeps_words_of_any_script_and_drops_addresses() -> None:
    assert cleaned("Größe? mail me@a.example https://x.example/?q=1 Ünïcode 注文 123") == (
        "größe mail ünïcode 注文"
    )
    assert as_written("  Error\t500 ") == "error 500"


def test_log_odds_are_even_handed_and_careful_with_few() -> None:
    one, other = np.array([30.0, 3.0, 50.0]), np.array([10.0, 1.0, 50.0])
    z = log_odds(one, other, 200, 200)
    assert z[0] > 2.5 > z[1] > 0
    assert abs(z[2]) < 0.01
    assert log_odds(other, one, 200, 200) == pytest.approx(-z)


def test_a_phrase_in_every_contact_has_a_defined_answer() -> None:
    z = log_odds(np.array([100.0, 50.0]), np.array([80.0, 80.0]), 100, 80)
    assert np.isfinite(z).all()


def test_planted_near_duplicates_are_found() -> None:
    """A block of 200 near-copies of 20 texts among 1,500 texts that are their own."""
    random = np.random.default_rng(7)
    words = [
        "".join(random.choice(list("abcdefghijklmnoprstuvw"), random.integers(4, 10))) for _ in range(900)
    ]

    def text(size: int) -> list[str]:
        return list(random.choice(words, size))

    originals = [text(30) for _ in range(20)]
    written, truth = [], []
    for number, original in enumerate(originals):
        for _ in range(10):
            changed = list(original)
            for place in random.choice(30, 2, replace=False):
                changed[place] = str(random.choice(words))
            written.append(" ".join(changed))
            truth.append(number)
    for number in range(1500):
        written.append(" ".join(text(int(random.integers(15, 40)))))
        truth.append(100 + number)
    order = random.permutation(len(written))
    label = issues.near_duplicates([written[at] for at in order])
    planted = np.array(truth)[order]
    first, second = np.triu_indices(len(order), 1)
    same, said = planted[first] == planted[second], label[first] == label[second]
    recall = (same & said).sum() / same.sum()
    precision = (same & said).sum() / said.sum()
    assert recall >= 0.95
    assert precision >= 0.95


def test_recurring_groups_count_their_contacts_and_days() -> None:
    rows = [
        (f"{n}", f"2026-03-{1 + n:02d} 10:00", f"Order {n} has not arrived at all", "") for n in range(1, 6)
    ]
    rows += [("9", "2026-03-20 10:00", "Totally different words here", "")]
    kept = issues.sort(
        desk(HEADERS, rows), (WrittenRule(("arrived",), "Late"),), issues.Source(issues.Origin.RULES)
    )
    found = issues.recurring(kept, Period(date(2026, 3, 1), date(2026, 3, 31)))
    (group,) = found.groups
    assert (group.n, group.issue, group.first, group.last) == (5, "Late", date(2026, 3, 2), date(2026, 3, 6))
    assert found.covered == 5
    assert found.contacts == 6


def test_families_are_known_in_several_languages_and_the_rule_goes_first() -> None:
    assert issues.family_of("Passwort vergessen", ()) == ("technology", "its words")
    assert issues.family_of("Remboursement", ())[0] == "process"
    assert issues.family_of("Beschwerde über Personal", ())[0] == "customer service"
    assert issues.family_of("Produkt defekt", ())[0] == "product or service"
    assert issues.family_of("Blorp", ()) == (issues.NOT_MAPPED, "")
    rule = WrittenRule(("x",), "blorp ", "process")
    assert issues.family_of("Blorp", (rule,)) == ("process", "your rule")
    assert len(FAMILIES) == 4
