"""Soft blocks: pages that answer 200 and stand in for the article: consent walls, captchas, log-in forms.

Told from an article by what such pages have and articles have not; a page with a text of its own is never one, so
that a story about captchas stays a story.
"""

import re

from extractors.page import Page

_LONGEST = 120
"""Words of text up to which a page can be a block at all."""

_HEAD = 60_000  # bytes that are looked at: such pages are small, or say what they are early

_CHALLENGE = re.compile(
    rb"cf-browser-verification|cf_chl_opt|cdn-cgi/challenge-platform|challenge-form|_Incapsula_Resource|"
    rb"px-captcha|perimeterx|datadome|ddos-guard|awswaf|g-recaptcha|h-captcha|hcaptcha\.com|cf-turnstile|"
    rb"geo\.captcha-delivery",
    re.IGNORECASE,
)
_CHALLENGE_TITLE = re.compile(
    r"just a moment|attention required|are you (?:a )?(?:robot|human)|human verification|security check|"
    r"access denied|pardon our interruption|bot (?:detection|verification)|request blocked|ddos protection",
    re.IGNORECASE,
)
_CONSENT_URL = re.compile(
    r"^https?://(?:consent|guce|cmp|privacy-gate|myprivacy)\.|/(?:consent|privacy-?wall)(?:[/?.]|$)", re.IGNORECASE
)
_CONSENT = re.compile(rb"<form[^>]{0,400}(?:consent|collectConsent|privacy)", re.IGNORECASE)
_LOGIN_URL = re.compile(
    r"/(?:log-?in|sign-?in|anmelden|connexion|iniciar-sesion|accedi|sso|auth)(?:[/?.]|$)|"
    r"^https?://(?:login|signin|accounts?|sso|id)\.",
    re.IGNORECASE,
)
_PASSWORD = re.compile(rb"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)


def soft_block(page: Page, words: int) -> str:
    """Why a page is a block in place of what was asked for, "" when it is none; ``words`` counts its article's text."""
    if words > _LONGEST or not page.media_type.endswith(("html", "xml")):
        return ""
    head = page.body[:_HEAD]
    match = _TITLE.search(head)
    title = match[1].decode("utf-8", "replace") if match else ""
    if _CHALLENGE_TITLE.search(title) or (_CHALLENGE.search(head) and words == 0):
        return "captcha"
    elsewhere = page.final_url if page.final_url != page.url else ""
    if (elsewhere and _CONSENT_URL.search(elsewhere)) or (words == 0 and _CONSENT.search(head)):
        return "consent wall"
    if _PASSWORD.search(head) and ((elsewhere and _LOGIN_URL.search(elsewhere)) or words == 0):
        return "log-in page"
    return ""
