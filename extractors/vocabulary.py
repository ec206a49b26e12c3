"""The words of headings over lists, and of lines that are no article text. Tables first; the functions only look up."""

import re
from typing import Final

from extractors.article import ListKind
from extractors.moving import is_moving

_HEADINGS: Final[tuple[tuple[ListKind, str], ...]] = (
    (
        "most-read",
        r"(?:most|top)[ -](?:read|viewed|popular|shared|commented)"
        r"|popular(?: (?:posts?|stories|articles|news|now))?|trending.*|meistgelesen.*|meist gelesen.*"
        r"|(?:les )?plus lus.*|lo más (?:leído|visto).*|más (?:leídas|leídos|leído|vistas).*"
        r"|mais (?:lidas|lidos|vistas).*|(?:i )?più letti.*|le più lette.*|najczęściej czytane|meest gelezen"
        r"|mest läst.*|सबसे ज्यादा पढ़.*|ट्रेंडिंग.*",
    ),
    (
        "top",
        r"top (?:headlines?|stories|story|news|picks?|videos)|headlines?|editors?['’]?s? picks?"
        r"|featured(?: (?:stories|posts|news))?|schlagzeilen|top[ -]?themen|top[ -]?(?:meldungen|nachrichten)"
        r"|à la une|la une|destaques?|portada|in primo piano|बड़ी ख़?ख?बरें|मुख्य समाचार|टॉप न्यूज़?",
    ),
    (
        "recent",
        r"(?:recent|latest|new|newest|just in|breaking)(?: (?:posts?|articles?|news|stories|headlines|updates"
        r"|from .{1,40}|videos))?"
        r"|(?:neueste|aktuelle|letzte) (?:artikel|beiträge|nachrichten|meldungen|news)|das neueste|aktuelles"
        r"|(?:derniers?|dernières) (?:articles?|actualités?|actus?|infos?|nouvelles)|(?:les )?dernières .{1,30}"
        r"|récents?|(?:últimas?|últimos?) (?:noticias?|notícias?|artículos?|artigos?|posts?|entradas?|horas?)"
        r"|(?:posts?|artigos) recentes|entradas recientes|ultim[eio] (?:notizie|articoli|ore?)|articoli recenti"
        r"|ostatnie wpisy|najnowsze.*|laatste (?:nieuws|berichten)|senaste.*|ताज़?ा (?:ख़?बरें|समाचार)|ताजा खबरें",
    ),
    (
        "more-from",
        r"more (?:from|by|in|on|about|stories|news|articles|headlines|posts|like this|coverage|to read"
        r"|to explore)\b.{0,50}"
        r"|further reading|also (?:by|in|from|on)\b.{0,40}|other (?:news|stories|articles|posts)"
        r"|mehr (?:von|aus|zum|zu|artikel|nachrichten)\b.{0,40}|weitere .{1,40}|plus de .{1,30}"
        r"|más (?:de|en|noticias|sobre)\b.{0,30}|mais (?:de|em|notícias|sobre)\b.{0,30}"
        r"|altr[ei] (?:notizie|articoli|news)|और (?:पढ़ें|खबरें).*",
    ),
    (
        "related",
        r"related(?: (?:articles?|stories|story|posts?|news|content|topics?|coverage|links|reading|videos"
        r"|tags))?.{0,15}"
        r"|(?:read|see|watch|check) (?:more|next|also|this)(?: (?:on|about|from)\b.{0,40})?|also read|more to read"
        r"|keep reading|read on"
        r"|you (?:may|might|could|will|['’]ll)(?: also)? (?:like|be interested in|enjoy|love|have missed"
        r"|want to read).{0,20}"
        r"|you['’]ll also like"
        r"|(?:recommended|suggested|selected|picked)(?: (?:for you|stories|articles|reading|posts|news|videos))?"
        r"|recommendations|what to read next.*|up next|next up|don['’]t miss.{0,20}|mehr zum thema|auch interessant"
        r"|lesen sie auch.*|das könnte (?:sie|dich).*|zum thema|ähnliche artikel|passend zum thema|empfehlungen"
        r"|empfohlen.*|(?:à|a) lire (?:aussi|également).*|lire aussi.*|sur le même (?:sujet|thème).*"
        r"|articles (?:liés|similaires|connexes)|voir aussi|à découvrir.*|notre sélection"
        r"|(?:noticias|artículos|notas|contenidos?|temas) relacionad[ao]s?|relacionad[ao]s|te puede interesar.*"
        r"|le puede interesar.*|también te puede.*|leer también|lea también.*|lee también.*"
        r"|(?:notícias|artigos|matérias|posts) relacionad[ao]s|leia (?:também|mais).*|veja também.*|saiba mais"
        r"|você pode gostar.*|leggi anche.*|potrebbe interessarti.*|(?:articoli|notizie) (?:correlat[ie]|simili)"
        r"|ti potrebbe.*|guarda anche|czytaj (?:też|także|również|więcej).*|zobacz (?:też|także|również).*"
        r"|lees ook.*|läs (?:mer|också|även).*|les også.*|læs også.*|संबंधित (?:ख़?बरें|समाचार|खबरें)|यह भी पढ़ें.*"
        r"|ये भी पढ़ें.*|इसे भी पढ़ें.*",
    ),
)
_KINDS: Final = tuple(kind for kind, _ in _HEADINGS)
_KIND = re.compile(rf"(?:{'|'.join(f'({pattern})' for _, pattern in _HEADINGS)})\W*")

_STOP = re.compile(
    r"(?:"
    r"(?:\d+ )?(?:comments?|kommentare?|commentaires?|comentários?|comentarios?|commenti|टिप्पणियां?)(?: ?\(\d+\))?"
    r"|leave a (?:reply|comment).*|(?:join|start) the (?:conversation|discussion).*|post a comment"
    r"|about the authors?|über (?:den|die) autor.*|à propos de l['’]auteur.*|sobre (?:el|o|la) aut[oh].*"
    r"|share this.*|filed under.*|our journalism.*|editor['’]?s? note on .*|schreiben sie einen kommentar.*"
    r"|laisser un commentaire.*|deja un comentario.*|deixe (?:um|seu) comentário.*"
    r")\W*"
)
_JUNK = re.compile(
    r"(?:"
    r"share(?: (?:this|on|via|article|the|with).*)?|tweet|pin(?: it)?|e-?mail|print|facebook|twitter|x|whatsapp"
    r"|linkedin|reddit|telegram|copy (?:link|url).*|link copied.*|save(?: for later)?|saved|like|bookmark"
    r"|follow(?: us)?.{0,40}|add .{1,40} on google.*|advertisements?.{0,40}|ad|anzeige|werbung|publicité|publicidad"
    r"|publicidade|pubblicità|reklama|विज्ञापन|sponsored.{0,20}|remaining time.*"
    r"|(?:photo|image|picture|foto|bild|file photo|crédit|credits?|imagen|fotografía|video|source"
    r"|quelle)(?:graph)?(?: credits?| by|:|s:| courtesy|/).{0,150}"
    r"|getty images.{0,60}|©.*|copyright .*|\(c\) .*|all rights reserved.*"
    r"|\d+ minuten lesezeit|lesezeit:?.{0,20}|reading time.{0,20}|lecture .{0,12}min.{0,5}"
    r"|(?:first )?(?:posted|published|created|publicado|publicada|publié|pubblicato|veröffentlicht|erstellt"
    r"|stand|प्रकाशित)(?: (?:on|in|by|at|el|em|le|il|am)\b|:).{0,90}"
    r"|(?:last )?(?:updated|modified|actualizado|atualizado|aktualisiert|mis à jour|aggiornato|mise à jour"
    r"|अपडेटेड|अपडेट)(?: (?:on|at|el|em|le|il|am|à)\b|:).{0,80}"
    r"|(?:sign up|subscribe(?! to the (?:view|idea|notion|theory|belief)\b)|register|sign in|log ?in|abonn"
    r"|jetzt abonnieren|newsletter|inscrivez|suscríbete"
    r"|assine|iscriviti)\b.{0,130}"
    r"|(?:click|tap) here .{0,80}|hier klicken.{0,60}"
    r"|(?:read|see|watch|view) (?:more|also|next|full story|the full .{1,40})\b ?:?.{0,140}"
    r"|(?:also|must|to) read\s*[:|-].{0,160}"
    r"|(?:related|see also|read|more|watch|listen|don['’]t miss|in pictures)\s?:.{0,160}"
    r"|lesen sie (?:auch|hier|mehr).{0,160}|mehr (?:zum thema|dazu|lesen).{0,120}|lire aussi.{0,160}"
    r"|à lire (?:aussi|également).{0,160}"
    r"|(?:lea|lee|leer|leia|leggi|veja|czytaj|zobacz|lees|läs|les|læs) (?:también|mais|también|anche|também|też"
    r"|także|również|więcej|ook|mer|också|även|også)\b.{0,160}"
    r"|(?:यह|ये|इसे) भी पढ़ें.{0,160}"
    r"|(?:tags?|topics?|categor(?:y|ies)|filed under|themen|schlagworte|mots-clés|etiquetas|temas|tópicos"
    r"|टैग्स?)\s*:.{0,200}"
    r"|skip (?:to|ad|past).*|continue reading.{0,60}|story continues.*|article continues.*|this article continues.*"
    r"|show (?:more|less|comments|all).{0,30}|view (?:more|comments|gallery|all|image).{0,40}"
    r"|load(?:ing)?(?: more)?.{0,20}|back to top|nach oben|to top|play(?: video)?"
    r"|listen(?: to (?:this )?(?:article|story))?.{0,20}|watch(?: now| live)?|live|image|video|photos?|caption"
    r"|gallery|hide caption|toggle caption|enlarge(?: this)? image|zum thema"
    r"|join (?:us|our|the) .{0,40}(?:whatsapp|telegram|channel|group).{0,60}"
    r"|(?:download|get) (?:the|our) .{0,40}\bapp\b.{0,60}|give (?:a )?gift.{0,20}|gift (?:this )?article.{0,20}"
    r"|report (?:an? )?(?:error|typo|correction).{0,40}|have (?:a|any) (?:tip|question|correction).{0,80}"
    r"|correct(?:ion)?s? policy|your (?:browser|email).{0,120}|javascript.{0,80}|text ?size.{0,20}|font size.{0,20}"
    r"|a ?[-+] ?a.{0,6}|(?:written|edited|reported|reviewed|reporting|editing|writing|curated) by:? .{2,120}"
    r"|by [a-z][\w.'’-]+(?: [a-z][\w.'’-]+){1,3}(?:,.{0,60})?|\d+ comments?|\d+ shares?|\d+ views?|[\W\d_]+"
    r")",
    re.DOTALL,
)
_JUNK_INSIDE: Final = (
    ("newsletter", re.compile(r".{0,80}\bnewsletter\b.{0,40}", re.DOTALL)),
    ("all rights reserved", re.compile(r".{0,60}\ball rights reserved\.?", re.DOTALL)),
    ("whatsapp ", re.compile(r".{0,60}whatsapp (?:channel|group|चैनल|ग्रुप).{0,60}", re.DOTALL)),
    ("telegram ", re.compile(r".{0,60}telegram (?:channel|group|चैनल|ग्रुप).{0,60}", re.DOTALL)),
    (
        "min",
        re.compile(
            r".{0,20}\d+ ?-?min(?:ute)?s?\.? (?:read|de lecture|de lectura|de leitura|di lettura).{0,10}", re.DOTALL
        ),
    ),
)
"""Furniture known by a word that need not come first, with the word: a look for it costs far less than the pattern."""


def heading_kind(text: str) -> ListKind | None:
    """What a heading over a list of other stories promises, or None if it is no such heading."""
    found = _KIND.fullmatch(text.lower()) if len(text) <= 80 else None
    return _KINDS[found.lastindex - 1] if found and found.lastindex else None


def is_stop(text: str) -> bool:
    """Whether a short line opens what follows an article: comments, the author's portrait, sharing."""
    return len(text) <= 80 and _STOP.fullmatch(text.lower()) is not None


def is_junk(line: str) -> bool:
    """Whether a line in lower case is furniture by its words alone: share, credit, newsletter, date, read more."""
    if len(line) > 240:
        return False
    if _JUNK.fullmatch(line):
        return True
    for word, pattern in _JUNK_INSIDE:  # no generator: this runs for most lines of a page
        if word in line and pattern.fullmatch(line):
            return True
    return is_moving(line)
