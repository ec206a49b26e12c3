from extractors import HeadLink, Page, head_links, links

HTML = """<html><head><base href="/news/">
<link rel="alternate" type="Application/RSS+xml" href="/feed.xml" title=" All  news ">
<link rel="stylesheet" href="s.css"><link rel="icon" href="data:,"><link href="x"></head>
<body><a href="one.html">One
 story</a><a href="https://other.example/two?a=1#c"><b>Two</b></a><a href="mailto:a@example.com">Mail</a>
<a href="javascript:void(0)">Script</a><a>None</a><a href="http://[bad">Bad</a><a href="">Empty</a></body>"""
PAGE = Page(url="https://example.com/", body=HTML.encode(), final_url="https://example.com/start")


def test_links_are_absolute_and_in_order() -> None:
    assert links(PAGE) == (
        ("https://example.com/news/one.html", "One story"),
        ("https://other.example/two?a=1#c", "Two"),
    )


def test_head_links() -> None:
    assert head_links(PAGE) == (
        HeadLink(rel="alternate", type="application/rss+xml", href="https://example.com/feed.xml", title="All news"),
        HeadLink(rel="stylesheet", type="", href="https://example.com/news/s.css", title=""),
    )


def test_without_html_there_are_no_links() -> None:
    empty = Page(url="https://example.com/", body=b"\x00\xff")
    assert links(empty) == head_links(empty) == ()
