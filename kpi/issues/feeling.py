"""Whether the words of customers sound satisfied or not, by a small word list, and how far to believe it.

The list holds words of judgement and feeling in English and German. Words that only name a problem
("broken", "declined", "late"), thanks and greetings are left out on purpose: they say nothing of how it felt.
A negation up to two words before turns praise into complaint ("not helpful", "nicht gelöst") and takes away a
complaint ("not bad"). No list knows irony; how often it agrees with the survey scores of the same contacts is
measured on the data themselves and told beside every number made with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kpi.facts.columns import flags, places
from kpi.issues.costing import costs_of
from kpi.issues.sorting import Sorted
from kpi.issues.texts import texts_of
from kpi.model import Estimate, Grain
from kpi.stats import wilson

Longs = NDArray[np.int64]
WORD_LIST = "our word list"
COLUMNS = ("subject", "description", "comment")
"""Where contacts are read; tags and reasons are words of the desk."""
FEWEST = 30
"""Answers below which nothing is said of how far the words can be believed."""

PRAISE = """
great good excellent amazing awesome fantastic wonderful perfect* brilliant superb outstanding helpful
friendly polite courteous professional quick quickly promptly efficient easy smooth clear competent reliable
solved resolved happy pleased satisfied delighted glad love loved appreciate* recommend* impressed nice
super toll klasse prima spitze hervorragend ausgezeichnet großartig wunderbar perfekt* hilfreich* freundlich*
nett nette netter nettes höflich* geduldig* kompetent* professionell* schnell schnelle zügig* unkompliziert*
klar klare zuverlässig* gelöst behoben zufrieden* glücklich froh begeistert empfehle* gut gute guter gutes
"""
COMPLAINT = """
bad terrible horrible awful worst worse poor poorly useless unhelpful rude unfriendly impolite arrogant
ignorant incompetent unprofessional unreliable ridiculous unacceptable outrageous disgrace* pathetic
shame* scam
angry furious annoy* frustrat* disappoint* upset hate hated unhappy dissatisfied unsatisfied regret ignored
nobody
slow slowly endless forever hopeless nightmare joke waste wasted lying liar misleading complain* pointless
schlecht* schlimm* furchtbar* schrecklich* katastroph* miserabel unmöglich unverschämt* frech* unhöflich*
unfreundlich* arrogant* inkompetent* unprofessionell* unzuverlässig* lächerlich* inakzeptabel unzumutbar*
peinlich* ärger* verärgert wütend sauer genervt nervig* frustrier* enttäusch* unzufrieden* ignoriert niemand
langsam* ewig endlos* hoffnungslos albtraum zeitverschwendung gelogen beschwer* nutzlos* sinnlos* ungenügend
mangelhaft
"""
_NEGATIONS = """
not no never nothing without hardly cannot can't don't doesn't didn't isn't wasn't aren't won't wouldn't
nicht kein keine keinen keiner keinem nie niemals nichts ohne kaum
"""
NEGATIONS = frozenset(_NEGATIONS.split())
REACH = 2
"""So many words before a word a negation may stand."""


@dataclass(frozen=True)
class Agreement:
    """How far words and survey scores of the same contacts say the same.

    Attributes:
        told: contacts whose words say something, of ``read`` contacts with a text.
        agrees: share of answered contacts whose words say something where word and score are on one side
            (unhappy: 1 or 2 of 5); no answer with a reason where there are too few.
        guess: the share that would agree if the more frequent side were said of all of them.
    """

    told: int
    read: int
    agrees: Estimate
    guess: float | None

    @property
    def useful(self) -> bool:
        """Whether the words are surely better than always saying the same."""
        return self.guess is not None and self.agrees.low is not None and self.agrees.low > self.guess


def feeling(clean: str) -> int:
    """Praise less complaint of a cleaned text.

    >>> feeling("quick and friendly"), feeling("not helpful at all"), feeling("card declined at checkout")
    (2, -1, 0)
    >>> feeling("problem nicht gelöst"), feeling("not bad")
    (-1, 0)
    """
    words = clean.split()
    total = 0
    for at, word in enumerate(words):
        side = _side(word)
        if side and any(before in NEGATIONS for before in words[max(0, at - REACH) : at]):
            side = -1 if side > 0 else 0
        total += side
    return total


def can_feel(kept: Sorted) -> bool:
    """Whether the word list may be used: no column holds a sentiment, and there are texts."""
    if kept.facts.table(kept.grain) is None:
        return False
    table = kept.table
    given = "sentiment_known" in table.columns and bool(table.columns["sentiment_known"].any())
    return kept.feeling == WORD_LIST or (not given and bool(_columns(kept)))


def felt(kept: Sorted) -> Sorted:
    """The contacts with a sentiment by the word list, from their texts and the comments of their answers.

    Contacts whose words say nothing are neutral; those without a text have none.
    """
    table = kept.table
    own = texts_of(table.source, _columns(kept))
    score, known = _scores(own.clean, own.place), own.place >= 0
    surveys = kept.facts.table(Grain.SURVEYS)
    key = "call_id" if kept.grain is Grain.CALLS else "ticket_id"
    if (
        surveys is not None
        and {"comment", key} <= set(surveys.source.columns)
        and key in table.source.columns
    ):
        said = surveys.source["comment"].notna() & surveys.source[key].notna()
        comments = texts_of(surveys.source[said], ("comment",))
        last = places(table.source[key], surveys.source[key][said], last=True)
        answered = last >= 0
        of_comment = np.append(_scores(comments.clean, comments.place), 0)
        score = score + of_comment[np.where(answered, last, -1)]
        known = known | answered
    columns = {
        **table.columns,
        "sentiment_known": flags(known),
        "sentiment_positive": flags(known & (score > 0)),
        "sentiment_neutral": flags(known & (score == 0)),
        "sentiment_negative": flags(known & (score < 0)),
    }
    tables = {**kept.facts.tables, kept.grain: replace(table, columns=columns)}
    return replace(kept, facts=replace(kept.facts, tables=tables), feeling=WORD_LIST)


def agreement(kept: Sorted) -> Agreement:
    """How far the sentiment of contacts and the survey scores of the same contacts say the same."""
    columns, costs = kept.table.columns, costs_of(kept)
    if "sentiment_known" not in columns:
        return Agreement(0, 0, Estimate.absent("no contact has a sentiment"), None)
    told = (columns["sentiment_positive"] != 0) | (columns["sentiment_negative"] != 0)
    read = int((columns["sentiment_known"] != 0).sum())
    both = told & costs.rated
    n = int(both.sum())
    if n < FEWEST:
        reason = f"{n} answered contacts have words that say something; {FEWEST} are needed"
        return Agreement(int(told.sum()), read, Estimate.absent(reason, n), None)
    unhappy = costs.unhappy[both]
    k = int(((columns["sentiment_negative"][both] != 0) == unhappy).sum())
    low, high = wilson(k, n, kept.facts.definitions.confidence)
    share = float(unhappy.mean())
    return Agreement(
        int(told.sum()),
        read,
        Estimate(k / n, n, low, high, "Wilson", parts={"count": k}),
        max(share, 1 - share),
    )


def _columns(kept: Sorted) -> tuple[str, ...]:
    source = kept.table.source
    return tuple(name for name in COLUMNS if name in source.columns and bool(source[name].notna().any()))


def _scores(clean: Sequence[str], place: Longs) -> Longs:
    """Praise less complaint of every row."""
    by_text = np.array([*map(feeling, clean), 0], dtype=np.int64)
    found: Longs = by_text[place]
    return found


def _listed(words: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole words, and beginnings of words (those with a star)."""
    given = words.split()
    whole = frozenset(word for word in given if not word.endswith("*"))
    return whole, tuple(word.removesuffix("*") for word in given if word.endswith("*"))


_PRAISE, _COMPLAINT = _listed(PRAISE), _listed(COMPLAINT)
LISTED = len(PRAISE.split()) + len(COMPLAINT.split())
"""Words and beginnings of words in the list."""


def _side(word: str) -> int:
    for side, (whole, beginnings) in ((1, _PRAISE), (-1, _COMPLAINT)):
        if word in whole or word.startswith(beginnings):
            return side
    return 0
