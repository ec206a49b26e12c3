"""The words of time texts in English, Hindi, German, French, Spanish, Portuguese and Italian, in lower case."""

from datetime import timedelta

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


PHRASES = {
    "il y a": "ago",
    "just now": "justnow",
    "right now": "justnow",
    "moments ago": "justnow",
    "a moment ago": "justnow",
    "gerade eben": "justnow",
    "soeben": "justnow",
    "à l'instant": "justnow",
    "a l'instant": "justnow",
    "ahora mismo": "justnow",
    "hace un momento": "justnow",
    "hace instantes": "justnow",
    "agora mesmo": "justnow",
    "poco fa": "justnow",
    "अभी अभी": "justnow",
    "अभी-अभी": "justnow",
    "day before yesterday": "vorgestern",
    "the day before yesterday": "vorgestern",
    "l'altro ieri": "vorgestern",
    "antes de ayer": "anteayer",
    "a couple of": "2",
    "a few": "few",
    "ein paar": "few",
    "a.m.": "am",
    "p.m.": "pm",
    "पूर्वाह्न": "am",
    "अपराह्न": "pm",
}
"""Several words, or an unusual spelling, that count as one word."""

AGO = _words("ago vor hace há ha atrás fa पहले पूर्व")
NOW = _words("justnow now jetzt maintenant ahora agora adesso ora अभी")

DAY_WORDS = {
    **dict.fromkeys(_words("today heute aujourd'hui hoy hoje oggi आज"), 0),
    **dict.fromkeys(_words("yesterday gestern hier ayer ontem ieri कल"), 1),
    **dict.fromkeys(_words("vorgestern avant-hier anteayer anteontem परसों"), 2),
}

_NUMBER_WORDS = {
    1: "a an one ein eine einer einem einen un une una uno um uma एक",
    2: "two couple zwei deux dos dois duas due दो",
    3: "three drei trois tres três tre तीन",
    4: "four vier quatre cuatro quatro quattro चार",
    5: "five fünf cinq cinco cinque पांच पाँच",
    6: "six sechs seis sei छह",
    7: "seven sieben sept siete sete sette सात",
    8: "eight acht huit ocho oito otto आठ",
    9: "nine neun neuf nueve nove नौ",
    10: "ten zehn dix diez dez dieci दस",
}
NUMBERS = {word: (number, number) for number, line in _NUMBER_WORDS.items() for word in line.split()} | dict.fromkeys(
    _words("few several wenigen einigen mehreren quelques unos unas algunos algunas alguns algumas कुछ"), (2, 10)
)
"""What a number word counts: at least and at most."""

_UNIT_WORDS = {
    (timedelta(seconds=1),)
    * 2: "s sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos secondo secondi seg सेकंड सेकेंड",
    (_MINUTE,) * 2: "m min mins minute minutes minuten minuto minutos minuti मिनट",
    (_HOUR,) * 2: "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore घंटा घंटे घंटों घण्टे घण्टा",
    (_DAY,) * 2: "d day days tag tage tagen jour jours día dia días dias giorno giorni j दिन दिनों",
    (7 * _DAY,) * 2: "w wk wks week weeks woche wochen semaine semaines semana semanas settimana settimane sem सप्ताह "
    "हफ्ते हफ़्ते हफ्ता",
    (28 * _DAY, 31 * _DAY): "mo mos month months monat monate monaten mois mes meses mês mese mesi महीने महीना माह",
    (365 * _DAY, 366 * _DAY): "y yr yrs year years jahr jahre jahren an ans année années año años ano anos anno anni "
    "साल वर्ष",
}
UNITS = {word: lengths for lengths, line in _UNIT_WORDS.items() for word in line.split()}
"""The shortest and the longest time that a unit can be."""

UNITS_ALONE = frozenset({"h", "hr", "hrs", "d"})
"""Units that mean an age without a word for "ago"; "5 min" is rather a reading time, "10 m" a length."""

FILLERS = _words("""
    updated update published posted last on at about over more than around almost nearly only the dated date
    veröffentlicht aktualisiert stand am circa ca etwa rund vom uhr seit den der
    publié mis jour modifié le les environ publiée
    publicado actualizado atualizado em el desde hora las del de às
    pubblicato aggiornato il alle circa dal
    प्रकाशित अपडेट को बजे लगभग करीब
    """)
"""Words around a time that say nothing about it."""

DATE_FILLERS = FILLERS | frozenset({"a", "um", "à", "as", "h", "th"})
"""The same in a date, where they cannot be numbers or units."""

WEEKDAYS = _words("""
    mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday sun sunday
    mo montag di dienstag mi mittwoch do donnerstag fr freitag sa samstag sonnabend so sonntag
    lun lundi mar mardi mer mercredi jeu jeudi ven vendredi sam samedi dim dimanche
    lunes martes mié mie miércoles jue jueves vie viernes sáb sab sábado dom domingo
    seg segunda segunda-feira ter terça terça-feira qua quarta quarta-feira qui quinta quinta-feira sex sexta
    sexta-feira lunedì martedì mercoledì gio giovedì venerdì sabato domenica
    सोमवार मंगलवार बुधवार गुरुवार गुरूवार शुक्रवार शनिवार रविवार
    """)

_MONTH_WORDS = (
    "jan january januar jänner janvier janv enero ene janeiro gennaio gen जनवरी",
    "feb february februar février févr fév febrero febbraio fevereiro fev फरवरी फ़रवरी",
    "mar march märz mär mrz mars marzo março मार्च",
    "apr april avril avr abril abr aprile अप्रैल",
    "may mai mayo maio mag maggio मई",
    "jun june juni juin junio junho giugno giu जून",
    "jul july juli juillet juil julio julho luglio lug जुलाई",
    "aug august août aout agosto ago अगस्त",
    "sep sept september septembre septiembre setiembre setembro set settembre सितंबर सितम्बर",
    "oct october okt oktober octobre octubre outubro out ottobre ott अक्टूबर अक्तूबर",
    "nov november novembre noviembre novembro नवंबर नवम्बर",
    "dec december dez dezember décembre déc diciembre dic dezembro dicembre दिसंबर दिसम्बर",
)
MONTHS = {word: number for number, line in enumerate(_MONTH_WORDS, 1) for word in line.split()}

_ZONE_HOURS = {
    0: "z utc gmt wet",
    1: "bst cet mez west wat",
    2: "cest mesz eet sast cat",
    3: "eest msk eat",
    4: "gst",
    5: "pkt",
    5.5: "ist",
    7: "wib ict",
    8: "sgt hkt pht awst",
    9: "jst kst",
    10: "aest",
    11: "aedt",
    12: "nzst",
    13: "nzdt",
    -3: "brt",
    -4: "edt ast",
    -5: "est cdt",
    -6: "cst mdt",
    -7: "mst pdt",
    -8: "pst",
}
ZONES = {word: timedelta(hours=hours) for hours, line in _ZONE_HOURS.items() for word in line.split()}
"""Hours east of UTC. Of the names that several countries use, the one that news sites use most (IST is India)."""
