"""The word list: what words say, how far it agrees with survey scores, and rows behind the share."""

from __future__ import annotations

import re

import numpy as np
import pytest
from issue_desk import Q2, Q3, desk

from kpi import issues
from kpi.facts import Facts
from kpi.issues import feeling as lexicon
from kpi.issues.feeling import FEWEST, feeling
from kpi.issues.texts import cleaned
from kpi.model import Grain
from kpi.words import issue_sentences as words


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Very helpful and friendly!", 1),
        ("Sehr freundlich und schnell", 1),
        ("This is UNACCEPTABLE, I am angry", -1),
        ("Unverschämt, ich bin enttäuscht", -1),
        ("not helpful", -1),
        ("Problem ist nicht gelöst", -1),
        ("it was not that bad", 0),
        ("My card was declined and the parcel is broken and late", 0),
        ("Thanks in advance", 0),
        ("Klarna payment, kind of, fast", 0),
        ("", 0),
        ("😡😡😡", 0),
        ("注文が届きません", 0),
    ],
)
def test_words_of_judgement_count_and_problems_do_not(text: str, side: int) -> None:
    assert np.sign(feeling(cleaned(text))) == side


def test_no_word_is_praise_and_complaint() -> None:
    for word in re.split(r"\s+", lexicon.PRAISE.strip()):
        assert feeling(word.removesuffix("*")) == 1, word
    for word in re.split(r"\s+", lexicon.COMPLAINT.strip()):
        assert feeling(word.removesuffix("*")) == -1, word


def test_on_the_sample_it_is_surely_better_than_a_guess(sample: Facts) -> None:
    kept = issues.sort(sample)
    assert issues.can_feel(kept)
    felt = issues.felt(kept)
    found = issues.agreement(felt)
    assert found.agrees.value is not None
    assert found.agrees.low is not None
    assert found.agrees.n > 500
    assert found.agrees.value > 0.9
    assert found.useful
    assert "agrees with the survey score in 9" in words.agreement_sentence(found, Grain.TICKETS)
    # The same by hand, on the comments alone.
    surveys = sample.tables[Grain.SURVEYS].source
    scored = surveys[surveys["comment"].notna()]
    side = scored["comment"].map(cleaned).map(feeling).map(np.sign)
    unhappy = scored["csat_raw"].astype(float) <= 2
    by_hand = ((side < 0) == unhappy)[side != 0]
    assert found.agrees.value == pytest.approx(by_hand.mean(), abs=0.02)


def test_every_negative_contact_is_a_row(sample: Facts) -> None:
    kept = issues.felt(issues.sort(sample))
    report = issues.report(kept, Q3, Q2)
    assert report.feeling == issues.WORD_LIST
    assert any("by our word list" in said for said in words.method_sentences(report))
    told = 0
    for issue in report.issues:
        assert issue.negative.value is not None
        behind = issues.rows(kept, Q3, issue=issue.name, part="Negative sentiment")
        assert len(behind) == issue.negative.parts["count"]
        assert issue.negative.low is not None
        assert issue.negative.low <= issue.negative.value <= (issue.negative.high or 1)
        told += len(behind)
    assert told > 20


def test_a_column_of_sentiments_goes_first() -> None:
    rows = [(str(n), "2026-08-03 10:00", "Bug", ("Negative", "Neutral")[n % 2], "great") for n in range(40)]
    facts = desk(("Ticket ID", "Created at", "Category", "Sentiment", "Subject"), rows)
    kept = issues.sort(facts)
    assert not issues.can_feel(kept)
    assert issues.report(kept, Q3, None).issues[0].negative.value == pytest.approx(0.5)


def test_without_texts_it_is_not_offered_and_without_answers_it_says_so() -> None:
    bare = desk(("Ticket ID", "Created at", "Category"), [("1", "2026-08-03 10:00", "Bug")])
    assert not issues.can_feel(issues.sort(bare))
    spoken = desk(
        ("Ticket ID", "Created at", "Category", "Subject"),
        [
            (str(n), "2026-08-03 10:00", "Bug", ("terrible", "superb", "", "it broke")[n % 4])
            for n in range(80)
        ],
    )
    found = issues.agreement(issues.felt(issues.sort(spoken)))
    assert (found.told, found.read) == (40, 60)
    assert found.agrees.value is None
    assert f"{FEWEST} are needed" in words.agreement_sentence(found, Grain.TICKETS)


def test_words_that_know_nothing_are_said_to_be_no_better_than_a_guess() -> None:
    random = np.random.default_rng(4)
    rows = [
        (str(n), "2026-08-03 10:00", "Bug", ("terrible", "superb")[n % 2], str(random.integers(1, 6)))
        for n in range(400)
    ]
    facts = desk(("Ticket ID", "Created at", "Category", "Subject", "CSAT (1-5)"), rows)
    found = issues.agreement(issues.felt(issues.sort(facts)))
    assert found.agrees.n == 400
    assert not found.useful
    assert "no better than a guess" in words.agreement_sentence(found, Grain.TICKETS)
