"""Pages that say that they are not shown where their reader is, and stories that only tell of such pages."""

import pytest

from extractors import Page, soft_block
from extractors.regionwall import is_bare_region_wall, is_region_wall

WALLS = [
    "This content is not available in your region.",
    "Sorry!\n\nThis page isn't available in your country right now.\n\nGo back to the front page",
    "451\n\nWe recognise you are attempting to access this website from a country that belongs to the European "
    "Economic Area, which enforces a data protection regulation, so that access cannot be granted at this time.\n\n"
    "For any issues, write to service@paper.example or call 555-0100.",
    "Unfortunately, our website is currently unavailable in most European countries. We are engaged on the issue and "
    "committed to looking at options that support our full range of digital offerings in your market.",
    "This site is currently unavailable to visitors from the European Economic Area while we work to make sure that "
    "their data are protected.",
    "Access denied\n\nAccess to this site from your country is not permitted.",
    "We have detected that you are visiting us from your current location, where we may show nothing.",
    "Dieser Inhalt ist in Ihrem Land leider nicht verfügbar.",
    "Der Artikel ist aus rechtlichen Gründen nicht abrufbar in Ihrer Region.",
    "Ce contenu n'est pas disponible dans votre pays.",
    "Cette page est indisponible depuis votre région.",
    "Este contenido no está disponible en tu país.",
    "Lo sentimos: este artículo no se encuentra disponible en su región por derechos.",
    "Este conteúdo não está disponível na sua região.",
    "Este artigo não está disponível no seu país.",
    "Questo contenuto non è disponibile nel tuo paese.",
    "Deze inhoud is niet beschikbaar in jouw land.",
    "Innehållet är inte tillgängligt i ditt land.",
    "Ta treść jest niedostępna w Twoim kraju.",
]
STORIES = [
    # a story about such walls
    "Dozens of American papers still answer readers in Europe with a notice.\n\nIt says: “This content is not "
    "available in your region.” Editors call it a matter of cost.\n\nLawyers doubt that the rules ask for it.",
    "The broadcaster blocked its stream abroad on Tuesday. Its website is not available in Russia since then, and "
    "viewers there see a grey page.\n\nThe company gave no reason.",
    # a condition, and what may be
    "The final begins at eight on Sunday.\n\nIf the stream is not available in your country, the radio carries it too.",
    "Wenn die Sendung in Ihrem Land nicht verfügbar ist, hilft das Radio. Das Finale beginnt um acht.",
    "The phone costs 400. Some colours may not be available in your region, the maker says.",
    # a notice in place of a film, in a short story
    "The bridge was closed on Monday after a lorry hit a pillar, the county said. No one was hurt.\n\nThis video is "
    "not available in your country.\n\nEngineers will look at the damage on Tuesday and expect months of work.",
    # of the reader, but no wall
    "Vote in your region: the polls open at seven. Postal ballots are not counted before Monday in most of them.",
    "There is no cure that is available in every country, and your region may wait for years, the doctors wrote.",
]


def wall(text: str, body: str = "") -> str:
    url = "https://paper.example/story"
    html = f"<html><head><title>The Paper</title></head><body>{body}</body></html>"
    return soft_block(Page(url=url, final_url=url, body=html.encode()), text)


@pytest.mark.parametrize("text", WALLS)
def test_a_notice_to_the_reader_is_a_wall(text: str) -> None:
    assert wall(text) == "region wall"
    assert wall("", "".join(f"<p>{part}</p>" for part in text.split("\n\n"))) == "region wall"


@pytest.mark.parametrize("text", STORIES)
def test_a_story_is_none(text: str) -> None:
    assert wall(text) == ""


def test_a_long_text_and_a_page_of_other_things_are_none() -> None:
    said = "This content is not available in your region."
    assert wall(f"{said}\n\n" * 40) == ""
    assert not is_bare_region_wall(f"{said}\n" + "Another film\n" * 80)


@pytest.mark.timeout(20)
def test_conditions_without_end_hold_nothing_up() -> None:
    assert not is_region_wall(f"{'if-' * 100_000}x, this is not available in your region.")
