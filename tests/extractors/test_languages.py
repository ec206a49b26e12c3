import pytest

from extractors.languages import LANGUAGES, language_of, plainly_english
from tests.extractors.test_metadata import metadata_of

SENTENCES = {
    "en": "The bridge over the harbour will be closed for a year, and the ferry is to run through the night.",
    "de": "Die Brücke über den Hafen wird für ein Jahr gesperrt, und die Fähre soll auch in der Nacht fahren.",
    "fr": "Le pont sur le port sera fermé pour une année et les bateaux vont naviguer dans la nuit avec des gardes.",
    "es": "El puente sobre el puerto se va a cerrar por un año y los barcos van a salir por la noche con más guardias.",
    "pt": "A ponte sobre o porto vai ser fechada por um ano e os barcos não saem à noite, mas com mais guardas.",
    "it": "Il ponte sul porto è chiuso per un anno e la nave non parte di notte, ma con più guardie della città.",
    "nl": "De brug over de haven wordt een jaar gesloten en het veer zal ook in de nacht varen, maar niet met auto's.",
    "pl": "Most nad portem jest zamknięty na rok i nie wiadomo, czy prom będzie pływać w nocy, ale to już się dzieje.",
    "sv": "Bron över hamnen är stängd för ett år och färjan ska också gå om natten, men det är inte klart när den går.",
    "tr": "Liman üzerindeki köprü bir yıl için kapalı ve vapur gece de çalışacak, ancak bu daha kesin değil.",
    "ru": "Мост через порт закрыт на год, и паром будет ходить по ночам, но это не так просто, как все думали.",
    "uk": "Міст через порт закрито на рік, і пором буде ходити вночі, але це не так просто, як про це думали.",
    "hi": "बंदरगाह का पुल एक साल के लिए बंद है और नाव रात में भी चलेगी, यह नगर परिषद ने कहा है।",
    "ar": "الجسر على الميناء مغلق هذا العام كما قال المجلس في بيان عن المشروع الذي كان مع المدينة إلى بعد غد",
    "ja": "港にかかる橋は一年間閉鎖され、渡し船は夜も運航することになったと市は発表した。",
    "zh": "市议会表示，港口大桥将关闭一年，渡轮夜间也将继续运营。",
    "ko": "항구를 가로지르는 다리는 일 년 동안 폐쇄되고 배는 밤에도 운항한다고 시가 밝혔다.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_languages(language: str) -> None:
    assert language_of([SENTENCES[language]]) == language


@pytest.mark.parametrize(
    "text", ["", "Ada Quill", "Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do " * 3]
)
def test_what_is_no_known_language(text: str) -> None:
    assert language_of([text]) is None


def test_the_lists_differ() -> None:
    assert len(set(LANGUAGES)) == len(LANGUAGES) >= 20


def test_the_text_speaks_where_the_page_does_not_or_says_english_by_default() -> None:
    german = f"<p>{SENTENCES['de'] * 3}</p>"
    assert metadata_of("", german).language == "de"
    assert metadata_of('<meta property="og:locale" content="en_US">', german).language == "de"
    assert metadata_of('<meta property="og:locale" content="fr_CH">', german).language == "fr"
    assert metadata_of('<meta property="og:locale" content="en_US">', "<p>Lorem</p>").language == "en"


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("The council met in the old town hall and decided that the bridge has to be closed for a year. " * 3, True),
        ("Der Rat tagte im alten Rathaus und beschloss, die Brücke für ein Jahr zu schließen, in the end. " * 3, False),
        ("De raad was in het stadhuis en is van plan om de brug een jaar te sluiten, dat is zeker. " * 3, False),
        ("The council met.", False),
    ],
)
def test_plain_english_is_seen_at_a_glance(text: str, english: bool) -> None:
    assert plainly_english([text]) is english
