"""The four families of issues, by their words in several languages; the lead's own word goes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from kpi.issues.nouns import NOT_MAPPED, Rule

PRODUCT, PROCESS, SERVICE, TECHNOLOGY = (
    "product or service",
    "process",
    "customer service",
    "technology",
)
FAMILIES = (PRODUCT, PROCESS, SERVICE, TECHNOLOGY)
BY_RULE, BY_WORDS = "your rule", "its words"

STEMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        TECHNOLOGY: (
            "login", "log in", "sign in", "password", "passwort", "mot de passe", "contraseña",
            "technical", "technisch", "technique", "técnic", "network", "netzwerk", "réseau",
            "software", "hardware", "bug", "crash", "error", "fehler", "erreur", "website",
            "webseite", "app", "server", "outage", "ausfall", "panne", "api", "anmeld", "connexion",
            "data loss", "battery", "performance", "display", "install", "update", "account access",
            "security", "network problem", "system", "internet", "wifi", "vpn", "printer",
            "email issue", "virus",
        ),
        SERVICE: (
            "complaint", "beschwerde", "réclamation", "queja", "reclamo", "rude", "agent", "staff",
            "support", "waiting", "wait time", "wartezeit", "attente", "callback", "rückruf",
            "no answer", "response time", "service quality", "unfreundlich", "personal",
        ),
        PROCESS: (
            "refund", "erstattung", "rückerstattung", "remboursement", "reembolso", "return",
            "retoure", "retour", "payment", "zahlung", "paiement", "pago", "billing", "rechnung",
            "invoice", "facture", "factura", "delivery", "lieferung", "livraison", "entrega",
            "shipping", "versand", "cancel", "kündigung", "storn", "annul", "cancelación",
            "contract", "vertrag", "contrat", "dispute", "streit", "litige", "account", "konto",
            "compte", "cuenta", "order", "bestellung", "commande", "pedido", "admin",
            "subscription", "abo", "renewal", "claim", "schaden", "fraud", "price", "preis",
            "onboarding", "training",
        ),
        PRODUCT: (
            "product", "produkt", "produit", "producto", "damaged", "defekt", "beschädigt",
            "endommagé", "broken", "kaputt", "quality", "qualität", "qualité", "warranty",
            "garantie", "item", "artikel", "article", "feature", "funktion", "size", "größe",
            "taille", "compatib", "peripheral", "streaming", "tarif", "plan", "availability",
        ),
    }
)  # fmt: skip
"""Beginnings of words. Families are tried in this order for what is closest to the front of the name."""


_PATTERNS = {
    family: re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(stems, key=len, reverse=True)))})")
    for family, stems in STEMS.items()
}


def family_of(issue: str, rules: Iterable[Rule]) -> tuple[str, str]:
    """The family of an issue and who says so: the lead's rule for it, its words, or nobody.

    >>> family_of("Payment failed", ()), family_of("Login problem", ())
    (('process', 'its words'), ('technology', 'its words'))
    >>> family_of("Xyzzy", ())
    ('not mapped', '')
    """
    named = issue.casefold().strip()
    for rule in rules:
        if rule.issue.casefold().strip() == named:
            return rule.family, BY_RULE
    hits = ((family, pattern.search(named)) for family, pattern in _PATTERNS.items())
    found = [(hit.start(), -len(hit[0]), FAMILIES.index(family), family) for family, hit in hits if hit]
    return (min(found)[3], BY_WORDS) if found else (NOT_MAPPED, "")
