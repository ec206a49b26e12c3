"""``init`` and ``add``: a configuration, and a site in it."""

import shlex
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli import paint
from crawler.cli.settings import DEFAULT_CONFIG, config_option, console, json_option, print_json, read_config

if TYPE_CHECKING:
    from crawler.cli.survey import Survey


@click.command()
@config_option
def init_command(config_path: Path | None) -> None:
    """Write a commented config.toml. One that exists is left alone.

    Example:

        presskeep init
    """
    path = config_path or DEFAULT_CONFIG
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write((files("crawler.cli") / "starter.toml").read_text("utf-8"))
    except FileExistsError:
        raise click.ClickException(f"{path} exists already and stays as it is; edit it or remove it first") from None
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be written ({error.strerror}); name another place with --config"
        ) from error
    click.echo(f"Wrote {path}. Next: `presskeep add URL` for each of your sites, then `presskeep crawl`.")


@click.command()
@click.argument("url")
@click.option("--name", metavar="NAME", help="What to call the site. Default: its domain.")
@config_option
@json_option
def add_command(*, url: str, name: str | None, config_path: Path | None, as_json: bool) -> None:
    """Add a site to the config: find its feeds and sitemaps, and show one article as it would be read.

    URL is the site's home page, or one of its feeds.

    Example:

        presskeep add https://news.example.com/
    """
    import asyncio

    from crawler.cli.shapes import article_shape
    from crawler.cli.survey import survey
    from crawler.configfile import add_site

    config = read_config(config_path)
    found = asyncio.run(survey(url, name, config))
    add_site(config.source or DEFAULT_CONFIG, found.site)
    if as_json:
        site = found.site
        sample = article_shape(found.sample_url, found.sample) if found.sample_url else None
        lists = {"feeds": list(site.feeds), "sitemaps": list(site.sitemaps), "listings": list(site.listings)}
        print_json({"name": site.name, "home": site.home, **lists, "sample": sample})
        return
    _tell(found, config.source or DEFAULT_CONFIG)


def _tell(found: "Survey", path: Path) -> None:
    out = console()
    site = found.site
    for kind in ("feeds", "sitemaps", "listings"):
        for address in getattr(site, kind):
            out.print(paint.styled(f"{kind.removesuffix('s'):<9}", "dim"), paint.styled(address), sep="")
    if found.sample is not None:
        out.print(paint.styled("\nOne of its articles, as it would be kept:\n", "bold"))
        paint.article(out, found.sample_url, found.sample)
    elif found.sample_url:
        out.print(paint.styled(f"\nNo article could be read at {found.sample_url}: {found.trouble}", "yellow"))
    else:
        out.print(paint.styled("\nNothing there announces an article yet.", "yellow"))
    click.echo(f"Added {site.name} to {path}. Next: `presskeep crawl {shlex.quote(site.name)}`.")
