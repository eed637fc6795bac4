"""Text that came from a data file, made safe where Streamlit reads Markdown (labels, captions, help)."""

from __future__ import annotations

import re

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
LINKS = re.compile(r"(?i)(http|https|ftp|mailto|www|xmpp)(?=\\[:.])")
JOINER = "\u2060"
"""Word joiner: no width, and enough to keep a bare address from becoming a link."""
UNIT = re.compile(r"(?<=\d) (?=\\?%|(?:h|min|s|days?|points?)\b)")
"""The space between a number and its unit, also where the percent sign is escaped."""
LONGEST = 120


def plain(text: object, longest: int = LONGEST) -> str:
    """The text on one line, cut at ``longest`` characters, without control or direction-changing characters.

    >>> plain("a" + chr(0x202E) + "b")
    'ab'
    """
    kept = "".join(
        c for c in " ".join(str(text).split()) if c.isprintable() and c not in "\u202d\u202e\u2066\u2067"
    )
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"


def escape(text: object, longest: int = LONGEST) -> str:
    """The text as Markdown that shows exactly this text: no image, link, formula, colour, icon or code.

    >>> escape("![x](http://a.example/p.png)").startswith("\\\\!\\\\[x")
    True
    >>> escape("Chat")
    'Chat'
    """
    marked = PUNCTUATION.sub(r"\\\1", plain(text, longest))
    marked = LINKS.sub(rf"\1{JOINER}", marked)
    return marked.replace("\\@", f"{JOINER}\\@").replace("-\\>", f"-{JOINER}\\>")


def unbroken(text: str) -> str:
    """The same text with numbers and their units kept on one line.

    >>> unbroken("fell by 7.5 % in 2 days").count(chr(0xA0))
    2
    """
    return UNIT.sub("\u00a0", text)


def sentence(text: object) -> str:
    """A whole sentence with data text in it, escaped; cut only when it is absurdly long."""
    return escape(text, 2_000)
