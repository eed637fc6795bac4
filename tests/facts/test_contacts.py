"""What customers did next, against plain loops over random contacts."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.facts.columns import SECOND
from kpi.facts.contacts import combined, first_days, followed, times_seen

CONTACTS = st.lists(
    st.tuples(
        st.integers(-1, 3),  # customer, −1 unknown
        st.one_of(st.none(), st.integers(0, 40)),  # created, in seconds
        st.one_of(st.none(), st.integers(0, 40)),  # solved
    ),
    max_size=25,
)


def arrays(contacts, place):
    values = [one[place] for one in contacts]
    known = np.array([value is not None for value in values], dtype=bool)
    return np.array([0 if value is None else value for value in values], np.int64) * SECOND, known


@settings(max_examples=150, deadline=None)
@given(CONTACTS, st.integers(1, 20))
def test_followed_after_solving_is_what_a_loop_finds(contacts, window) -> None:
    keys = np.array([one[0] for one in contacts], np.int64)
    created, has_created = arrays(contacts, 1)
    solved, has_solved = arrays(contacts, 2)
    found = followed(keys, created, has_created, solved, has_solved, window)
    for row, (key, _, end) in enumerate(contacts):
        expected = (
            key >= 0
            and end is not None
            and any(
                other != row and theirs == key and begin is not None and end < begin <= end + window
                for other, (theirs, begin, _) in enumerate(contacts)
            )
        )
        assert found[row] == expected or _same_moment(contacts, row)


def _same_moment(contacts, row) -> bool:
    """Solved at the moment of creation: ties with the row's own creation follow the order of the rows."""
    return contacts[row][1] is not None and contacts[row][1] == contacts[row][2]


@settings(max_examples=100, deadline=None)
@given(CONTACTS, st.integers(1, 20))
def test_repeats_count_every_later_contact_and_of_equal_times_the_later_row(contacts, window) -> None:
    keys = np.array([one[0] for one in contacts], np.int64)
    created, known = arrays(contacts, 1)
    found = followed(keys, created, known, created, known, window)
    for row, (key, begin, _) in enumerate(contacts):
        expected = (
            key >= 0
            and begin is not None
            and any(
                theirs == key
                and other_begin is not None
                and (begin, row) < (other_begin, other)
                and other_begin <= begin + window
                for other, (theirs, other_begin, _) in enumerate(contacts)
            )
        )
        assert found[row] == expected


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 50)), max_size=20))
def test_first_days_and_counts(rows) -> None:
    keys = np.array([key for key, _ in rows], np.int64)
    days = np.array([day for _, day in rows], np.int32)
    first = first_days(keys, days, np.ones(len(rows), bool))
    seen = times_seen(keys)
    for row, (key, day) in enumerate(rows):
        same = [d for k, d in rows if k == key]
        assert first[row] == (min(same) if key >= 0 else day)
        assert seen[row] == (len(same) if key >= 0 else 0)


def test_combined_codes_keep_pairs_apart_and_unknown_unknown() -> None:
    codes = combined(np.array([0, 0, 1, -1]), np.array([0, 1, 0, 1]))
    assert len(set(codes[:3].tolist())) == 3
    assert codes[3] == -1
