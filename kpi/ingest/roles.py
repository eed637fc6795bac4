"""Roles of the columns of an unknown file: by name (0.5), content (0.3) and relation (0.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kpi.ingest.cells import kind_of_question
from kpi.ingest.content import fit
from kpi.ingest.fields import FEEDS_A_KPI, KEYS, STARTS, TABLES, kind_of
from kpi.ingest.grain import MEASURE_WORDS
from kpi.ingest.headers import bare, plain, tokens, without_entity
from kpi.ingest.profile import Profile
from kpi.ingest.relation import relation
from kpi.ingest.sources import load_aliases

NAME, CONTENT, RELATION = 0.5, 0.3, 0.2
PARTLY = 0.35
ACCEPT, LEAD, MAYBE = 0.8, 0.2, 0.6
STRONG = frozenset(
    [
        "csat",
        "nps",
        "ces",
        "aht",
        "frt",
        "fcr",
        "satisfaction",
        "recommend",
        "effort",
        "sentiment",
        "reopened",
        "reopen",
        "escalated",
    ]
)
"""Single words that give a role even beside other words ("overall CSAT this month")."""
LABELS = frozenset({"name", "label", "value"})
EXTRA_WORDS = 3
PARTIAL_TIER = 3
SPANS = {
    "first_reply": ("created_at", "first_response_at"),
    "full_resolution": ("created_at", "solved_at"),
}
"""The stamps that give a duration by themselves."""


@dataclass(frozen=True)
class Candidate:
    """A column that may play a role; ``tier`` and ``rank`` order equal scores (exact names first)."""

    header: str
    table: str
    field: str
    name: float
    content: float
    relation: float
    tier: int
    rank: int
    inverse: bool = False
    empty: bool = False

    @property
    def score(self) -> float:
        """Confidence 0-1."""
        return self.name + self.content + self.relation

    @property
    def order(self) -> tuple[float, int, int]:
        """Sorts best last."""
        return (round(self.score, 3), -self.tier, -self.rank)


@dataclass(frozen=True)
class Role:
    """The chosen column of a field. ``doubt`` is why it must be asked, empty when it need not be."""

    best: Candidate
    doubt: str = ""


@lru_cache(maxsize=16384)
def _name_fit(header: str, alias: str) -> tuple[float, int]:
    """(name score, tier): tier 0 exact, 1 without the entity word, 2 same words, 3 contains the words."""
    if plain(header) == plain(alias) or bare(header) == bare(alias):
        return NAME, 0
    if without_entity(header) == bare(alias):
        return NAME, 1
    words, wanted = tokens(header), tokens(alias)
    if words == wanted:
        return NAME, 2
    extra = words - wanted
    telling = len(wanted) > 1 or (bool(wanted) and wanted <= STRONG)
    if telling and wanted < words and len(extra) <= EXTRA_WORDS and not extra & MEASURE_WORDS:
        return PARTLY, PARTIAL_TIER
    return 0.0, 9


def name_fit(header: str, aliases: Sequence[str], *, labelled: bool = False) -> tuple[float, int, int, bool]:
    """(score, tier, rank, inverse) of the best alias; ``labelled`` lets "channel name" be "channel"."""
    best = (0.0, 9, len(aliases), False)
    trimmed = " ".join(word for word in bare(header).split() if word not in LABELS) if labelled else ""
    for rank, alias in enumerate(aliases):
        inverse = alias.startswith("!")
        score, tier = _name_fit(header, alias.lstrip("!"))
        if not score and trimmed and trimmed == bare(alias.lstrip("!")):
            score, tier = NAME, 2
        if (score, -tier) > (best[0], -best[1]):
            best = (score, tier, rank, inverse)
    return best


QUESTIONS = frozenset({"csat", "nps", "ces"})
FEWEST_WORDS = 5
"""A header of so many words, or one that ends with a question mark, is a question put to a customer."""


def asks_for(header: str) -> str | None:
    """The kind of answer that a header written as a question asks for: "nps", "ces", "csat".

    >>> asks_for("How likely are you to recommend us to a friend or colleague?")
    'nps'
    >>> asks_for("How easy was it to get your issue resolved?"), asks_for("Overall satisfaction")
    ('ces', None)
    """
    words = plain(header).split()
    if (not header.rstrip().endswith("?") and len(words) < FEWEST_WORDS) or set(words) & MEASURE_WORDS:
        return None
    kind = kind_of_question(header)
    return kind if kind in QUESTIONS else None


def names_sla_timer(header: str) -> bool:
    """Own fields of Jira such as "Custom field (Time to resolution)" hold the time left on a target."""
    return header.casefold().startswith("custom field (time ")


LABELLED_KINDS = frozenset({"status", "priority", "channel", "text", "sentiment"})


def candidates(profiles: Mapping[str, Profile], table: str) -> list[Candidate]:
    """Every column that may play a role of a table (answers in ticket and call rows included)."""
    aliases = load_aliases()
    roles = [(table, field, names) for field, names in aliases[table].items()]
    if table in ("tickets", "calls"):
        roles += [("surveys", field, names) for field, names in aliases["answers"].items()]
    found: list[Candidate] = []
    for header, profile in profiles.items():
        for home, field, names in roles:
            kind = kind_of(home, field)
            labelled = kind in LABELLED_KINDS and field not in ("requester_name", "organization")
            score, tier, rank, inverse = name_fit(header, names, labelled=labelled)
            if score < NAME and kind in QUESTIONS and asks_for(header) == kind:
                score, tier = NAME, 2
            if kind == "duration" and names_sla_timer(header):
                continue
            if not score or (tier == 1 and kind == "key" and field != "ticket_id"):
                continue
            content = fit(profile, home, field)
            if content is None:
                if len(profile.sample) or score < NAME:
                    continue
                content = 0.0 if field in FEEDS_A_KPI else 0.5
            related = RELATION * relation(profiles, header, home, field)
            empty = not len(profile.sample)
            found.append(
                Candidate(header, home, field, score, CONTENT * content, related, tier, rank, inverse, empty)
            )
    return found


def assign(profiles: Mapping[str, Profile], table: str) -> dict[tuple[str, str], Role]:
    """The best column of each role: (table, field) → role. A column plays one role."""
    pool = sorted(candidates(profiles, table), key=lambda candidate: candidate.order, reverse=True)
    roles: dict[tuple[str, str], Role] = {}
    used: set[str] = set()
    for candidate in pool:
        key = (candidate.table, candidate.field)
        if key in roles or candidate.header in used:
            continue
        if candidate.score < MAYBE - 1e-9:
            continue
        if candidate.tier == PARTIAL_TIER and _told_by_stamps(candidate.field, roles):
            continue
        used.add(candidate.header)
        roles[key] = Role(candidate, _doubt(candidate, pool, used))
    for key, role in _by_content(profiles, table, roles, used).items():
        roles[key] = role
    return roles


def _told_by_stamps(field: str, roles: Mapping[tuple[str, str], Role]) -> bool:
    """Whether two stamps give a duration, so that a column with a doubtful name is not needed for it."""
    held = {name for _, name in roles}
    return any(field.startswith(stem) and set(ends) <= held for stem, ends in SPANS.items())


def _doubt(best: Candidate, pool: Sequence[Candidate], used: set[str]) -> str:
    if best.field not in FEEDS_A_KPI and best.field not in ("agent_name", "group"):
        return ""
    if best.field in FEEDS_A_KPI and best.score < ACCEPT - 1e-9:
        return f"its name only partly says so (confidence {best.score:.1f})"
    rivals = [
        other
        for other in pool
        if (other.table, other.field) == (best.table, best.field)
        and other.header != best.header
        and other.header not in used
        and other.tier < 3
        and not other.empty
        and not _better_elsewhere(other, pool, used)
    ]
    if best.field in KEYS.values() and best.relation and best.tier == 0:
        # Every row has its own id in both columns: either does, the usual name is taken.
        return ""
    for rival in rivals:
        lead = best.score - rival.score + 0.1 * (rival.tier - best.tier) + 0.02 * (rival.rank - best.rank)
        if lead < LEAD - 1e-9:
            return f"'{rival.header}' fits as well"
    return ""


def _better_elsewhere(candidate: Candidate, pool: Sequence[Candidate], used: set[str]) -> bool:
    """Whether the rival has another role that suits it at least as well."""
    others = [other for other in pool if other.header == candidate.header and other.field != candidate.field]
    return any(other.order[0] >= candidate.order[0] for other in others)


def _by_content(
    profiles: Mapping[str, Profile], table: str, roles: Mapping[tuple[str, str], Role], used: set[str]
) -> dict[tuple[str, str], Role]:
    """Key and start of a row when no name gave them: the most distinct id-like column, the earliest date."""
    found: dict[tuple[str, str], Role] = {}
    start = STARTS.get(table)
    if start and (table, start) not in roles and table != "customers":
        dated = [
            header for header, profile in profiles.items() if header not in used and profile.dates is not None
        ]
        scored = [
            (relation(profiles, header, table, start), header) for header in dated if not _unrelated(header)
        ]
        scored.sort(key=lambda entry: entry[0], reverse=True)
        if scored and scored[0][0] > 0 and not _has_other_times(roles):
            header = scored[0][1]
            best = Candidate(header, table, start, 0.0, CONTENT, RELATION, 9, 0)
            found[table, start] = Role(best, "only its cells suggest it (confidence 0.5)")
            used.add(header)
    key = KEYS.get(table)
    if key and key in TABLES[table] and (table, key) not in roles:
        ids = [
            (profile.unique, header)
            for header, profile in profiles.items()
            if header not in used
            and profile.ids >= 0.8
            and profile.unique >= 0.99
            and profile.fill >= 0.9
            and profile.dates is None
            and not _measured(profile)
        ]
        if ids:
            header = max(ids)[1]
            found[table, key] = Role(Candidate(header, table, key, 0.0, CONTENT, RELATION, 9, 0))
            used.add(header)
    return found


def _has_other_times(roles: Mapping[tuple[str, str], Role]) -> bool:
    """Response and solve stamps by name: then a nameless date is more likely a fact about the customer."""
    return any(field in ("first_response_at", "solved_at") for _, field in roles)


UNRELATED = frozenset(
    [
        "purchase",
        "birth",
        "birthday",
        "dob",
        "warranty",
        "order",
        "delivery",
        "contract",
        "hire",
        "hired",
        "expiry",
        "expiration",
    ]
)


def _unrelated(header: str) -> bool:
    return bool(tokens(header) & UNRELATED)


def _measured(profile: Profile) -> bool:
    """A number with decimals is a measurement, no id."""
    amounts = profile.amounts
    return len(amounts) > 0 and bool((amounts != amounts.round()).any())
