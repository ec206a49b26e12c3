"""Soft blocks: pages that answer 200 and stand in for the article: consent walls, captchas, log-in forms, home pages,
notices that a page is not shown in a region.

Told from an article by what such pages have and articles have not. A page with a text of its own is a block only where
its title says little else or that text itself asks for consent, so that a story about captchas or cookies stays one.
"""

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from extractors.page import Page
from extractors.regionwall import is_bare_region_wall, is_region_wall

_LONGEST: Final = 120
"""Words of text up to which a page can be a block by its title, its forms or its scripts."""

_LONGEST_CONSENT: Final = 800
"""Words up to which a text can be that of a consent wall; a whole list of purposes and partners is not longer."""

_LONGEST_CHALLENGE: Final = 300
"""Words of a page, its menus included, up to which a script against robots can be all that it is there for."""

_MOST_BESIDE: Final = 3
"""Words beside those that tell a block in its title, where the page has a text; headlines have more."""

_MOST_BESIDE_LOGIN: Final = 4
"""Likewise for what a reader is asked to log in for ("... to continue reading it")."""

_HEAD: Final = 60_000  # bytes that are looked at: such pages are small, or say what they are early
_SCANNED: Final = 400_000  # bytes of a page without an article whose text is looked at

_CHALLENGE: Final = re.compile(
    rb"cf-browser-verification|cf_chl_opt|cdn-cgi/challenge-platform|challenge-form|_Incapsula_Resource|"
    rb"px-captcha|perimeterx|datadome|ddos-guard|awswaf|g-recaptcha|h-captcha|hcaptcha\.com|cf-turnstile|"
    rb"geo\.captcha-delivery",
    re.IGNORECASE,
)
_CHALLENGE_TITLE: Final = re.compile(
    r"just a moment|attention required|are you (?:a )?(?:robot|human)|human verification|security check|"
    r"access denied|pardon our interruption|bot (?:detection|verification)|request blocked|ddos protection|"
    r"verif\w+ (?:that )?you(?:'re| are) (?:a )?human|unusual traffic|"
    r"(?:\bun instant|nur einen moment)\W*(?:$|[|–—-]|s['’]il|veuillez|bitte)|einen moment bitte",
    re.IGNORECASE,
)
_CONSENT_URL: Final = re.compile(
    r"^https?://(?:consent|guce|cmp|privacy-gate|myprivacy)\.|/(?:consent|privacy-?wall|gdpr)(?:[/?.]|$)", re.IGNORECASE
)
_CONSENT_FORM: Final = re.compile(rb"<form[^>]{0,400}(?:consent|collectConsent|privacy)", re.IGNORECASE)
_LOGIN_URL: Final = re.compile(
    r"/(?:log-?in|sign-?in|anmelden|connexion|iniciar-sesion|accedi|sso|auth)(?:[/?.]|$)|"
    r"^https?://(?:login|signin|accounts?|sso|id)\.",
    re.IGNORECASE,
)
_LOGIN_TITLE: Final = re.compile(
    r"^\W*(?:(?:please )?(?:log|sign) ?[io]n|(?:bitte )?(?:anmelden|einloggen)|anmeldung|log-?in|se connecter|"
    r"connexion|connectez-vous|identifiez-vous|iniciar sesión|inicia sesión|iniciar sessão|entrar|accedi|login|"
    r"inloggen|logga in|logg inn|log ind|zaloguj|kirjaudu)(?:\W|$)",
    re.IGNORECASE,
)
_PASSWORD: Final = re.compile(rb"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_LOGIN_FORM: Final = re.compile(
    rb"<form[^>]{0,400}(?:log-?in|sign-?in|anmeld|connexion|sesion|account|session|auth)|"
    rb"<input[^>]{0,300}type\s*=\s*[\"']?(?:password|email)",
    re.IGNORECASE,
)
_ERROR_TITLE: Final = re.compile(
    r"\b(?:error|erreur|fehler|http)\W{0,3}[45]\d\d\b|^\W*[45]\d\d\b(?!\s*(?:\w+\s+){4})|too many requests|"
    r"service (?:temporarily )?unavailable|temporarily unavailable|bad gateway|gateway time-?out|internal server error|"
    r"(?:under|scheduled) maintenance|^\W*maintenance\W*$|wartungsarbeiten|page (?:was )?not found|"
    r"^(?:\W|\d)*not found$|\b(?:article|story|content|document|file|url|resource|post)\b.{0,40}\bnot found$|"
    r"page introuvable|page non trouvée|seite (?:wurde )?nicht gefunden|página no encontrada|"
    r"pagina non trovata|pagina niet gevonden|página não encontrada|"
    r"(?:sorry\W+)?(?:th\w+ \w+ (?:is )?)?no longer (?:available|exists)",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(r"\s[–—·»-]\s|\||\.\.\.|…")
_TITLE: Final = re.compile(rb"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_SAYS_ARTICLE: Final = re.compile(
    rb"article:published_time|\"(?:News|Blog|Live|Report|Opinion|Analysis|Review)\w{0,20}(?:Article|Posting)\"|"
    rb"itemprop\s*=\s*[\"']?articleBody|datePublished|"
    rb"og:type[\"']?\s+content\s*=\s*[\"']?article|content\s*=\s*[\"']?article[\"']?\s+property\s*=\s*[\"']?og:type",
    re.IGNORECASE,
)
_OWN_URL: Final = re.compile(
    rb"<link[^>]{0,300}rel\s*=\s*[\"']?canonical[\"']?[^>]{0,300}|<meta[^>]{0,300}og:url[\"']?[^>]{0,300}",
    re.IGNORECASE,
)
_HOME: Final = re.compile(r"/?|/[a-z]{2}(?:-[a-z]{2})?/?|(?:/[a-z]{2})?/index\.(?:html?|php)", re.IGNORECASE)
"""The path of a home page, that of one language included."""

_ADDRESS: Final = re.compile(rb"(?:href|content)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_STEMS: Final = (
    "cookie", "consent", "privacy", "partner", "partenaire", "zustimm", "einwillig", "datenschutz", "consens", "socios",
    "parceiros", "toestemming", "samtyck", "samtykke", "zgod", "werbung", "tracking", "datos", "dati", "dados",
)  # fmt: skip
"""Without a few of these no text asks for consent; counting them costs less than looking for the phrases."""

_PHRASES: Final = tuple(
    re.compile(phrase, re.IGNORECASE)
    for phrase in (
        # English
        r"\bour (?:\d[\d.,]* )?(?:\w+ )?(?:partners|vendors)\b|\bwe and (?:our|up to|\d)",
        r"\b(?:give|withdraw|change|manage) your (?:\w+ )?(?:consent|choices)\b|consent(?:ing)? to our",
        r"\bwe (?:value|respect|care about) your privacy|your privacy (?:is important|choices|matters)",
        r"before you continue",
        r"\b(?:we|this (?:web)?site) uses? cookies|\bour (?:use of )?cookies|\bour (?:privacy|cookie) (?:policy|note)",
        r"^\W*(?:accept|agree|reject|allow|manage)(?: (?:all|cookies|and (?:close|continue)|settings|options))*\W*$",
        # German
        r"\b(?:wir und )?unsere (?:\d[\d.]* )?(?:\w+ )?(?:partner|drittanbieter)\b",
        r"\b(?:ihre|deine|meine) (?:zustimmung|einwilligung)|zustimmung erforderlich|zustimmen und",
        r"\b(?:mit|ohne) (?:werbung|tracking)\b|\bpur-abo",
        r"\bunsere[rn]? (?:datenschutz|cookie)|privacy[- ]center|informationen auf (?:ihrem|deinem) (?:end)?ger",
        # French
        r"\bnos (?:\d[\d. ]* )?partenaires\b|\bvotre consentement|vos choix",
        r"informations? sur votre (?:appareil|terminal)",
        r"continuer sans accepter|tout (?:accepter|refuser)|accepter et (?:continuer|fermer)|paramétrer (?:les|vos)",
        r"\b(?:notre|nos) (?:politique|cookies)\b",
        # Spanish and Portuguese
        r"\b(?:nuestros|nossos) (?:\d[\d.]* )?(?:socios|parceiros)\b|\b(?:su|tu|o seu) consent[ii]m",
        r"(?:aceptar|aceitar|rechazar|rejeitar) (?:todo|tudo|todas|y continuar|e continuar|cookies)",
        r"\b(?:nuestra|nossa) política de|(?:tus|os seus) datos personales|informações no seu dispositivo",
        # Italian, Dutch, Nordic, Polish
        r"\bi nostri (?:\d[\d.]* )?partner\b|il tuo consenso|senza accettare|accetta (?:tutt[oi]|e continua)",
        r"\bonze (?:\d[\d.]* )?partners\b|(?:jouw|je|uw) toestemming",
        r"\bvåra (?:\d+ )?(?:samarbets)?partners?\b|ditt sam(?:tycke|tykke)|\b(?:våre|vores) (?:\d+ )?partnere",
        r"\b(?:nasi|naszych|zaufani|zaufanych) (?:\d+ )?partner|(?:twoja|twojej|swoją|swojej) zgod",
    )
)
"""What a site says to a reader whom it asks for consent, and buttons; a story says none of it, unless it quotes."""

_TERMS: Final = tuple(
    re.compile(phrase, re.IGNORECASE)
    for phrase in (
        r"\b(?:store|access|stored|accessing)\b[^.]{0,40}\binformation on (?:a|your) device",
        r"personali[sz]ed (?:ads|advertising|content)|\bad(?:vertising)? and content measurement",
        r"precise geolocation|device scanning|legitimate interests?\b",
        r"\b(?:give|withdraw|change|manage)\b[^.]{0,20}\b(?:consent|privacy choices)\b",
        r"personalisierte (?:werbung|anzeigen|inhalte)|informationen auf einem (?:end)?gerät",
        r"informations? sur un (?:appareil|terminal)|(?:publicités?|contenus?) personnalisée?s?|intérêts? légitimes?",
        r"información en un dispositivo|informações em um dispositivo|interés legítimo|interesse legítimo",
        r"(?:publicidad|anuncios|publicidade) personali[sz]ad|\bsus datos personales",
        r"informazioni su(?:l| un) dispositivo|(?:annunci|pubblicità|contenuti) personalizzat",
        r"gepersonaliseerde (?:advertenties|inhoud|content)",
    )
)
"""What consent is asked for; a story about it says the same of others."""

_QUOTED: Final = re.compile(r"[“„«\"][^“”„«»\"\n]{1,400}[”“»\"]")

_FEWEST_PHRASES: Final = 3


def soft_block(page: Page, text: str) -> str:
    """Why a page is a block in place of what was asked for, "" when it is none; ``text`` is its article's, if any."""
    if not page.body.strip():
        return "empty body"
    if not page.media_type.endswith(("html", "xml")):
        return ""
    elsewhere = page.final_url if page.final_url != page.url else ""
    if elsewhere and _is_home(elsewhere) and not _is_home(page.url):
        return "home page"
    words = len(text.split())
    if words and is_region_wall(text):
        return "region wall"
    if words > _LONGEST:
        return "consent wall" if words <= _LONGEST_CONSENT and _asks_for_consent(text) else ""
    head = page.body[:_HEAD]
    match = _TITLE.search(head)
    title = match[1].decode("utf-8", "replace") if match else ""
    bare = "" if words else _bare(page.body)
    return _wall(head, title, text, bare, elsewhere) or _stand_in(page, head, title, words)


def _wall(head: bytes, title: str, text: str, bare: str, elsewhere: str) -> str:
    """What keeps a reader out, if a page does; ``bare`` is the text of one without an article."""
    if _names(_CHALLENGE_TITLE, title, text) and not _SAYS_ARTICLE.search(head):
        return "captcha"
    if not text and _CHALLENGE.search(head) and len(bare.split()) <= _LONGEST_CHALLENGE:
        return "captcha"
    if (elsewhere and _CONSENT_URL.search(elsewhere)) or (not text and _CONSENT_FORM.search(head)):
        return "consent wall"
    if _asks_for_consent(text or bare):
        return "consent wall"
    if not text and is_bare_region_wall(bare) and not _SAYS_ARTICLE.search(head):
        return "region wall"
    if _PASSWORD.search(head) and ((elsewhere and _LOGIN_URL.search(elsewhere)) or not text):
        return "log-in page"
    return ""


def _stand_in(page: Page, head: bytes, title: str, words: int) -> str:
    """What a page is in place of an article that it does not claim to be."""
    if _SAYS_ARTICLE.search(head):
        return ""
    if _names(_LOGIN_TITLE, title, words, _MOST_BESIDE_LOGIN) and _LOGIN_FORM.search(head):
        return "log-in page"
    if _names(_ERROR_TITLE, title, words):
        return "error page"
    return "home page" if words == 0 and _calls_itself_home(page, head) else ""


def _names(block: re.Pattern[str], title: str, has_text: object, most: int = _MOST_BESIDE) -> bool:
    """Whether a title has the words of a block, and where the page has a text little beside them."""
    for part in _PARTS.split(title):
        match = block.search(part)
        if match and not (has_text and len(part.split()) - len(match[0].split()) > most):
            return True
    return False


def _asks_for_consent(text: str) -> bool:
    """Whether half of a text or more are paragraphs that ask its reader for consent, in three ways at least."""
    if len(text.split()) > _LONGEST_CONSENT:
        return False
    lower = text.lower()
    if sum(min(lower.count(stem), 2) for stem in _STEMS) < _FEWEST_PHRASES:
        return False
    told: set[int] = set()
    asking = words = 0
    for paragraph in text.split("\n"):
        said = _QUOTED.sub(" ", paragraph)
        found = [number for number, phrase in enumerate((*_PHRASES, *_TERMS)) if phrase.search(said)]
        told.update(found)
        size = len(paragraph.split())
        words += size
        asking += size if found else 0
    asked = any(number < len(_PHRASES) for number in told)
    return asked and len(told) >= _FEWEST_PHRASES and 2 * asking >= words


_UNSEEN: Final = re.compile(
    rb"<(script|style|template|svg)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL
)
_BREAK: Final = re.compile(
    rb"</?(?:p|div|li|h[1-6]|button|a|br|td|section|form|label|ul|body|head|title)\b[^<>]*>", re.IGNORECASE
)
_TAG: Final = re.compile(rb"<[^<>]*>")


def _bare(body: bytes) -> str:
    """The text of a page that gave no article, its blocks on lines of their own."""
    seen = _TAG.sub(b" ", _BREAK.sub(b"\n", _UNSEEN.sub(b" ", body[:_SCANNED])))
    return seen.decode("utf-8", "replace")


def _calls_itself_home(page: Page, head: bytes) -> bool:
    """Whether a page without an article names the home page as its own address."""
    if _is_home(page.url):
        return False
    for tag in _OWN_URL.findall(head):
        address = _ADDRESS.search(tag)
        try:
            if address and _is_home(urljoin(page.final_url, address[1].decode("utf-8", "replace"))):
                return True
        except ValueError:
            continue
    return False


def _is_home(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.netloc) and _HOME.fullmatch(parts.path) is not None and not parts.query
