import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors import decode_body

TEXTS = {
    "de": "Die Bürger klagen über die Änderung der Pläne in Köln. Der Bürgermeister äußerte sich nicht. ",
    "ru": "Президент заявил журналистам, что переговоры будут продолжены на следующей неделе в столице. ",
    "ja": "政府は来週、新しい予算案について国会で議論を始めると発表した。経済にも影響が出る見通しだ。",
    "zh": "政府下周将在国会开始讨论新的预算案，预计也会对经济产生影响。",
    "he": "ראש הממשלה אמר היום כי המשא ומתן יימשך בשבוע הבא בירושלים ",
    "ko": "정부는 다음 주에 새로운 예산안에 대한 논의를 시작할 것이라고 발표했다 ",
}


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16le"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16be"),
    ],
)
def test_a_byte_order_mark_wins_over_every_label(mark: bytes, codec: str, name: str) -> None:
    body = mark + TEXTS["ru"].encode(codec)
    assert decode_body(body, "windows-1252", "text/html") == (TEXTS["ru"], name)


def test_valid_utf8_wins_over_a_wrong_label() -> None:
    body = f"<meta charset=koi8-r>{TEXTS['ru']}".encode()
    text, name = decode_body(body, "iso-8859-1", "text/html")
    assert name == "utf-8"
    assert TEXTS["ru"] in text


@pytest.mark.parametrize(
    ("language", "label", "codec", "name"),
    [
        ("de", "iso-8859-1", "cp1252", "windows-1252"),
        ("de", "us-ascii", "cp1252", "windows-1252"),
        ("de", "ISO-8859-15", "iso8859-15", "iso-8859-15"),
        ("ru", "windows-1251", "cp1251", "windows-1251"),
        ("ru", "koi8-r", "koi8-r", "koi8-r"),
        ("ja", "Shift_JIS", "cp932", "shift_jis"),
        ("ja", "x-sjis", "cp932", "shift_jis"),
        ("ja", "euc-jp", "euc_jp", "euc-jp"),
        ("ja", "iso-2022-jp", "iso2022_jp", "iso-2022-jp"),
        ("zh", "gb2312", "gb18030", "gb18030"),
        ("he", "ISO-8859-8", "iso8859-8", "iso-8859-8"),
        ("he", "iso-8859-8-i", "iso8859-8", "iso-8859-8"),
        ("ko", "ks_c_5601-1987", "cp949", "euc-kr"),
        ("ru", "utf-16", "utf-16-le", "utf-16le"),
        ("de", "utf-16be", "utf-16-be", "utf-16be"),
    ],
)
def test_a_label_means_what_the_standard_says(language: str, label: str, codec: str, name: str) -> None:
    text = TEXTS[language]
    assert decode_body(text.encode(codec), label, "text/html") == (text, name)


def test_a_western_label_reads_the_curly_quotes_of_windows() -> None:
    assert decode_body("“yes” – he said".encode("cp1252"), "iso-8859-1", "text/html")[0] == "“yes” – he said"


@pytest.mark.parametrize("meta", ['<meta charset="windows-1251">', '<?xml version="1.0" encoding="windows-1251"?>'])
def test_the_page_names_its_encoding_within_4_kb(meta: str) -> None:
    text = f"<!-- {'x' * 3000} -->{meta}<p>{TEXTS['ru']}"
    assert decode_body(text.encode("cp1251"), None, "text/html") == (text, "windows-1251")


def test_a_servers_western_default_yields_to_the_page() -> None:
    text = f'<meta http-equiv=content-type content="text/html; charset=windows-1251"><p>{TEXTS["ru"]}'
    assert decode_body(text.encode("cp1251"), "iso-8859-1", "text/html") == (text, "windows-1251")


def test_plain_text_has_no_meta_element() -> None:
    body = f"<meta charset=koi8-r> {TEXTS['de']}".encode("cp1252")
    assert decode_body(body, "windows-1252", "text/html")[1] == "koi8-r"
    assert decode_body(body, "windows-1252", "text/plain")[1] == "windows-1252"


@pytest.mark.parametrize(
    ("language", "codec", "name"),
    [
        ("de", "cp1252", "windows-1252"),
        ("ru", "cp1251", "windows-1251"),
        ("ja", "cp932", "shift_jis"),
        ("zh", "gb18030", "gb18030"),
        ("ko", "cp949", "euc-kr"),
    ],
)
@pytest.mark.parametrize("label", [None, "utf-8", "x-unknown", "unicode_escape", "zlib"])
def test_without_a_true_label_the_encoding_is_detected(language: str, codec: str, name: str, label: str | None) -> None:
    text = f"<p>{TEXTS[language] * 3}</p>"
    assert decode_body(text.encode(codec), label, "text/html") == (text, name)


def test_a_few_broken_bytes_do_not_turn_utf8_into_something_else() -> None:
    text, name = decode_body(TEXTS["ru"].encode() + b"\xff" + TEXTS["ru"].encode(), None, "text/html")
    assert (text, name) == (f"{TEXTS['ru']}\ufffd{TEXTS['ru']}", "utf-8")


def test_a_body_that_was_cut_inside_a_character_loses_only_that() -> None:
    assert decode_body(TEXTS["ja"].encode()[:-1], None, "text/html") == (TEXTS["ja"][:-1], "utf-8")
    assert decode_body("Das ist ein Café".encode("cp1252"), "iso-8859-1", "text/html")[0] == "Das ist ein Café"


@given(
    st.binary(max_size=200), st.sampled_from([None, "utf-8", "utf-16", "shift_jis", "gbk", "iso-2022-jp", "\x00", "ä"])
)
def test_any_bytes_become_text(body: bytes, label: str | None) -> None:
    text, _ = decode_body(body, label, "text/html")
    text.encode("utf-8")


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200).filter(lambda text: text[:1] != "\ufeff")
)
def test_utf8_round_trip(text: str) -> None:
    assert decode_body(text.encode(), None, "text/plain") == (text, "utf-8")
