"""The weekdays, months and zones of time texts, in lower case; the months also in languages of other news."""

from datetime import timedelta

_WEEKDAY_WORDS = (
    "mon monday mo montag lun lundi lunes seg segunda segunda-feira lunedì सोमवार",
    "tue tues tuesday di dienstag mardi martes ter terça terça-feira martedì मंगलवार",
    "wed weds wednesday mi mittwoch mer mercredi mié mie miércoles qua quarta quarta-feira mercoledì बुधवार",
    "thu thur thurs thursday do donnerstag jeu jeudi jue jueves qui quinta quinta-feira gio giovedì गुरुवार गुरूवार",
    "fri friday fr freitag ven vendredi vie viernes sex sexta sexta-feira venerdì शुक्रवार",
    "sat saturday sa samstag sonnabend sam samedi sáb sab sábado sabato शनिवार",
    "sun sunday so sonntag dim dimanche dom domingo domenica रविवार",
)
WEEKDAY_NUMBERS = {word: number for number, line in enumerate(_WEEKDAY_WORDS) for word in line.split()}
WEEKDAYS = frozenset(WEEKDAY_NUMBERS) | {"mar"}
""""mar" is Tuesday in French, Spanish and Italian, and March in most languages."""

_MONTH_WORDS = (
    "jan january januar jänner janvier janv enero ene janeiro gennaio gen जनवरी "
    "januari ocak stycznia января січня ianuarie ledna tammikuuta जन",
    "feb february februar février févr fév febrero febbraio fevereiro fev फरवरी फ़रवरी "
    "februari şubat lutego февраля лютого februarie února helmikuuta फर",
    "mar march märz mär mrz mars marzo março मार्च maart mart marca марта березня martie března maaliskuuta maret",
    "apr april avril avr abril abr aprile अप्रैल nisan kwietnia апреля квітня aprilie dubna huhtikuuta अप्रै",
    "may mai mayo maio mag maggio मई mei maj mayıs maja мая травня května toukokuuta",
    "jun june juni juin junio junho giugno giu जून haziran czerwca июня червня iunie června kesäkuuta",
    "jul july juli juillet juil julio julho luglio lug जुलाई temmuz lipca июля липня iulie července heinäkuuta जुल",
    "aug august août aout agosto ago अगस्त augustus augusti ağustos sierpnia августа серпня srpna elokuuta agustus अग",
    "sep sept september septembre septiembre setiembre setembro set settembre सितंबर सितम्बर "
    "eylül września сентября вересня septembrie září syyskuuta सित",
    "oct october okt oktober octobre octubre outubro out ottobre ott अक्टूबर अक्तूबर "
    "ekim października октября жовтня octombrie října lokakuuta अक्टू अक्तू",
    "nov november novembre noviembre novembro नवंबर नवम्बर "
    "kasım listopada ноября листопада noiembrie listopadu marraskuuta नव",
    "dec december dez dezember décembre déc diciembre dic dezembro dicembre दिसंबर दिसम्बर "
    "aralık grudnia декабря грудня decembrie prosince joulukuuta desember des दिस",
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
