"""Pages that are no article although they answer 200."""

import time
from pathlib import Path

import pytest

from archive import Archive
from extractors import Page, soft_block
from tests.crawler.case import Case, page, play
from tests.crawler.newsstand import Answer, feed

CAPTCHA = (
    b"<html><head><title>Just a moment...</title></head><body><h1>paper.example</h1>"
    b"<p>Checking if the site connection is secure</p><form class=challenge-form></form></body></html>"
)
LOGIN = (
    b"<html><head><title>Sign in</title></head><body><h1>Sign in to read on</h1><form action=/login>"
    b'<input name=u><input type="password" name=p></form></body></html>'
)
CONSENT = (
    b"<html><head><title>The Paper</title></head><body><h1>Before you continue</h1>"
    b'<form action="/collectConsent"><button>Accept all</button></form></body></html>'
)
CONSENT_TEXT = (
    "We value your privacy\n\nWe and our 842 partners store and access information on a device, such as cookies, and "
    "process personal data, such as unique identifiers and standard information sent by a device for personalised ads "
    "and content, ad and content measurement, and audience insights, as well as to develop and improve products.\n\n"
    "With your permission we and our partners may use precise geolocation data and identification through device "
    "scanning. You may click to consent to our and our partners processing as described above. Please note that some "
    "processing of your personal data may not require your consent, but you have a right to object to such processing. "
    "Your preferences will apply to this website only. You can withdraw your consent at any time in our privacy policy."
    "\n\nAccept all\n\nManage settings"
)
ZUSTIMMUNG = (
    "Weiter mit Werbung\n\nBesuchen Sie unsere Seite wie gewohnt mit Werbung und Tracking. Details finden Sie in "
    "unserer Datenschutzerklärung und im Privacy Center. Ihre Zustimmung ist jederzeit widerrufbar.\n\n"
    "Zustimmen und weiter\n\nNutzen Sie unser Angebot ohne Tracking und Werbung für 4,99 Euro im Monat."
)
ACCEPTER = (
    "Avec votre accord, nos 214 partenaires et nous utilisons des cookies pour stocker des informations sur votre "
    "appareil.\n\nVous pouvez retirer votre consentement à tout moment via notre politique de confidentialité.\n\n"
    "Continuer sans accepter\n\nAccepter et fermer"
)
COOKIE_STORY = (
    "The regulator fined two publishers on Monday because their cookie banners made it hard to refuse. "
    "Readers have to be asked for consent before advertising partners may track them, it said.\n\n"
    "\u201cPeople told us that they felt tricked,\u201d said the commissioner. The companies, which work with 600 "
    "advertising firms, will have to ask again. One of them wrote: \u201cWe value your privacy.\u201d\n\n"
    "Consent was introduced by a directive in 2009, and personal data are protected by a regulation since 2018. "
    "The courts have decided since then that a box that is ticked already is no consent."
)


def blocked(body: bytes, final_url: str = "https://paper.example/story", text: str = "") -> str:
    return soft_block(Page(url="https://paper.example/story", final_url=final_url, body=body), text)


def titled(title: str, body: str = "<p>x</p>", head: str = "") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def test_walls_are_told_by_what_they_have() -> None:
    assert blocked(CAPTCHA) == "captcha"
    assert blocked(LOGIN) == "log-in page"
    assert blocked(LOGIN, "https://paper.example/login?back=/story", "a " * 20) == "log-in page"
    assert blocked(titled("Anmelden | Blatt", '<form action="/konto"><input type=email></form>')) == "log-in page"
    assert blocked(CONSENT) == "consent wall"
    assert blocked(b"<p>Short.</p>", "https://consent.paper.example/?to=/story", "Short.") == "consent wall"
    assert blocked(b"<p>Not there.</p>", "https://press.example/gdpr/paper.example/", "Not there.") == "consent wall"


@pytest.mark.parametrize("text", [CONSENT_TEXT, ZUSTIMMUNG, ACCEPTER])
def test_a_text_that_asks_for_consent_is_no_article(text: str) -> None:
    assert blocked(titled("The Paper"), text=text) == "consent wall"
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
    assert blocked(titled("The Paper", f"<nav><a href=/>Home</a></nav>{paragraphs}")) == "consent wall"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (titled("404 - Page not found | The Paper"), "error page"),
        (titled("Seite nicht gefunden"), "error page"),
        (titled("Too Many Requests"), "error page"),
        (titled("The Paper", head='<link rel="canonical" href="https://paper.example/">'), "home page"),
        (titled("The Paper", head='<meta property="og:url" content="https://paper.example">'), "home page"),
        (b" \n", "empty body"),
        (titled("The Paper", '<div id="root"></div>'), ""),
    ],
)
def test_a_stand_in_is_told_from_a_page_without_an_article(body: bytes, reason: str) -> None:
    assert blocked(body) == reason


def test_a_redirect_to_the_home_page_is_a_stand_in() -> None:
    long_text = "The news of the day. " * 100
    assert blocked(titled("The Paper"), "https://paper.example/", long_text) == "home page"
    assert blocked(titled("The Paper"), "https://other.example/", long_text) == "home page"
    assert blocked(titled("The Paper"), "https://paper.example/?p=12", long_text) == ""


def test_an_article_about_walls_is_an_article() -> None:
    assert blocked(CAPTCHA, text="a " * 400) == ""
    assert blocked(LOGIN.replace(b"Sign in<", b"Council meets<"), text="a " * 30) == ""  # a log-in box in its head
    assert blocked(b"<title>Minister: just one moment</title><p>Short.</p>", text="A short one.") == ""
    assert blocked(titled("A fine for two publishers"), text=COOKIE_STORY) == ""
    short = " ".join(COOKIE_STORY.split()[:60])
    assert blocked(titled("A fine for two publishers"), text=short) == ""
    article = '<meta property="og:type" content="article">'
    assert blocked(titled("Page not found: the lost diary", head=article), text="A short one.") == ""
    assert blocked(titled("404 dead in the worst flood of the century"), text="A short one.") == ""


@pytest.mark.parametrize(
    "title",
    [
        "Attention required: twelve bridges in the county need repairs",
        "Un instant de grâce à Roland-Garros",
        "Nur einen Moment unaufmerksam: Radfahrer verletzt",
        "Access denied: reporters kept out of the hearing",
        "Airport security check queues grow to two hours",
        "Are you a robot? Poet answers with a new book",
        "Error 404: the play that lost its audience",
        "Fehler 404: Warum Ämter ihre Seiten verlieren",
        "Página no encontrada, la novela que triunfa en Bogotá",
        "Missing hiker not found",
        "Steam trains under maintenance until spring",
        "Anmelden wird Pflicht: Hundebesitzer müssen zum Amt",
        "Iniciar sesión sin contraseña: los bancos cambian",
        "Connexion rapide : le village attend la fibre",
    ],
)
def test_a_headline_with_the_words_of_a_wall_is_a_headline(title: str) -> None:
    login = "<form action=/login><input type=email name=e><input type=password name=p></form>"
    assert blocked(titled(f"{title} | The Paper", login), text="The short news of the day. " * 12) == ""
    assert blocked(titled(title, login), text="The short news of the day. " * 12) == ""


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Attention Required! | Cloudflare", "captcha"),
        ("Just a moment... please wait while we look at your browser", "captcha"),
        ("The Paper - Are you a robot?", "captcha"),
        ("Un instant, s’il vous plaît", "captcha"),
        ("404 - The story that you want was not found", "error page"),
        ("Sorry, this article is no longer available | The Paper", "error page"),
        ("The Paper | 503 Service Unavailable", "error page"),
        ("Please sign in to read this", "log-in page"),
    ],
)
def test_a_wall_with_a_text_of_its_own_is_a_wall(title: str, reason: str) -> None:
    login = "<form action=/login><input type=email name=e></form>"
    assert blocked(titled(title, login), text="Try it again in a few minutes, please. " * 5) == reason


def test_terms_of_consent_in_a_story_are_no_request() -> None:
    story = (
        "The regulator fined a broadcaster because its vendors stored cookies without consent.\n\nReaders could not "
        "withdraw their consent, and children saw personalised ads, it said. \u201cWe value your privacy,\u201d the "
        "firm replied.\n\nThe broadcaster says that its partners acted out of legitimate interest, and will appeal."
    )
    assert blocked(titled("A broadcaster is fined"), text=story) == ""


@pytest.mark.parametrize("path", ["/de/", "/en", "/pt-br/", "/index.html", "/fr/index.php"])
def test_the_home_page_of_a_language_is_a_home_page(path: str) -> None:
    text = "The news of the day. " * 100
    assert blocked(titled("The Paper"), f"https://paper.example{path}", text) == "home page"


@pytest.mark.parametrize(
    "piece", [b"<", b"<p ", b"<form", b"<script ", b"<!--", b"<meta og:url", b"cookie partner ", b"<a href="]
)
def test_a_page_made_to_be_slow_costs_little(piece: bytes) -> None:
    began = time.process_time()
    blocked(b"<html><title>Sign in</title>" + piece * (400_000 // len(piece)))
    assert time.process_time() - began < 10  # what is quadratic takes minutes


def front_page() -> bytes:
    stories = [f"Story number {n} of the day is long" for n in range(20)]
    links = "".join(
        f'<li><a href="/news/story-number-{n}-of-the-day">{story}</a></li>' for n, story in enumerate(stories)
    )
    return titled("The Paper", f"<ul>{links}</ul>")


def test_a_list_in_place_of_an_article_is_no_version(tmp_path: Path) -> None:
    answers = [page(1), Answer(body=front_page()), Answer(body=front_page()), page(1)]
    scripts = {"/feed": feed("/story-number-one", "/all-the-stories"), "/story-number-one": answers}
    scripts["/all-the-stories"] = Answer(body=front_page())

    async def act(case: Case) -> None:
        for _ in range(4):
            await case.crawl(now=True)
        looks = "SELECT outcome, error FROM fetches WHERE url LIKE '%{}' ORDER BY id"
        assert case.rows(looks.format("/story-number-one")) == [
            ("new", None), ("quarantined", "home page"), ("quarantined", "home page"), ("same", None),
        ]  # fmt: skip
        assert set(case.rows(looks.format("/all-the-stories"))) == {("no-article", None)}
        assert case.rows("SELECT version_count FROM articles") == [(1,)]

    play(tmp_path, scripts, act)


def test_a_redirect_to_the_home_page_is_quarantined_and_two_are_a_removal(tmp_path: Path) -> None:
    home = Answer(status=302, headers=(("Location", "/"),))
    scripts = {"/feed": feed("/story-number-one"), "/story-number-one": [page(1), home, home, page(1)]}
    scripts["/"] = Answer(body=front_page())

    async def act(case: Case) -> None:
        for _ in range(4):
            await case.crawl(now=True)
        outcomes = "SELECT outcome FROM fetches WHERE kind = 'article' ORDER BY id"
        assert case.rows(outcomes) == [("new",), ("quarantined",), ("quarantined",), ("same",)]
        assert case.rows("SELECT version_count FROM articles") == [(1,)]
        events = "SELECT kind FROM events WHERE kind IN ('vanished', 'returned') ORDER BY at"
        assert case.rows(events) == [("vanished",), ("returned",)]
        with Archive(case.path) as archive:
            assert archive.verify(deep=True).ok

    play(tmp_path, scripts, act)


def test_a_wall_is_quarantined_and_tried_again_on_request(tmp_path: Path) -> None:
    scripts = {"/feed": feed("/story-number-one"), "/story-number-one": [Answer(body=CAPTCHA), page(1)]}

    async def act(case: Case) -> None:
        report = await case.crawl()
        assert report.failed == {"quarantined": 1}
        assert case.rows("SELECT outcome, error, raw_key IS NOT NULL FROM fetches WHERE kind = 'article'") == [
            ("quarantined", "captcha", 1)
        ]
        assert case.paths() == []
        assert case.paths("SELECT url FROM failures WHERE kind = 'article'") == ["/story-number-one"]
        again = await case.crawl(retry_quarantined=True)
        assert (again.new_articles, again.failed, again.failed_sites) == (1, {}, ())
        assert case.stand.count("/feed") == 1
        assert (await case.crawl(retry_quarantined=True)).fetched == 0
        with Archive(case.path) as archive:
            assert archive.verify(deep=True).ok

    play(tmp_path, scripts, act)
