"""What a site announces, found from its home page or from one of its feeds."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import click

from crawler.cli.polite import Caller, caller
from crawler.config import Config, Site
from crawler.feeds import Found, read_feed
from crawler.fetch import home_of
from crawler.listing import Listing, announced_feeds
from crawler.sitemaps import read_sitemap
from crawler.wire import Failure
from extractors import Article, Page, normalize_url, read, registrable_domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The site as it would be configured, and one article of it; ``trouble`` says why there is none."""

    site: Site
    sample_url: str = ""
    sample: Article | None = None
    trouble: str = ""


async def survey(url: str, name: str | None, config: Config) -> Survey:
    """Look at a site. Raises URLError for a bad URL and ClickException when the site cannot be read."""
    normalize_url(url)
    async with caller(config.manners, config.route) as call:
        page = await call.get(url, "listing")
        if isinstance(page, Failure):
            raise click.ClickException(f"{page.line}; nothing was added")
        return await _surveyed(call, page, name or _name(url), config)


async def _surveyed(call: Caller, page: Page, name: str, config: Config) -> Survey:
    feed = read_feed(page)
    if feed.found:
        site = Site(name=name, home=home_of(page.final_url) + "/", feeds=(page.url,), manners=config.manners)
        return await _sampled(call, site, feed.found)
    feeds = announced_feeds(page)
    sitemaps = _chosen((await call.robots(page.final_url)).sitemaps, alone=not feeds)
    listings = () if feeds or sitemaps else (page.url,)
    site = Site(name=name, home=page.url, feeds=feeds, sitemaps=sitemaps, listings=listings, manners=config.manners)
    found = await _announced(call, site) or _linked(page)
    return await _sampled(call, site, found)


def _chosen(sitemaps: tuple[str, ...], *, alone: bool) -> tuple[str, ...]:
    """Sitemaps of news; all of them only when nothing else announces articles, for they list a site's whole past."""
    news = tuple(url for url in sitemaps if "news" in urlsplit(url).path.lower())
    return news or (sitemaps if alone else ())


async def _announced(call: Caller, site: Site) -> tuple[Found, ...]:
    """What the first feed or sitemap that can be read announces."""
    for url in site.feeds:
        page = await call.get(url, "feed")
        if isinstance(page, Page) and (found := read_feed(page).found):
            return found
    for url in site.sitemaps[:1]:
        page = await call.get(url, "sitemap")
        if isinstance(page, Page) and (found := read_sitemap(page).found):
            return found
    return ()


def _linked(page: Page) -> tuple[Found, ...]:
    return Listing(domains=frozenset({registrable_domain(page.final_url)}))(page).found


async def _sampled(call: Caller, site: Site, found: tuple[Found, ...]) -> Survey:
    if not found:
        return Survey(site=site)
    page = await call.get(found[0].url)
    if isinstance(page, Failure):
        return Survey(site=site, sample_url=found[0].url, trouble=page.line)
    reading = read(page)
    return Survey(site=site, sample_url=found[0].url, sample=reading.article, trouble=reading.reason)


def _name(url: str) -> str:
    """``npr.org`` for https://www.npr.org/; an address with a port keeps both."""
    return registrable_domain(url)
