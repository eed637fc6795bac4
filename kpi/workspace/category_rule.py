"""Category rules: words in a text → an issue → one of the four families."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from kpi.workspace.form import Form

MOST_PATTERNS = 200
MOST_RULES = 5_000


class IssueFamily(StrEnum):
    """The four families of issues."""

    PRODUCT = "product or service"
    PROCESS = "process"
    SERVICE = "customer service"
    TECHNOLOGY = "technology"


@dataclass(frozen=True)
class CategoryRule:
    """A text that fits one of the patterns is about ``issue``. Rules are tried in order; the first one wins.

    A pattern is words, all of which must stand in the text, without regard to case; a star at the end of a
    word stands for any ending ("pass* reset"). There are no other signs, so that no pattern can run for long.
    """

    id: str
    """Empty for one that was never kept."""
    patterns: tuple[str, ...]
    issue: str
    family: str
    """A value of :class:`IssueFamily`."""
    place: int = 0
    """Position among the rules."""
    version: int = 0

    def checked(self) -> CategoryRule:
        """The same rule with blanks taken away and every pattern once.

        Raises:
            Invalid: with everything that is wrong.

        >>> CategoryRule("", ("Login ", "login", "pass*  reset"), "Login", "technology").checked().patterns
        ('Login', 'pass* reset')
        """
        form = Form("this category rule")
        given = self.patterns if isinstance(self.patterns, list | tuple) else ()
        patterns = [form.line("patterns", pattern, needed=False) for pattern in given]
        by_case = {pattern.casefold(): pattern for pattern in reversed(patterns) if pattern}
        unique = tuple(by_case[key] for key in dict.fromkeys(p.casefold() for p in patterns if p))
        if not 1 <= len(unique) <= MOST_PATTERNS:
            form.wrong("patterns", f"{len(unique)} patterns; expected 1 to {MOST_PATTERNS}")
        for word in sorted({word for pattern in unique for word in pattern.split() if not _fits(word)}):
            form.wrong("patterns", f"'{word}': a star stands at the end of a word, after at least one letter")
        cleaned = replace(
            self,
            patterns=unique,
            issue=form.line("issue", self.issue),
            family=form.choice("family", self.family, IssueFamily),
            place=form.whole("place", self.place, low=0, high=MOST_RULES),
        )
        form.check()
        return cleaned

    @staticmethod
    def numbered(rules: Iterable[CategoryRule]) -> tuple[CategoryRule, ...]:
        """The rules with their places as they stand, ready to be kept together."""
        return tuple(replace(rule, place=place) for place, rule in enumerate(rules))

    def order(self) -> tuple[object, ...]:
        """By place."""
        return (self.place,)


def _fits(word: str) -> bool:
    return "*" not in word.removesuffix("*") and word != "*"
