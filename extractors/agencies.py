"""News agencies: they sign beside or in place of a writer, and are no writer's name."""

import re
from typing import Final

from extractors.wordsets import words

_NAMES: Final = (
    "Reuters", "Thomson Reuters", "AP", "Associated Press", "AFP", "Agence France-Presse", "dpa", "dpa-AFX",
    "Deutsche Presse-Agentur", "APA", "Austria Presse Agentur", "SDA", "Keystone-SDA", "AWP", "epd", "KNA", "SID",
    "Bloomberg", "Bloomberg News", "Dow Jones", "Dow Jones Newswires", "PA", "PA Media", "Press Association", "UPI",
    "United Press International", "Canadian Press", "AAP", "Australian Associated Press", "RNZ", "EFE", "Agencia EFE",
    "Europa Press", "Notimex", "Télam", "Colpisa", "Servimedia", "Lusa", "Agência Lusa", "Agência Brasil",
    "Estadão Conteúdo", "Folhapress", "ANSA", "Agenzia ANSA", "Adnkronos", "AGI", "LaPresse", "Askanews", "Belga",
    "ANP", "Novum", "Ritzau", "TT", "NTB", "STT", "PAP", "ČTK", "CTK", "TASR", "MTI", "Agerpres", "Mediafax", "BTA",
    "STA", "Hina", "Tanjug", "Beta", "FoNet", "SRNA", "ELTA", "BNS", "LETA", "TASS", "ТАСС", "Interfax", "Интерфакс",
    "RIA Novosti", "РИА Новости", "Ukrinform", "Укрінформ", "Anadolu", "Anadolu Agency", "Anadolu Ajansı", "AA", "DHA",
    "İHA", "IHA", "PTI", "Press Trust of India", "ANI", "IANS", "UNI", "United News of India", "PTI-Bhasha", "Bhasha",
    "भाषा", "पीटीआई", "एएनआई", "आईएएनएस", "वार्ता", "एजेंसी", "Xinhua", "新华社", "CNS", "Kyodo", "Kyodo News", "共同通信",
    "Jiji", "Jiji Press", "時事通信", "Yonhap", "연합뉴스", "Antara", "Bernama", "CNA", "中央社", "VNA", "TTXVN", "SPA",
    "WAM", "MENA", "IRNA", "Agency", "Agencies", "Agenturen", "Agences", "Agencias", "Agências", "Agenzie",
)  # fmt: skip


def _key(name: str) -> str:
    folded = re.sub(r"[\W_]+", " ", name.casefold()).strip()
    return folded.removeprefix("the ")


AGENCIES: Final = frozenset(map(_key, _NAMES))
AGENCY_WORDS: Final = frozenset(
    word
    for name in (*AGENCIES, "newswire newswires newsservice newsservices nachrichtenagentur")
    for word in words(name)
)
"""Of each agency's name at least one word stands here."""
SERVICE = re.compile(r"\b(?:news ?wires?|news ?services?|press agency|news agency|nachrichtenagentur)\b", re.IGNORECASE)


def is_agency(name: str) -> bool:
    """Whether a name, in any case and punctuation, is an agency's."""
    return _key(name) in AGENCIES or bool(SERVICE.search(name))
