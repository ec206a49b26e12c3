"""The words of time texts in English, Hindi, German, French, Spanish, Portuguese and Italian, in lower case."""

import re
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
    "just in": "justnow",
    "moments ago": "justnow",
    "a few seconds ago": "justnow",
    "less than a minute ago": "justnow",
    "vor wenigen sekunden": "justnow",
    "il y a quelques secondes": "justnow",
    "hace unos segundos": "justnow",
    "hace menos de un minuto": "justnow",
    "há poucos segundos": "justnow",
    "pochi secondi fa": "justnow",
    "proprio ora": "justnow",
    "half an hour": "halfhour minutes",
    "einer halben stunde": "halfhour minutes",
    "une demi-heure": "halfhour minutes",
    "media hora": "halfhour minutes",
    "meia hora": "halfhour minutes",
    "mezz'ora": "halfhour minutes",
    "आधा घंटा": "halfhour minutes",
    "आधे घंटे": "halfhour minutes",
    "mis à jour": "updated",
    "mise à jour": "updated",
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
    "an hour and a half": "hourandhalf minutes",
    "eineinhalb stunden": "hourandhalf minutes",
    "anderthalb stunden": "hourandhalf minutes",
    "une heure et demie": "hourandhalf minutes",
    "one hour and a half": "hourandhalf minutes",
    "una hora y media": "hourandhalf minutes",
    "hora y media": "hourandhalf minutes",
    "un'ora e mezza": "hourandhalf minutes",
    "un'ora e mezzo": "hourandhalf minutes",
    "uma hora e meia": "hourandhalf minutes",
    "डेढ़ घंटे": "hourandhalf minutes",
    "less than an hour": "under hour",
    "weniger als einer stunde": "under hour",
    "moins d'une heure": "under heure",
    "menos de una hora": "under hora",
    "menos de uma hora": "under hora",
    "meno di un'ora": "under ora",
    "un'ora": "1 ora",
    "plus d'un": "1",
    "plus d'une": "1",
    "más de": "over",
    "più di": "over",
    "p. m.": "pm",
    "a. m.": "am",
    "i går": "igår",
    "i dag": "idag",
    "hari ini": "today",
    "przed chwilą": "justnow",
    "только что": "justnow",
    "az önce": "justnow",
    "baru saja": "justnow",
    "a few": "few",
    "ein paar": "few",
    "a.m.": "am",
    "p.m.": "pm",
    "पूर्वाह्न": "am",
    "अपराह्न": "pm",
}
"""Several words, or an unusual spelling, that count as one word."""

UNSPACED = {
    "秒前": " s ago", "分前": " min ago", "分钟前": " min ago", "分鐘前": " min ago", "時間前": " h ago",
    "小时前": " h ago", "小時前": " h ago", "日前": " d ago", "天前": " d ago", "週間前": " w ago", "周前": " w ago",
    "분 전": " min ago", "시간 전": " h ago", "일 전": " d ago",
}  # fmt: skip
"""Ages of languages that set no space between number and unit."""

WHOLE_LINES = {"seconds ago": "justnow", "secs ago": "justnow"}
"""The same where nothing else stands on the line."""

AGO = _words(
    "ago vor seit hace há ha atrás fa पहले पूर्व geleden sedan siden temu назад тому önce evvel lalu منذ قبل trước"
)
AND = _words("and und et y e और")
"""What may stand between two pairs of number and unit."""
PART_OF_DAY = re.compile(r"(सुबह|दोपहर|शाम|रात)\s(\d{1,2})([:.]\d{2})?(?:\sबजे)?")
NOW = _words("justnow now jetzt maintenant ahora agora adesso ora अभी zojuist nyss nettopp teraz сейчас şimdi")

DAY_WORDS = {
    **dict.fromkeys(
        _words(
            "today heute aujourd'hui hoy hoje oggi आज vandaag idag idag dzisiaj dziś сегодня сьогодні bugün 今日 今天"
        ),
        0,
    ),
    **dict.fromkeys(
        _words("yesterday gestern hier ayer ontem ieri कल gisteren igår wczoraj вчера вчора dün kemarin 昨日 昨天"), 1
    ),
    **dict.fromkeys(_words("vorgestern avant-hier anteayer anteontem परसों eergisteren позавчера 前天"), 2),
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
    11: "eleven elf onze once undici ग्यारह",
    12: "twelve zwölf douze doce doze dodici बारह",
    15: "fifteen fünfzehn quinze quince quindici पंद्रह",
    20: "twenty zwanzig vingt veinte vinte venti बीस",
    30: "thirty dreißig trente treinta trinta trenta तीस",
    40: "forty vierzig quarante cuarenta quarenta quaranta चालीस",
    45: "forty-five fünfundvierzig quarante-cinq quarantacinque पैंतालीस",
    50: "fifty fünfzig cinquante cincuenta cinquenta cinquanta पचास",
}
NUMBERS = {word: (number, number) for number, line in _NUMBER_WORDS.items() for word in line.split()} | dict.fromkeys(
    _words(
        "few several wenigen einigen mehreren wenige einige mehrere quelques unos unas pocos pocas algunos algunas "
        "alguns algumas poucos poucas pochi poche qualche alcuni alcune कुछ"
    ),
    (2, 10),
)
NUMBERS |= {"halfhour": (20, 44), "hourandhalf": (75, 104), "under": (0, 0)}
"""What a number word counts: at least and at most."""

_UNIT_WORDS = {
    (timedelta(seconds=1),)
    * 2: "s sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos secondo secondi seg सेकंड सेकेंड "
    "sekunder sekund sekundy seconden секунд saniye detik",
    (_MINUTE,) * 2: "m min mins mn minute minutes minuten minuto minutos minuti मिनट "
    "minuut minuten minuter minutter minut minuty минут минуты мин dakika dk menit دقيقة دقائق phút 分",
    (_HOUR,) * 2: "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore घंटा घंटे घंटों घण्टे घण्टा "
    "uur uren u timme timmar tim time timer t godzin godziny godzinę godz час часа часов ч saat sa jam ساعة ساعات giờ",
    (_DAY,) * 2: "d day days tag tage tagen jour jours día dia días dias giorno giorni j दिन दिनों "
    "dag dagen dagar dager dage døgn dzień dni день дня дней gün hari يوم أيام ngày",
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
    publié modifié le les environ publiée
    publicado actualizado atualizado em el desde las del de às
    pubblicato aggiornato il alle circa dal
    प्रकाशित अपडेट अपडेटेड को बजे लगभग करीब
    über knapp presque cerca quasi quase mais de mehr als för for oltre पब्लिश्ड
    """)
"""Words around a time that say nothing about it."""

DATE_FILLERS = FILLERS | frozenset({"a", "um", "à", "as", "h", "hs", "th", "hora", "ore", "et", "ct", "pt"})
"""The same in a date, where they cannot be numbers or units."""

LAST = _words(
    "last letzten letzter letzte letztes dernier dernière pasado pasada passado passada scorso scorsa पिछले पिछला"
)
ARTICLES = _words("the la le el il lo a o l' de del em en")
LAST_UNITS = (
    dict.fromkeys(_words("week woche semaine semana settimana सप्ताह हफ्ते"), "week")
    | dict.fromkeys(_words("month monat mois mes mês mese महीने"), "month")
    | dict.fromkeys(_words("year jahr an année año ano anno साल वर्ष"), "year")
)
"""Units of the calendar that "last" goes with."""
TODAY_PHRASES = frozenset(
    {
        "earlier today",
        "this morning",
        "this afternoon",
        "this evening",
        "tonight",
        "heute früh",
        "heute morgen",
        "ce matin",
        "cet après-midi",
        "ce soir",
        "esta mañana",
        "esta tarde",
        "esta noche",
        "esta manhã",
        "esta noite",
        "stamattina",
        "stasera",
        "questa mattina",
        "आज सुबह",
        "आज शाम",
    }
)
"""Parts of the day of the fetch, without fillers."""
