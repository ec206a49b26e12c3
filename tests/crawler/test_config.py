"""config.toml: what it means, and how a mistake in it is refused."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import ConfigError, Manners, Site, UnknownSite, load_config
from crawler.configfile import add_site, site_block

WHOLE = r"""
[archive]
path = "press/archive.db"
tokenizer = "trigram"

[crawler]
user_agent = "press-archive (https://institute.edu/press)"
concurrency = 8
delay = 2
timeout = 7.5
retries = 0
max_body = "2.5 MB"
allow_private = ["10.0.0.0/8", "fd00::/8"]

[[sites]]
name = "one"
home = "https://one.example/"
feeds = ["https://one.example/feed"]
deny = ['/video/', '\.pdf$']

[[sites]]
name = "two"
urls = ["https://two.example/story"]
delay = 0.5
allow_private = []
"""

MINIMAL = '[[sites]]\nname = "a"\nhome = "https://a.example/"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_every_key(path: Path) -> None:
    path.write_text(WHOLE)
    config = load_config(path)
    assert (config.archive_path, config.tokenizer, config.source) == (Path("press/archive.db"), "trigram", path)
    manners = config.manners
    assert (manners.concurrency, manners.delay, manners.timeout, manners.retries) == (8, 2.0, 7.5, 0)
    assert (manners.max_body, len(manners.allow_private)) == (2_500_000, 2)
    one, two = config.sites
    assert one.manners == manners
    assert (two.manners.delay, two.manners.allow_private, two.manners.retries) == (0.5, (), 0)
    assert one.wants("https://one.example/story")
    assert not one.wants("https://one.example/video/story")
    assert not one.wants("https://one.example/report.pdf")
    assert config.warnings == ()
    assert config.site("two") is two
    with pytest.raises(UnknownSite, match="one, two"):
        config.site("three")


def test_defaults(path: Path) -> None:
    path.write_text(MINIMAL)
    config = load_config(path)
    assert config.manners == Manners()
    assert config.manners.agent.startswith("presskeep")
    assert config.archive_path == Path("archive.db")
    assert len(config.warnings) == 1
    assert "contact" in config.warnings[0]


def test_the_digest_follows_what_steers_a_crawl(path: Path) -> None:
    path.write_text(MINIMAL)
    first = load_config(path).digest
    path.write_text("# a comment\n" + MINIMAL)
    assert load_config(path).digest == first
    path.write_text(MINIMAL + "delay = 3\n")
    assert load_config(path).digest != first


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colour = 1\n" + MINIMAL, "colour"),
        ("[crawler]\nuser-agent = 'x'\n" + MINIMAL, "user-agent"),
        ("[archive]\nname = 'x'\n" + MINIMAL, "name"),
        ("[archive]\ntokenizer = 'porter'\n" + MINIMAL, "porter"),
        ("[archive]\npath = ''\n" + MINIMAL, "path"),
        ("[crawler]\ndelay = -1\n" + MINIMAL, "delay"),
        ("[crawler]\ndelay = nan\n" + MINIMAL, "delay"),
        ("[crawler]\ndelay = '1 s'\n" + MINIMAL, "delay"),
        ("[crawler]\nconcurrency = 0\n" + MINIMAL, "concurrency"),
        ("[crawler]\nconcurrency = true\n" + MINIMAL, "concurrency"),
        ("[crawler]\nretries = 1.5\n" + MINIMAL, "retries"),
        ("[crawler]\ntimeout = 0\n" + MINIMAL, "timeout"),
        ("[crawler]\nmax_body = '10 TB'\n" + MINIMAL, "max_body"),
        ("[crawler]\nmax_body = '10 B'\n" + MINIMAL, "max_body"),
        ("[crawler]\nallow_private = ['127.0.0.1/8']\n" + MINIMAL, "allow_private"),
        ("[crawler]\nallow_private = '127.0.0.0/8'\n" + MINIMAL, "allow_private"),
        ("[crawler]\nuser_agent = 'a\\nb: c'\n".replace("'", '"') + MINIMAL, "user_agent"),
        ("[crawler]\nuser_agent = 'x (a@example.org)'\n" + MINIMAL, "user_agent"),
        ("[sites]\nname = 'a'\n", "[[sites]]"),
        ("[[sites]]\nhome = 'https://a.example/'\n", "name"),
        ("[[sites]]\nname = 'a'\n", "home"),
        ("[[sites]]\nname = 'a'\nhome = 'a.example'\n", "home"),
        ("[[sites]]\nname = 'a'\nhome = 'https://me:secret@a.example/'\n", "home"),
        ("[[sites]]\nname = 'a'\nfeed = ['https://a.example/']\n", "feed"),
        ("[[sites]]\nname = 'a'\nfeeds = 'https://a.example/'\n", "feeds"),
        ("[[sites]]\nname = 'a'\nfeeds = ['/feed']\n", "feeds"),
        (MINIMAL + "allow = ['(']\n", "allow"),
        (MINIMAL + MINIMAL, "twice"),
        ("[[sites]\n", "TOML"),
        ("archive = 1\n" + MINIMAL, "[archive]"),
        ("crawler = []\n" + MINIMAL, "[crawler]"),
        ("sites = [1]\n", "number 1"),
        ("sites = 1\n", "[[sites]]"),
        ("[[sites]]\nname = ' '\nhome = 'https://a.example/'\n", "name"),
        ("[[sites]]\nname = 'a'\nhome = 'ftp://a.example/'\n", "ftp"),
        ("[[sites]]\nname = 'a'\nurls = [1]\n", "urls"),
        ('[archive]\npath = "a\\u0000b"\n' + MINIMAL, "path"),
        ("[crawler]\nuser_agent = 3\n" + MINIMAL, "user_agent"),
        ("[crawler]\nmax_body = true\n" + MINIMAL, "max_body"),
        ("[crawler]\nmax_body = 5e6\n" + MINIMAL, "max_body"),
        ("[crawler]\nmax_body = '" + "9" * 400 + " GB'\n" + MINIMAL, "max_body"),
        (MINIMAL + "colour = 1\n", "colour"),
        (MINIMAL + "delay = -1\n", "'a' delay"),
        (MINIMAL + "deny = [1]\n", "deny"),
        (MINIMAL + "deny = ['" + "(" * 5000 + "']\n", "deny"),
        (MINIMAL + "deny = ['a{99999999999}']\n", "deny"),
        (MINIMAL + "user_agent = 'x (https://example.com/bot)'\n", "user_agent"),
        ("a = " + "[" * 5000 + "\n", "TOML"),
    ],
)
def test_a_mistake_is_refused_by_file_key_and_cure(path: Path, text: str, named: str) -> None:
    path.write_text(text)
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    assert str(path) in str(refused.value)
    assert named in str(refused.value)
    assert ";" in str(refused.value) or "mend" in str(refused.value)


def test_an_example_contact_is_fine_on_loopback(path: Path) -> None:
    agent = '[crawler]\nuser_agent = "x (a@example.org)"\n'
    path.write_text(agent + '[[sites]]\nname = "a"\nhome = "http://127.0.0.1:8000/"\n')
    assert load_config(path).warnings == ()


@pytest.mark.parametrize("host", ["localhost", "paper.localhost:8000", "[::1]:8000", "127.0.1.1:80"])
def test_what_counts_as_loopback(path: Path, host: str) -> None:
    path.write_text(f'[crawler]\nuser_agent = "x (a@example.org)"\n[[sites]]\nname = "a"\nhome = "http://{host}/"\n')
    assert load_config(path).sites[0].home == f"http://{host}/"


@pytest.mark.parametrize("host", ["localhostnews.com", "localhost.news.com", "[::2]", "128.0.0.1"])
def test_what_only_looks_like_loopback(path: Path, host: str) -> None:
    path.write_text(f'[crawler]\nuser_agent = "x (a@example.org)"\n[[sites]]\nname = "a"\nhome = "http://{host}/"\n')
    with pytest.raises(ConfigError, match="example address"):
        load_config(path)


@pytest.mark.parametrize(
    ("written", "size"),
    [('"1 kB"', 1000), ('"1000"', 1000), ('"1.5MB"', 1_500_000), ('" 64 MB "', 64_000_000), ("2048", 2048)],
)
def test_sizes(path: Path, written: str, size: int) -> None:
    path.write_text(MINIMAL + f"max_body = {written}\n")
    (site,) = load_config(path).sites
    assert site.manners.max_body == size
    assert isinstance(site.manners.max_body, int)


def test_no_file_and_no_utf8(path: Path) -> None:
    with pytest.raises(ConfigError, match="presskeep init"):
        load_config(path)
    path.write_bytes(b'name = "\xff"')
    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(path.parent)


def test_a_site_is_appended_and_every_comment_stays(path: Path) -> None:
    text = "# mine\n" + MINIMAL + "# the end"
    path.write_text(text)
    add_site(path, Site(name="b", home="https://b.example/", feeds=("https://b.example/f?a&b",)))
    assert path.read_text().startswith(text + "\n")
    added = load_config(path).site("b")
    assert (added.home, added.feeds) == ("https://b.example/", ("https://b.example/f?a&b",))
    with pytest.raises(ConfigError, match="already"):
        add_site(path, added)


@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_any_name_survives_the_round_trip(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    path = tmp_path_factory.mktemp("names") / "config.toml"
    path.write_text("")
    add_site(path, Site(name=name, home="https://b.example/"))
    assert load_config(path).sites[0].name == name


ADDRESSES = st.builds(
    lambda host, path: f"https://{host}.example/{path}",
    st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=10),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
)


@given(home=ADDRESSES, feeds=st.lists(ADDRESSES, max_size=3), urls=st.lists(ADDRESSES, max_size=3))
def test_any_address_survives_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, home: str, feeds: list[str], urls: list[str]
) -> None:
    path = tmp_path_factory.mktemp("urls") / "config.toml"
    site = Site(name="b", home=home, feeds=tuple(feeds), urls=tuple(urls))
    path.write_text(site_block(site), encoding="utf-8")
    (read,) = load_config(path).sites
    assert (read.home, read.feeds, read.urls) == (site.home, site.feeds, site.urls)


def test_patterns_survive_the_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    deny = (re.compile(r"[\"'\\]é"), re.compile("a\tb"))
    site = Site(name="b", home="https://b.example/", allow=(re.compile(r"/story\.asp\?id=\d+"),), deny=deny)
    path.write_text(site_block(site), encoding="utf-8")
    (read,) = load_config(path).sites
    assert (read.allow, read.deny) == (site.allow, site.deny)
