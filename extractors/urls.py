"""The URL normal form, which is the identity of a page, and the registrable domain, which is the identity of a site.

The URL that is fetched is always the one that was found. The normal form only answers "do these two name one page?",
so it may drop what every site ignores and must keep what any site could read.
"""

import ipaddress
import re
from functools import cache, lru_cache
from urllib.parse import unquote_plus, urljoin, urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList
from w3lib.url import canonicalize_url

from extractors.errors import URLError


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


TRACKING_PREFIXES = ("utm_", "mtm_", "hsa_", "at_custom", "fb_action_", "guce_")
"""Beginnings of parameter names that only analytics read."""

TRACKING_PARAMETERS = _words("""
    fbclid gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid msclkid twclid ttclid li_fat_id igsh
    igshid yclid ysclid _openstat mc_cid mc_eid mkt_tok _ga _gl _hsenc _hsmi __hstc __hssc __hsfp oly_enc_id
    oly_anon_id vero_id wickedid dicbo cmpid xtor wt_mc wt_zmc guccounter __twitter_impression fb_source fb_ref
    pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content pk_cid
    ns_mchannel ns_source ns_campaign ns_linkname ns_fee
    at_medium at_campaign at_link_type at_link_id at_link_origin at_format at_ptr_name at_bbc_team
    """)
"""Parameter names that only analytics read, on every site. Names such as ``ref``, ``cmp`` or ``source`` are not here:
some sites choose their content by them."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_REMOVED_BY_BROWSERS = str.maketrans("", "", "\t\r\n")
_SPACES_AND_CONTROLS = "".join(map(chr, range(0x21)))


@lru_cache(maxsize=4096)  # a look asks for the same few again and again
def normalize_url(url: str, base: str | None = None) -> str:
    """The normal form of an http(s) URL, resolved against ``base`` when given; idempotent.

    Raises URLError for a URL without scheme or host, with another scheme, with credentials, or that is malformed.
    """
    cleaned = url.strip(_SPACES_AND_CONTROLS).translate(_REMOVED_BY_BROWSERS).replace("\\", "/")
    try:
        return _normal(urljoin(base, cleaned) if base else cleaned)
    except URLError:
        raise
    except (ValueError, UnicodeError) as error:
        raise URLError(url, f"it is malformed ({error})", "write it as a browser shows it") from error


def _normal(url: str) -> str:
    parts = urlsplit(url)
    scheme = parts.scheme
    _refuse_unusable(url, scheme, parts.netloc)
    host = _host(url, parts.hostname or "")
    port = "" if parts.port in (None, _DEFAULT_PORTS[scheme]) else f":{parts.port}"
    query = "&".join(filter(_carries_meaning, parts.query.split("&")))
    return _canonical(urlunsplit((scheme, host + port, parts.path, query, "")))


def _canonical(url: str) -> str:
    """A percent sign that is no escape can become part of one when its neighbour is decoded, so repeat until stable."""
    for _ in range(8):
        before, url = url, canonicalize_url(url, keep_blank_values=True)
        if url == before:
            return url
    raise URLError(url, "its percent signs do not settle", "write a literal percent sign as %25")


def _refuse_unusable(url: str, scheme: str, netloc: str) -> None:
    if scheme not in _DEFAULT_PORTS:
        found = f"the scheme is {scheme!r}" if scheme else "it has no scheme"
        raise URLError(url, found, "begin it with http:// or https://")
    if "@" in netloc:
        raise URLError(url, "it holds a user name or password", "remove everything before the @ of the host")
    if not netloc:
        raise URLError(url, "it names no host", "write it as https://host/path")


def _host(url: str, name: str) -> str:
    """The ASCII form of a host name, or an IPv6 address in its brackets."""
    if ":" in name:
        return f"[{ipaddress.IPv6Address(name).compressed}]"
    host = name.removesuffix(".").encode("idna").decode("ascii").lower().removesuffix(".")
    if not _HOST.fullmatch(host):
        raise URLError(url, f"{name!r} is not a host name", "write it as https://host/path")
    return host


def _carries_meaning(pair: str) -> bool:
    name = unquote_plus(pair.partition("=")[0]).lower()
    return bool(pair) and name not in TRACKING_PARAMETERS and not name.startswith(TRACKING_PREFIXES)


@lru_cache(maxsize=4096)
def registrable_domain(url_or_host: str) -> str:
    """The domain that one owner registers: ``bbc.co.uk`` for ``https://www.bbc.co.uk/news``, in ASCII form.

    An IP address is its own domain and keeps its port, as ``127.0.1.1:8600``. A public suffix or a name without dots
    is its own domain. Uses the public suffix list that the library bundles. Raises URLError for no host.
    """
    url = url_or_host if "://" in url_or_host else f"//{url_or_host}"
    try:
        parts = urlsplit(url)
        host = _host(url_or_host, parts.hostname or "")
        port = parts.port
    except URLError:
        raise
    except (ValueError, UnicodeError) as error:
        raise URLError(url_or_host, f"no host can be read from it ({error})", "give a URL or a host name") from error
    if _is_address(host):
        return host if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{host}:{port}"
    return _below_suffix(host)


@lru_cache(maxsize=4096)  # hosts have many pages
def _below_suffix(host: str) -> str:
    return _suffixes().privatesuffix(host) or host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def host_of(url: str) -> str:
    """The host of a URL in ASCII form, without ``www.`` and port; "" when it has none."""
    try:
        return _host(url, urlsplit(url).hostname or "").removeprefix("www.")
    except (ValueError, UnicodeError):
        return ""


def is_url(text: str) -> bool:
    """Whether a text has the form of a URL, of any scheme; a page may carry another name, such as a file's."""
    try:
        return bool(urlsplit(text).scheme)
    except ValueError:
        return False


def same_site(url: str, other: str) -> bool:
    """Whether two URLs have one registrable domain; False when either has none."""
    try:
        return registrable_domain(url) == registrable_domain(other)
    except URLError:
        return False
