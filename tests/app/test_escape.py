"""Nothing that a data file says is read as markup, by Streamlit's directives or by a Markdown reader."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.escape import escape, plain, sentence
from ui.filters import field_label, parameter

HOSTILE = (
    "![pixel](http://tracker.example/p.png)",
    "[click](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "**bold** _it_ ~~gone~~ `code`",
    ":red[loud] :material/delete: :streamlit: :blue-background[x]",
    "$\\frac{1}{2}$ and $$x$$",
    "# Title\n\n- list\n1. one\n> quote",
    "https://evil.example/?a=1 www.evil.example mail@evil.example",
    '=HYPERLINK("http://evil.example")',
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "\u202eevil\u202c -> <- & &amp; \\* \\",
)
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[!-/:-@\[-`{-~]")


def unescape(text: str) -> str:
    """What a Markdown reader shows of text in which every ASCII punctuation mark is escaped."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).replace("\u2060", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_shows_as_itself(text: str) -> None:
    assert unescape(escape(text)) == plain(text)
    assert "\n" not in escape(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_bare_address_is_left_to_become_a_link(text: str) -> None:
    shown = sentence(text)
    assert not re.search(r"(?i)(https?|www)\\?[:.]", shown)
    assert not re.search(r"\w\\?@\w", shown)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_every_mark_that_markdown_knows_is_escaped(text: str) -> None:
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", escape(text))
    assert not UNESCAPED.search(bare)
    assert unescape(escape(text)) == plain(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_plain_text_is_one_short_printable_line(text: str) -> None:
    shown = plain(text)
    assert len(shown) <= 120
    assert shown.isprintable()
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_parameters_of_own_columns_are_safe_in_an_address(text: str) -> None:
    assert re.fullmatch(r"own-[a-z0-9-]{0,24}-[0-9a-f]{4}", parameter(text, own=True))


def test_labels_of_fields() -> None:
    assert field_label("custom:channel") == "channel"
    assert field_label("channel") == "Channel"
    assert parameter("channel", own=False) == "channel"
