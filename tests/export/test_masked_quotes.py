"""One masking for every text: quotes, stories, repeated texts, phrases, what customers are told, exports."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi import issues
from kpi.definitions import Definitions
from kpi.export import OWN_WORDS, Names, mask, masked, names_in
from kpi.facts import Facts, build_facts
from kpi.ingest import import_files
from kpi.persons import quoted

ROOT = Path(__file__).resolve().parents[2]


def names(*persons: str) -> Names:
    made = Names()
    for person in persons:
        made.add(person, parts=True)
    return made


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Thank you Ana!", "Thank you [name]!"),
        ("thanks ana", "thanks [name]"),
        ("Lopez, Ana María helped", "[name] helped"),
        ("Ana María Lopez and Bo", "[name] and Bo"),
        ("anagram of banana", "anagram of banana"),
        ("write to joe.b@c.example now", "write to [e-mail] now"),
        ("call +49 (170) 123-45 67", "call [number]"),
        ("order AB12345X, born 12.03.1980, 3 days", "order [number], born [number], 3 days"),
        ("see https://x.example/a?b=1 or www.x.example", "see [link] or [link]"),
        ("とても助かりました", "とても助かりました"),
        ("", ""),
    ],
)
def test_a_quote_keeps_everything_but_persons(text: str, told: str) -> None:
    assert masked(text, names("Ana María Lopez", "Bob Stone", "Bo Lund Ek")) == told


def test_small_words_of_a_name_are_words_of_the_language() -> None:
    known = names("Jan van der Berg")
    assert masked("der Kunde dankt van der Berg", known) == "der Kunde dankt van der [name]"
    assert masked("Jan van der Berg dankt", known) == "[name] dankt"


def test_what_a_team_writes_keeps_its_dates_and_counts() -> None:
    known = names("May Stone", "ana")
    text = "We may answer 12000 mails by 2026-06-15. May and ana did it; ask 0171 2345678, iPhone15"
    assert masked(text, known, OWN_WORDS) == (
        "We may answer 12000 mails by 2026-06-15. a colleague and a colleague did it; ask [number], iPhone15"
    )


@given(
    st.lists(st.sampled_from(["Ana Lopez", "Bob van der Stone", "Li Wei Chen"]), min_size=1, max_size=3),
    st.sampled_from(["{} helped me", "Thanks, {}!", "I asked {} twice", "{}", "(by {})"]),
    st.sampled_from([str, str.upper, str.lower]),
)
def test_no_whole_name_is_left_in_a_quote_or_a_cell(people: list[str], frame: str, case: object) -> None:
    said = frame.format(case(people[0]))  # type: ignore[operator]
    last = people[0].split()[-1].casefold()
    assert last not in masked(said, names(*people)).casefold()
    rows = pd.DataFrame({"agent_name": people, "custom:Note": [said] * len(people)})
    assert last not in mask(rows)["custom:Note"].str.casefold().str.cat()


def test_names_are_taken_from_every_personal_column() -> None:
    known = names_in(
        [
            pd.DataFrame({"requester_name": ["Ruby Stone"], "agent_names_all": [["Ana Lopez"]]}),
            pd.DataFrame({"custom:Submitter": ["Cleo Ray"], "product": ["Chair Deluxe"]}),
        ]
    )
    text = "Ruby Stone, Ana, Cleo Ray: a Ruby Chair Deluxe"
    assert masked(text, known) == "[name], [name], [name]: a Ruby Chair Deluxe"


# ---------------------------------------------------------------- where texts are shown


@pytest.fixture(scope="module")
def facts() -> Facts:
    head = "ticket_id,created_at,solved_at,status,category,subject,requester_name,agent_name,csat,comment\n"
    rows = []
    for n in range(60):
        day = f"2026-09-{n % 28 + 1:02d}"
        about = ("Login", "Refund")[n % 2]
        text = (
            f"Dear Ana Lopez order {48213377 + n} of ruby@x.example is broken and late again"
            if n % 2
            else "Cannot log in with the new password since the update"
        )
        rows.append(
            f"{n},{day} 10:00:00+00:00,{day} 12:00:00+00:00,solved,{about},{text},Ruby Stone,"
            f"{('Ana Lopez', 'Bob Reed')[n % 3 == 0]},5,Ruby here: Bob Reed was great call 0171 2345678"
        )
    imported = import_files([("t.csv", (head + "\n".join(rows) + "\n").encode())], {"timezone": "UTC"})
    return build_facts(imported.tables, Definitions(timezone="UTC"))


SECRETS = ("ana", "lopez", "reed", "ruby", "stone", "48213", "@x.example", "2345678")


def test_texts_that_repeat_are_quoted_masked(facts: Facts) -> None:
    found = issues.recurring(issues.sort(facts), None)
    assert len(found.groups) == 2
    told = " ".join(group.text for group in found.groups).casefold()
    assert not [secret for secret in SECRETS if secret in told]
    assert "[name]" in told
    assert "[number]" in told


def test_the_story_of_a_contact_quotes_masked(facts: Facts) -> None:
    kept = issues.sort(facts)
    rows = issues.rows(kept, None, issue="Refund")
    told = issues.story(kept.facts, rows.iloc[0])
    said = " ".join([told.text, *(moment.detail for moment in told.moments)]).casefold()
    assert "is broken and late again" in said
    assert "was great" in said
    assert not [secret for secret in SECRETS if secret in said]


def test_no_phrase_is_a_name_an_address_or_a_number(facts: Facts) -> None:
    kept = issues.sort(facts)
    found = issues.typical_phrases(kept, issues.read(kept, None, None), "Refund")
    phrases = [phrase.text for phrase in found.found]
    assert any("broken" in phrase for phrase in phrases), found
    assert not [
        phrase
        for phrase in phrases
        if "ana lopez" in phrase or "@" in phrase or any(map(str.isdigit, phrase))
    ]


def test_the_customer_who_wrote_is_masked_by_each_part(facts: Facts) -> None:
    assert quoted(facts, "Ruby is my name, a ruby ring") == "Ruby is my name, a ruby ring"
    assert quoted(facts, "Ruby is my name", ["Ruby Stone"]) == "[name] is my name"
