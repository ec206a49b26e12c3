"""What moves on a page while its article stays, told by its words: counters, tickers, consent, portraits of authors."""

import re
from typing import Final

_COUNT: Final = r"\d[\d.,'  ]*(?:\s?(?:k|m|mn|mio\.?|tsd\.?|mil|lakh|crore|हज़ार|हजार|लाख))?\+?"
_COUNTED: Final = (
    r"(?:shares?|comments?|reads?|views?|likes?|reactions?|votes?|downloads?|retweets?|tweets?|repl(?:y|ies)|followers?"
    r"|listens?|plays?|readers?|claps?|bookmarks?|saves?|kommentare?|mal geteilt|mal gelesen|geteilt|aufrufe?|leser"
    r"|reaktionen|partages?|commentaires?|vues?|lectures?|j'aime|compartidos?|comentarios?|lecturas?|vistas?|visitas?"
    r"|me gusta|compartilhamentos?|comentários?|leituras?|visualizações|curtidas?|condivisioni|commenti|letture"
    r"|visualizzazioni|mi piace|शेयर|कमेंट|टिप्पणियां|टिप्पणियाँ|व्यूज|लाइक)"
)
_SIGNED: Final = r"[+\-−–▲▼↑↓]\s?\d[\d.,]*"
_COUNTER: Final = rf"(?:{_COUNT}\s?{_COUNTED}|{_COUNTED}\s?[:(]?\s?{_COUNT}\)?)"
_NUMBERS = re.compile(
    r"(?:"
    # shares, comments and reads
    rf"{_COUNTER}(?:\s?[|•·,/–-]?\s?{_COUNTER}){{0,4}}"
    r"|\d[\d.,]* (?:people|users|readers|others) (?:are |have )?(?:reading|watching|viewing|read|shared|liked)"
    r"(?: (?:this|it|now|right now)\b.{0,25})?"
    # quotes: a name, a price, a change in per cent
    rf"|[^\W\d][\w&./'’ -]{{0,28}}?\s?[:|]?\s?[$€£₹¥]?\s?\d[\d.,]*\s?(?:{_SIGNED}\s?[|/]?\s?)?"
    rf"\(?\s?{_SIGNED}\s?%\s?\)?"
    # matches: two sides, goals, and the minute or the end of the match
    r"|(?:live:?\s|ft:?\s|ht:?\s)?[^\W\d][\w.'’& -]{1,28}?\s\d{1,3}\s?[-–:]\s?\d{1,3}\s[^\W\d][\w.'’& -]{1,28}?"
    r"\s?(?:\(\s?)?(?:\d{1,3}(?:\+\d{1,2})?\s?['’′]|ft|ht|aet|full[ -]time|half[ -]time|live|final)\s?\)?"
    # weather: a place, a temperature
    r"|[^\W\d][\w.'’ -]{1,24}:?\s[-−–]?\d{1,3}\s?°\s?[cf]?(?:[\s,|/].{0,29}[^.!?…])?"
    r")",
)
_WORDS = re.compile(
    r"live scores?|scoreboard|(?:stock |live )?(?:market|stock)s? (?:data|watch|snapshot|ticker)|live ticker"
    r"|be the first to comment.{0,20}"
    # sponsors, and no sentence
    r"|(?:(?:presented|powered|sponsored|supported|brought to you) by|in (?:association|partnership) with"
    r"|(?:präsentiert|gesponsert) von|présenté par|presentado por|offerto da) [^,;:!?]{1,39}[^.,;:!?…]"
    # answers to consent
    r"|(?:accept|allow|agree to|reject|decline|refuse) (?:all|cookies|all cookies)|(?:manage|cookie) (?:preferences"
    r"|options|settings|choices|cookies)|(?:i )?(?:accept|agree)|alle (?:akzeptieren|ablehnen|cookies akzeptieren)"
    r"|(?:tout )?(?:accepter|refuser)(?: tout)?|(?:aceptar|rechazar) todo|(?:aceitar|rejeitar) (?:tudo|todos)"
    r"|(?:accetta|rifiuta) tutt[oi]"
)
_DIGIT = re.compile(r"\d")
_LONGEST_LINE: Final = 120  # characters
_MANY: Final = r"(?:\d[\d.,]* )?"
_WE = re.compile(
    rf"\b(?:we,? (?:and|value|use|store|care|process)|our {_MANY}(?:partners|vendors)|this (?:web ?)?site uses"
    rf"|by (?:clicking|continuing|using)|wir (?:und|verwenden|nutzen)|unsere {_MANY}partner"
    rf"|diese (?:web)?(?:site|seite) (?:verwendet|nutzt)|nous (?:et|utilisons)|nos {_MANY}partenaires"
    rf"|ce site utilise|nosotros y|nuestros {_MANY}socios|utilizamos cookies|este (?:sitio|site) (?:usa|utiliza)"
    rf"|nossos {_MANY}parceiros|usamos cookies|noi e|nostri {_MANY}partner|questo sito (?:usa|utilizza)|utilizziamo)\b"
)
_CONSENT_WORDS: Final = (
    "cookie", "consent", "personalis", "personaliz", "advertis", "privacy", "device", "identifier", "choices",
    "einwillig", "datenschutz", "geräte", "werbung", "consentement", "confidentialité", "appareil", "publicité",
    "consentimiento", "privacidad", "dispositivo", "publicidad", "consentimento", "privacidade", "publicidade",
    "consenso", "pubblicità", "कुकी",
)  # fmt: skip
_FEWEST_WORDS: Final = 3  # of those that consent is asked with
_LONGEST_CONSENT: Final = 1200  # characters
_LETTERS: Final = ("newsletter", "inbox", "e-mail", "email", "posteingang", "boletín", "boletim", "infolettre")
_TOLD = re.compile(r"\b(?:said|says|wrote|sagte|sagt|schrieb|a déclaré|a écrit|dijo|escribió|disse|ha detto)\b")
"""What a story has where it tells of consent or newsletters, and what asks for consent or offers one has not."""

_BEGUN: Final = r"(?:^|[.!?:–—•|]\s|\bplease\s|\byou can\s|\byou may\s)\W{0,3}"
_NAMED: Final = r"the (?:[\w’'&-]+ ){0,6}?(?:newsletter|e-?mail|briefing|digest|brief|alert)s?\b"
_OFFER = re.compile(
    rf"\b(?:sign up (?:for|to)|subscribe to|get) our\b|{_BEGUN}(?:sign up (?:for|to)|subscribe to) {_NAMED}"
    rf"|{_BEGUN}join (?:over |more than )?\d[\d.,]*k?\+? |\bdelivered (?:[\w-]+ ){{0,3}}to your?\b"
    r"|\b(?:you can unsubscribe|unsubscribe at any|abonnieren sie|jetzt abonnieren|melden sie sich .{0,40}an\b"
    r"|inscrivez-vous|abonnez-vous|recevez (?:notre|nos)|suscríbete|suscríbase|recibe (?:nuestro|en tu)"
    r"|assine (?:nossa|a)|receba (?:nossa|no seu)|iscriviti (?:alla|al)|ricevi (?:la|ogni))"
)
_REPORTS: Final = re.compile(
    r"(?:has (?:been )?(?:cover|writ|report|work)\w*|(?:covers|writes|reports|edits|schreibt|berichtet)\b"
    r"|is (?:a|an|the|our|\w+['’]s)\b.{0,60}?"
    r"\b(?:reporter|journalist|editor|writer|correspondent|columnist|contributor|producer|blogger|freelancer)"
    r"|ist .{0,60}?(?:redakteur|reporter|journalist|autor|korrespondent|volontär)"
    r"|est .{0,40}?(?:journaliste|rédact|reporter|correspondant)"
    r"|es .{0,40}?(?:periodista|redactor|reporter|corresponsal)"
    r"|é .{0,40}?(?:jornalista|repórter|redator|giornalista|redattor|corrispondente))"
)


def is_moving(text: str) -> bool:
    """Whether a short line in lower case is a counter, a quote, a score, a temperature or an answer to consent."""
    if len(text) > _LONGEST_LINE:
        return False
    if _WORDS.fullmatch(text):
        return True
    return _DIGIT.search(text) is not None and _NUMBERS.fullmatch(text) is not None


def is_consent(line: str) -> bool:
    """Whether a paragraph in lower case asks for consent in the site's own name."""
    if len(line) > _LONGEST_CONSENT or sum(map(line.__contains__, _CONSENT_WORDS)) < _FEWEST_WORDS:
        return False
    return _WE.search(line) is not None and _TOLD.search(line) is None


def is_newsletter(line: str) -> bool:
    """Whether a paragraph in lower case offers the site's newsletter to its reader."""
    if not any(map(line.__contains__, _LETTERS)):
        return False
    return _OFFER.search(line) is not None and _TOLD.search(line) is None


def is_portrait(name: str, text: str) -> bool:
    """Whether a text goes on behind a name as portraits of reporters do."""
    if not text.startswith(name) or not all(word[0].isupper() for word in name.split() if len(word) > 3):
        return False
    return _REPORTS.match(text[len(name) :].lstrip(" ,").lower()) is not None
