"""The language of a text, for pages that name none: by its script, then by the short words that every text repeats.

The words are the commonest articles, prepositions, pronouns and verbs that a language does not share with its
neighbours here, or shares with few; a text is known when one list clearly holds more of its words than any other.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import Final

from extractors.wordsets import words

_LOOKED_AT: Final = 200  # words
_FEWEST: Final = 12  # of a text that can be told by its words
_SHARE: Final = 0.10  # of the words that must be in the list
_LEAD: Final = 1.3  # over the second list

_LISTS: Final = {
    "en": "the of and to in is that for it was with as his on be at by this had not are but from have they which "
    "were their has would there been will",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus "
    "er hat dass sie nach wird bei einer um am sind noch wie einem über",
    "fr": "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il sont avec son aux "
    "ont cette mais ou été elle",
    "es": "de la que el en y a los del se las por un para con no una su al es lo como más pero sus le ya fue este "
    "ha sí porque esta entre",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das à seu "
    "sua ou são pelo pela até também",
    "it": "di che è e la il un a per in una sono non mi si lo ha con del della le da i dei alla al nel gli più "
    "anche ma come delle questo dalla",
    "nl": "de van een het en in is dat op te zijn voor met die niet aan er om ook als dan maar bij nog uit naar "
    "heeft wordt door over worden",
    "pl": "w i na z się do nie że to jest o jak za po od przez dla są oraz ale jego już tym czy ich może który "
    "która będzie",
    "sv": "och i att det som en på är av för med till den har de inte om ett men var jag från vi så kan när efter "
    "också sig under",
    "da": "og i at det er en til på af for der med den de som ikke har et var om han men fra kan blev efter også "
    "sig bliver ved hvor",
    "no": "og i det er på som til en av for at med å har de ikke den et om han var men fra ble så kan etter også "
    "seg blir skal hvor",
    "fi": "ja on ei että se oli hän ovat mutta kun myös mukaan joka ole sen tai jos niin mitä kuin vain voi jotka "
    "hänen nyt vielä",
    "tr": "ve bir bu da de için ile olarak daha çok olan gibi kadar sonra ne ise her o en ancak değil var olduğu "
    "iki ilgili tarafından",
    "id": "yang dan di dengan untuk dari ini itu pada tidak dalam akan ke juga oleh ada sebagai karena saya "
    "tersebut kata telah bisa lebih",
    "ro": "și de în la a cu pe nu o un din care este mai că pentru să au fost sunt ca prin după dar această lui fi "
    "ale dintre",
    "cs": "a v se na je že s z do o i to k ve pro ale jako za by jsou po od která který podle byl již jeho však "
    "není",
    "hu": "a az és hogy nem is egy van meg volt ez csak már de azt vagy mint még el ha lesz szerint után között ezt",
    "vi": "và của là có được cho không các trong người một này với đã những để khi đến về tại như cũng từ ra năm",
    "ru": "и в на не что с по как это к из он для за от был его до также о при она так но все года или будет",
    "uk": "і в на не що з до як це за та він для від у його був також про вона але під року або буде є ще які",
    "bg": "и на да се в за от не с е че по са това като до при ще който но има към или след която",
    "ar": "في من على أن إلى عن التي مع الذي هذا هذه كان ما لا بعد وقد كما بين ذلك قال",
    "fa": "و در به از که این را با است برای آن شد یک می خود تا کرد بر هم نیز شده های",
    "ur": "کے کی میں ہے اور سے کا کو اس نے پر کہ یہ ہیں بھی نہیں ہو ایک کر تھا",
    "hi": "के में की है को का से और ने पर कि यह नहीं हैं भी इस एक हो कर था लिए गया",
    "mr": "आहे आणि या व च्या हा ही ते मध्ये आहेत केली होते करण्यात असे मात्र झाली त्यांनी",
    "ne": "छ र को मा ले पनि भएको गर्न हो लाई यो छन् तथा भने गरेको",
}  # fmt: skip
LANGUAGES: Final = tuple(_LISTS)
_OF_WORD: Final[dict[str, tuple[str, ...]]] = {
    word: tuple(language for language, line in _LISTS.items() if word in line.split())
    for word in {word for line in _LISTS.values() for word in line.split()}
}
_EN: Final = frozenset(_LISTS["en"].split())
_GLANCE: Final = 40  # words
_LINE: Final = 400  # characters
_PLAINLY: Final = 0.12  # of them; Dutch and Danish share half as many with English
_SCRIPTS: Final = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
    ("pa", re.compile("[\u0a00-\u0a7f]")),
    ("gu", re.compile("[\u0a80-\u0aff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("kn", re.compile("[\u0c80-\u0cff]")),
    ("ml", re.compile("[\u0d00-\u0d7f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
)
_OTHER_SCRIPT = re.compile("[\u0370-\uffff]")
_ENOUGH: Final = 0.2  # of the characters; a Japanese text holds more kanji than kana


def language_of(lines: Iterable[str]) -> str | None:
    """The two-letter code of the language of a text given line by line; None where it is short or not clear."""
    text = _sample(lines)
    letters = sum(map(len, text))
    if not letters:
        return None
    joined = "".join(text)
    if not joined.isascii() and _OTHER_SCRIPT.search(joined):
        for language, script in _SCRIPTS:
            if len(script.findall(joined)) > _ENOUGH * letters:
                return language
    return _by_words(text)


def plainly_english(lines: Iterable[str]) -> bool:
    """Whether the first words of a text given line by line can be nothing but English: cheaper than telling which."""
    text: list[str] = []
    for line in lines:
        text += words(line[:_LINE])
        if len(text) >= _GLANCE:
            return "the" in text and sum(map(_EN.__contains__, text)) >= _PLAINLY * len(text)
    return False


def _sample(lines: Iterable[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        found += words(line)
        if len(found) >= _LOOKED_AT:
            break
    return found[:_LOOKED_AT]


def _by_words(text: list[str]) -> str | None:
    votes = Counter(chain.from_iterable(_OF_WORD[word] for word in text if word in _OF_WORD))
    ranked = [*votes.most_common(2), ("", 0), ("", 0)]
    (best, most), (_, second) = ranked[0], ranked[1]
    clear = len(text) >= _FEWEST and most >= _SHARE * len(text) and most >= _LEAD * second
    return best if clear else None
