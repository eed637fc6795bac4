"""Words of help desks in the usual languages: placeholders, status, priority, channel, answers, yes and no.

Keys are case-folded, without outer blanks and with inner blanks made one.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from kpi.ingest.cells.layouts import Distinct, distinct
from kpi.ingest.cells.wordlists import listed

Value = TypeVar("Value")


def _words(*groups: tuple[Value, str]) -> Mapping[str, Value]:
    found: dict[str, Value] = {}
    for value, text in groups:
        for word in listed(text, "|"):
            key = " ".join(word.casefold().split())
            if key in found and found[key] != value:
                raise ValueError(f"{key!r} is listed as {found[key]!r} and as {value!r}")
            found[key] = value
    return MappingProxyType(found)


PLACEHOLDERS: frozenset[str] = frozenset(
    listed(
        "|-|--|---|–|—|?|??|n/a|n.a.|n/d|na|#n/a|null|(null)|<null>|none|[none]|nan|nat|nil|undefined"
        "|not rated|not set|not available|not applicable|[no associated user]|(blank)|(leer)|(vide)"
        "|(en blanco)|(vuoto)|blank|empty|(empty)|(none)|\\n|keine|keine angabe|k.a.|k. a.|nicht angegeben"
        "|nicht bewertet|kein|leer|non renseigné|non noté|aucun|aucune|sin datos|sin valor|sin calificar"
        "|ninguno|ninguna|nessuno|nessuna|non disponibile|sem dados|nenhum|nenhuma|geen|niet beoordeeld|brak"
        "|nie dotyczy|brak danych|#value!|#ref!|#div/0!|#name?|#null!|#num!",
        "|",
    )
)
"""Cells that stand for "nothing"."""

AGENT_PLACEHOLDERS: frozenset[str] = frozenset(
    listed(
        "no agent|unassigned|not assigned|nobody|no one|no assignee|[no associated user]|(unassigned)"
        "|<unassigned>|no owner|nicht zugewiesen|nicht zugeordnet|kein agent|niemand|non attribué|non assigné"
        "|non affecté|sin asignar|no asignado"
        "|non assegnato|não atribuído|não atribuida|niet toegewezen|nieprzypisane|nieprzypisany",
        "|",
    )
)
"""Cells of an agent or team column that stand for "nobody"."""

STATUS: Mapping[str, str] = _words(
    (
        "new",
        "new|to do|todo|unassigned|not started|created|received|submitted|neu|nouveau|nouvelle|nuevo|nueva"
        "|nuovo|nuova|novo|nova|nieuw|nowy|nowe|nowa",
    ),
    (
        "open",
        "open|opened|reopened|re-opened|re-open|active|assigned|accepted|being processed|in progress"
        "|in-progress|in_progress|work in progress|wip|working|processing|under review|in review"
        "|under investigation|investigating|escalated|waiting for support|waiting on us|waiting for agent"
        "|awaiting agent|awaiting reply|awaiting our reply|customer replied|customer responded"
        "|user responded|new reply|ongoing|unresolved|en cours (attribué)|en cours (planifié)"
        "|processing (assigned)|processing (planned)|offen|geöffnet|wieder geöffnet|wiedereröffnet|in arbeit"
        "|in bearbeitung|zugewiesen|ouvert|ouverte|en cours|en traitement|rouvert|attribué|abierto|abierta"
        "|en curso|en progreso|en proceso|asignado|reabierto|aperto|aperta|in corso|in lavorazione|assegnato"
        "|riaperto|aberto|aberta|em andamento|em progresso|atribuído|reaberto|geopend|heropend"
        "|in behandeling|toegewezen|otwarty|otwarte|otwarta|w toku|w trakcie|w realizacji|przypisany",
    ),
    (
        "pending",
        "pending|pending customer|pending customer response|pending reply|pending reminder|pending close"
        "|pending closure|awaiting customer|awaiting customer response|awaiting customer reply"
        "|awaiting user info|awaiting caller|awaiting your reply|waiting for customer"
        "|waiting for customer response|waiting for reply|waiting for response|waiting for approval"
        "|waiting on customer|waiting on contact|waiting on requester|waiting for user|snoozed|wartend"
        "|wartet auf kunde|wartet auf kunden|warten auf kunde|warten auf kunden|warten auf rückmeldung"
        "|warten auf antwort|ausstehend|warten zur erinnerung|en attente|en attente du client|attente client"
        "|en attente client|en attente de réponse|en attente de réponse client"
        "|pendiente|pendente|en espera del cliente|esperando al cliente|esperando respuesta|in attesa"
        "|in attesa del cliente|aguardando cliente|aguardando resposta|wacht op klant|wachten op klant"
        "|oczekujący|oczekujące|oczekuje na klienta",
    ),
    (
        "on_hold",
        "on hold|on-hold|on_hold|onhold|hold|blocked|paused|waiting on third party|waiting for third party"
        "|waiting for vendor|waiting on vendor|awaiting vendor|awaiting third party|awaiting problem"
        "|awaiting change|awaiting evidence|assigned to external|awaiting resource|angehalten|zurückgestellt"
        "|blockiert|pausiert|suspendu|bloqué|en pause|en espera|bloqueado|sospeso|bloccato|em espera"
        "|in de wacht|wstrzymany|wstrzymane|zawieszony",
    ),
    (
        "solved",
        "solved|resolved|fixed|done|complete|completed|finished|successful|gelöst|erledigt|fertig"
        "|abgearbeitet|behoben|résolu|résolue|traité|terminé|terminée|resuelto|resuelta|solucionado"
        "|solucionada|completado|finalizado|risolto|risolta|completato|resolvido|resolvida|concluído"
        "|concluída|opgelost|afgehandeld|voltooid|rozwiązany|rozwiązane|rozwiązana|zakończony|zakończone",
    ),
    (
        "closed",
        "closed|close|archived|closed complete|closed incomplete|closed successful|closed unsuccessful"
        "|closed - resolved|geschlossen|abgeschlossen|archiviert|clos|close|clôturé|clôturée|fermé|fermée"
        "|archivé|cerrado|cerrada|chiuso|chiusa|fechado|fechada|encerrado|encerrada|gesloten|afgesloten"
        "|zamknięty|zamknięte|zamknięta",
    ),
    (
        "cancelled",
        "cancelled|canceled|declined|rejected|withdrawn|aborted|closed skipped|won't do|wont do|won't fix"
        "|storniert|abgebrochen|abgelehnt|zurückgezogen|annulé|annulée|rejeté|refusé|cancelado|cancelada"
        "|rechazado|annullato|rifiutato|rejeitado|geannuleerd|afgewezen|anulowany|anulowane|odrzucony",
    ),
    (
        "merged",
        "merged|duplicate|closed as duplicate|zusammengeführt|zusammengefasst|duplikat|fusionné|doublon"
        "|fusionado",
    ),
    ("spam", "spam|suspended|junk"),
    (
        "deleted",
        "deleted|removed|trash|trashed|gelöscht|entfernt|supprimé|eliminado|eliminato|excluído|verwijderd"
        "|usunięty",
    ),
)

PRIORITY: Mapping[str, str] = _words(
    (
        "low",
        "low|lowest|very low|minor|trivial|planning|p4|p5|1 low|4 - low|5 - planning|5 - very low|niedrig"
        "|sehr niedrig|gering|tief|basse|très basse|faible|mineure|baja|muy baja|bajo|bassa|molto bassa"
        "|baixa|muito baixa|laag|zeer laag|niski|niska|bardzo niski|bardzo niska",
    ),
    (
        "normal",
        "normal|medium|moderate|standard|average|not_priority|p3|2 normal|3 - moderate|3 - medium|3 - normal"
        "|mittel|mittlere|moyenne|moyen|normale|media|medio|média|médio|normaal|gemiddeld|middel|normalny"
        "|normalna|średni|średnia",
    ),
    ("high", "high|priority|p2|3 high|2 - high|hoch|haute|élevée|élevé|alta|alto|hoog|wysoki|wysoka"),
    (
        "urgent",
        "urgent|critical|emergency|highest|very high|blocker|immediate|p1|p0|1 - critical|1 - urgent"
        "|4 urgent|dringend|sehr hoch|kritisch|notfall|sofort|urgente|très haute|très élevée|majeure"
        "|critique|muy alta|crítica|crítico|critica|critico|molto alta|muito alta|zeer hoog|spoed|kritiek"
        "|pilny|pilne|pilna|krytyczny|krytyczna|bardzo wysoki|bardzo wysoka",
    ),
)
"""Bare numbers and "major" are left out: their order depends on the source (Jira's major is high, GLPI's the
top).
"""

CHANNEL: Mapping[str, str] = _words(
    (
        "email",
        "email|e-mail|mail|emails|e-mails|outbound email|inbound email|email message|mailbox|correo"
        "|correo electrónico|courriel|mél|posta elettronica|posta|e-mailem|poczta|poczta elektroniczna",
    ),
    (
        "web_form",
        "web_form|web form|webform|web|website|internet|form|contact form|contact_form|online form|online"
        "|feedback widget|web widget|mobile sdk|widget|formular|webformular|kontaktformular|formulaire"
        "|formulaire web|site web|formulario|formulario web|sitio web|modulo web|sito web|formulário"
        "|formulier|webformulier|formularz",
    ),
    (
        "portal",
        "portal|self-service|self service|selfservice|self_service|customer portal|help center|help-center"
        "|help centre|community|kundenportal|selbstbedienung|portail|portail client|portal de clientes"
        "|portale|klantenportaal|portaal",
    ),
    (
        "phone",
        "phone|telephone|call|calls|phone call|voice|voicemail|callback|call-center|call center|call centre"
        "|customer care call|phone call (inbound)|phone call (outbound)|inbound call|outbound call|hotline"
        "|telefon|telefonisch|anruf|téléphone|appel|teléfono|telefono|llamada|chiamata|telefone|ligação"
        "|telefoon|telefonie|telefonicznie",
    ),
    (
        "chat",
        "chat|tchat|clavardage|live chat|livechat|live_chat|webchat|web chat|messenger|conversation|in-app"
        "|in-app chat"
        "|mobihelp|push|chat en direct|chat en vivo|chat dal vivo|czat",
    ),
    (
        "messaging",
        "messaging|message|messages|native_messaging|whatsapp|whatsapp message|telegram"
        "|telegram personal-message|line|viber|wechat|apple messages|google business messages|signal"
        "|nachricht|mensajería|messagerie|messaggistica",
    ),
    (
        "social",
        "social|social media|social-media|social_media|facebook|facebook messenger|facebook-messenger"
        "|facebook feed post|instagram|instagram-comment|instagram-direct-message|instagram direct|twitter"
        "|twitter status|twitter dm|x (twitter)|linkedin|youtube|tiktok|forum|soziale medien|réseaux sociaux"
        "|redes sociales|redes sociais|social network|sociale media|media społecznościowe",
    ),
    ("sms", "sms|text|text message|texto|mms"),
    ("api", "api|web service|web service (api)|webhook|integration|schnittstelle"),
    (
        "in_person",
        "in_person|in person|in-person|walk-in|walk in|walkin|counter|store|branch|office|onsite|on-site"
        "|face to face|face-to-face|vor ort|persönlich|filiale|schalter|en personne|sur place|agence"
        "|en persona|presencial|di persona|in negozio|pessoalmente|persoonlijk|balie|osobiście",
    ),
    (
        "bot",
        "bot|chatbot|chat bot|virtual agent|virtual assistant|ai agent|fin|fin ai agent|answer bot|voicebot",
    ),
    (
        "internal",
        "internal|internal-note|note|monitoring|event|system|closed ticket|intern|interne|interno|alert",
    ),
    (
        "other",
        "other|others|any_channel|ecommerce|fax|letter|letters|post|sonstige|sonstiges|andere|brief|autre"
        "|autres|courrier|otro|otros|otra|altro|altri|outro|outros|overig|overige|anders|inne|inny",
    ),
)

DIRECTION: Mapping[str, str] = _words(
    (
        "inbound",
        "inbound|incoming|in|received|inbound queue|inbound/outbound|queue_transfer|transfer|customer"
        "|customer initiated|eingehend|entrant|entrante|entrada|inkomend|przychodzące|przychodzący",
    ),
    (
        "outbound",
        "outbound|outgoing|out|external_outbound|autodial|manual|queue callback|teammate initiated|ausgehend"
        "|sortant|saliente|in uscita|saída|uitgaand|wychodzące|wychodzący",
    ),
    ("internal", "internal|intern|interne|interno"),
)

BOOL: Mapping[str, bool] = _words(
    (
        True,
        "y|yes|true|t|1|1.0|x|ja|j|wahr|oui|o|vrai|sí|si|s|verdadero|sì|vero|sim|verdadeiro|waar|tak|prawda"
        "|on|checked|✓|✔|☑",
    ),
    (
        False,
        "n|no|false|f|0|0.0|nein|falsch|non|faux|falso|não|nao|nee|onwaar|nie|fałsz|off|unchecked|✗|✘|☐",
    ),
)

SLA: Mapping[str, bool] = _words(
    (
        True,
        "within sla|in sla|sla met|met|met sla|hit|achieved|sla achieved|on time|in time|fulfilled"
        "|not breached|not violated|ok|pass|passed|eingehalten|erfüllt|innerhalb sla|respecté|respectée"
        "|dans les délais|cumplido|cumplida|a tiempo|rispettato|rispettata|cumprido|dentro do prazo|gehaald"
        "|binnen sla|dotrzymane|dotrzymany|spełnione",
    ),
    (
        False,
        "sla violated|violated|sla missed|missed|breached|sla breached|outside sla|out of sla|not met"
        "|sla not met|overdue|late|fail|failed|nicht eingehalten|verletzt|überschritten|non respecté"
        "|non respectée|dépassé|incumplido|incumplida|non rispettato|violato|não cumprido|violado"
        "|niet gehaald|overschreden|niedotrzymane|przekroczone",
    ),
)
""" "Above SLA" and "Below SLA" are left out: nothing in the words says which of them is good."""

CSAT: Mapping[str, str] = _words(
    (
        "positive",
        "good|good with comment|good, i'm satisfied|great|excellent|positive|very positive|satisfied"
        "|very satisfied|extremely satisfied|happy|very happy|extremely happy|rated good|rated_good"
        "|thumbs up|thumbsup|like|👍|🙂|😀|😃|😄|😊|gut|sehr gut|zufrieden|sehr zufrieden|positiv|bon|bonne"
        "|très bon|satisfait|très satisfait|content|positif|bueno|buena|muy bueno|satisfecho|muy satisfecho"
        "|positivo|positiva|buono|ottimo|soddisfatto|molto soddisfatto|bom|boa|satisfeito|muito satisfeito"
        "|goed|zeer goed|tevreden|zeer tevreden|positief|dobry|dobra|bardzo dobry|zadowolony"
        "|bardzo zadowolony|pozytywna|pozytywny",
    ),
    (
        "neutral",
        "neutral|ok|okay|average|fair|neither satisfied nor dissatisfied|neither|😐|mittel|weder noch|neutre"
        "|moyen|neutro|regular|neutrale|medio|neutraal|gemiddeld|neutralny|neutralna",
    ),
    (
        "negative",
        "bad|bad with comment|bad, i'm unsatisfied|poor|terrible|awful|negative|very negative|dissatisfied"
        "|very dissatisfied|unsatisfied|very unsatisfied|extremely dissatisfied|unhappy|very unhappy"
        "|extremely unhappy|not good|not-good|rated bad|rated_bad|thumbs down|thumbsdown|dislike|👎|🙁|😞"
        "|😠|😡"
        "|schlecht|sehr schlecht|unzufrieden|sehr unzufrieden|negativ|mauvais|mauvaise|très mauvais"
        "|insatisfait|très insatisfait|mécontent|négatif|malo|mala|muy malo|insatisfecho|muy insatisfecho"
        "|negativo|negativa|cattivo|pessimo|insoddisfatto|molto insoddisfatto|ruim|insatisfeito"
        "|muito insatisfeito|slecht|zeer slecht|ontevreden|zeer ontevreden|negatief|zły|zła|bardzo zły"
        "|niezadowolony|bardzo niezadowolony|negatywna|negatywny",
    ),
)

NOT_ANSWERED: Mapping[str, bool] = _words(
    (
        True,
        "offered|sent|unresponded|expired|scheduled|no response|not answered|unanswered|angeboten|gesendet"
        "|envoyé|ofrecido",
    ),
    (False, "not offered|unoffered|not sent|canceled|nicht angeboten|non proposé|no ofrecido"),
)
"""Words of a satisfaction column that are no answer; the value says whether the survey was offered."""


def fold(cell: str) -> str:
    """A cell as the key of a word map.

    >>> fold("  Waiting\\u00a0on   Customer ")
    'waiting on customer'
    """
    return " ".join(cell.casefold().split())


def is_placeholder(text: pd.Series, *, agents: bool = False) -> pd.Series:
    """Where a cell stands for "nothing" (bool Series aligned with ``text``); empty cells count too.

    ``agents`` adds the words that stand for "nobody" ("No Agent", "unassigned").

    >>> is_placeholder(pd.Series(["-", "No Agent", "Kim", ""], dtype="str"), agents=True).tolist()
    [True, True, False, True]
    """
    found = distinct(text)
    return pd.Series(found.spread(is_nothing(found, agents=agents)), index=text.index, dtype=bool)


def is_nothing(column: Distinct, *, agents: bool = False) -> np.ndarray:
    """Which distinct cells of a column are empty or placeholders (bool array)."""
    nothing = PLACEHOLDERS | AGENT_PLACEHOLDERS if agents else PLACEHOLDERS
    longest = max(map(len, nothing))
    short = np.flatnonzero(
        pc.less_equal(pc.utf8_length(column.values), longest).to_numpy(zero_copy_only=False)
    )
    hits = np.zeros(len(column.values), dtype=bool)
    folded = pc.utf8_lower(column.values.take(short))
    hits[short] = pc.is_in(folded, value_set=pa.array(sorted(nothing), type=pa.large_string())).to_numpy(
        zero_copy_only=False
    )
    return hits


def read_words(text: pd.Series, words: Mapping[str, Value]) -> tuple[pd.Series, dict[str, int]]:
    """(values, unknown): the mapped words (dtype object, None for placeholders and unknown words), and how
    often each unknown word (as written first) occurs, most frequent first. Case, outer and repeated blanks
    do not matter.

    >>> values, unknown = read_words(pd.Series(["OFFEN", "done ", "-", "Limbo"], dtype="str"), STATUS)
    >>> values.tolist(), unknown
    (['open', 'solved', None, None], {'Limbo': 1})
    """
    found = distinct(text)
    mapped = np.empty(len(found.values), dtype=object)
    spelled: dict[str, str] = {}
    counts: dict[str, int] = {}
    for number, (cell, weight) in enumerate(
        zip(found.values.to_pylist(), found.weights.tolist(), strict=True)
    ):
        key = fold(cell)
        if key in words:
            mapped[number] = words[key]
        elif key not in PLACEHOLDERS:
            spelled.setdefault(key, cell)
            counts[key] = counts.get(key, 0) + int(weight)
    values = pd.Series(found.spread(mapped), index=text.index, dtype=object)
    ranked = sorted(counts, key=lambda key: (-counts[key], key))
    return values, {spelled[key]: counts[key] for key in ranked}
