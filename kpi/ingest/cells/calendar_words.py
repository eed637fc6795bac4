"""Words inside dates: months and weekdays of ten languages, halves of the day, zones."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kpi.ingest.cells.wordlists import listed

_MONTHS = (
    "january jan januar jänner jaenner jän januari janvier janv enero ene gennaio gen janeiro styczeń "
    "stycznia sty",
    "february feb februar februari février fevrier févr fevr fév fev febrero febbraio fevereiro luty lutego "
    "lut",
    "march mar märz maerz mär mrz maart mrt mars marzo março marco marzec marca",
    "april apr avril avr abril abr aprile kwiecień kwietnia kwi",
    "may mai mei mayo maggio mag maio maj maja",
    "june jun juni juin junio giugno giu junho czerwiec czerwca cze",
    "july jul juli juillet juil julio luglio lug julho lipiec lipca lip",
    "august aug augustus août aout aoû agosto ago sierpień sierpnia sie",
    "september sep sept septembre septiembre setiembre settembre set setembro wrzesień września wrz",
    "october oct oktober okt octobre octubre ottobre ott outubro out październik października paź paz",
    "november nov novembre noviembre novembro listopad listopada lis",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro grudzień grudnia gru",
)
MONTHS: Mapping[str, int] = MappingProxyType(
    {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
)
"""Month words in lower case, full and short, to 1-12."""

ENGLISH_MONTHS: frozenset[str] = frozenset(
    listed(
        "january february march april may june july august september october november december "
        "jan feb mar apr jun jul aug sep sept oct nov dec"
    )
)

WEEKDAYS: frozenset[str] = frozenset(
    listed(
        "monday tuesday wednesday thursday friday saturday sunday "
        "mon tue tues wed thu thur thurs fri sat sun "
        "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so "
        "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim "
        "lunes martes miércoles miercoles jueves viernes sábado sabado domingo mié mie jue vie sáb sab dom "
        "lunedì martedì mercoledì giovedì venerdì domenica gio "
        "segunda terça quarta quinta sexta seg ter qua qui sex feira "
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo "
        "poniedziałek wtorek środa czwartek piątek sobota niedziela pon wt śr czw pt sob nd"
    )
)

HALVES: Mapping[str, int] = MappingProxyType({"am": 0, "pm": 12, "a": 0, "p": 12})
"""Halves of the day: hours to add."""

FILLERS: frozenset[str] = frozenset(
    listed("de del of at um uhr à a las o'clock the st nd rd th den le el il alle om dnia")
)

ZONES: Mapping[str, int] = MappingProxyType(
    {
        word: round(hours * 3600)
        for words, hours in (
            ("z utc gmt wet uct zulu", 0),
            ("bst west cet mez wat", 1),
            ("cest mesz eet sast", 2),
            ("eest msk", 3),
            ("jst kst", 9),
            ("aest", 10),
            ("aedt", 11),
            ("nzst", 12),
            ("nzdt", 13),
            ("adt", -3),
            ("edt", -4),
            ("est cdt", -5),
            ("mdt", -6),
            ("mst pdt", -7),
            ("pst akdt", -8),
            ("akst", -9),
            ("hst", -10),
        )
        for word in words.split()
    }
)
"""Zone words with one usual meaning, as seconds east of UTC."""

UNCLEAR_ZONES: frozenset[str] = frozenset({"cst", "ist", "ast", "sst", "pt", "et", "ct", "mt"})
"""Zone words that stand for several zones: the cell is read as local time of the zone that is asked."""
