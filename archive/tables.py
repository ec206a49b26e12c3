"""The tables of today's schema. Column names of facts and views are a contract for people's SQL: add, never rename."""

FACTS = """
CREATE TABLE runs(
    id TEXT PRIMARY KEY, command TEXT NOT NULL, started_at TEXT NOT NULL, finished_at TEXT, software TEXT NOT NULL,
    config_digest TEXT NOT NULL, machine TEXT NOT NULL, root TEXT) WITHOUT ROWID;
CREATE TABLE fetches(
    id INTEGER PRIMARY KEY CHECK(id > 0), run TEXT NOT NULL REFERENCES runs(id), seq INTEGER NOT NULL,
    kind TEXT NOT NULL, url TEXT NOT NULL, site TEXT NOT NULL REFERENCES sites(name), started_at TEXT NOT NULL,
    outcome TEXT NOT NULL, status INTEGER, final_url TEXT, ms INTEGER NOT NULL, bytes INTEGER NOT NULL,
    attempts INTEGER NOT NULL, raw_key TEXT REFERENCES raws(key), etag TEXT, last_modified TEXT, error TEXT,
    source TEXT, record TEXT NOT NULL, UNIQUE(run, seq));
CREATE INDEX fetches_started_at ON fetches(started_at);
CREATE INDEX fetches_outcome ON fetches(outcome, site);
CREATE INDEX fetches_url ON fetches(url) WHERE kind <> 'article';
CREATE INDEX fetches_raw_key ON fetches(raw_key) WHERE raw_key IS NOT NULL;
CREATE INDEX fetches_source ON fetches(source) WHERE source IS NOT NULL;
CREATE TABLE raws(
    key TEXT PRIMARY KEY CHECK(length(key) = 16), sha256 TEXT NOT NULL CHECK(length(sha256) = 64),
    size INTEGER NOT NULL, stored_size INTEGER NOT NULL, base_key TEXT REFERENCES raws(key)) WITHOUT ROWID;
CREATE TABLE raw_bodies(key TEXT NOT NULL PRIMARY KEY REFERENCES raws(key), body BLOB NOT NULL);
CREATE TABLE discoveries(
    run TEXT NOT NULL REFERENCES runs(id), seq INTEGER NOT NULL, url TEXT NOT NULL, site TEXT NOT NULL,
    kind TEXT NOT NULL, found_in TEXT NOT NULL, published TEXT, at TEXT NOT NULL,
    PRIMARY KEY(run, seq)) WITHOUT ROWID;
CREATE INDEX discoveries_url ON discoveries(url);
CREATE TABLE optouts(
    run TEXT NOT NULL REFERENCES runs(id), seq INTEGER NOT NULL, url TEXT NOT NULL, site TEXT NOT NULL,
    signal TEXT NOT NULL, value TEXT NOT NULL, action TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY(run, seq)) WITHOUT ROWID;
CREATE INDEX optouts_url ON optouts(url);
CREATE TABLE removals(key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
"""

DERIVED = """
CREATE TABLE sites(name TEXT PRIMARY KEY, home TEXT) WITHOUT ROWID;
CREATE TABLE urls(id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, base_key TEXT, rules TEXT);
CREATE TABLE articles(
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, url TEXT NOT NULL UNIQUE,
    site TEXT NOT NULL REFERENCES sites(name), canonical_url TEXT, title TEXT NOT NULL DEFAULT '',
    authors TEXT NOT NULL DEFAULT '[]', published TEXT, modified TEXT, section TEXT, language TEXT, first_seen TEXT,
    last_seen TEXT, version_count INTEGER NOT NULL DEFAULT 0, latest_version INTEGER REFERENCES versions(id),
    state TEXT NOT NULL DEFAULT 'live', rules TEXT NOT NULL DEFAULT '', shown_key TEXT);
CREATE INDEX articles_site ON articles(site);
CREATE INDEX articles_first_seen ON articles(first_seen);
CREATE INDEX articles_last_seen ON articles(last_seen);
CREATE INDEX articles_version_count ON articles(version_count);
CREATE TABLE texts(
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE CHECK(length(key) = 16), sha256 TEXT NOT NULL,
    title TEXT NOT NULL, text TEXT NOT NULL, words INTEGER NOT NULL);
CREATE TABLE versions(
    id INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles(id), number INTEGER NOT NULL,
    text_key TEXT NOT NULL REFERENCES texts(key), raw_key TEXT NOT NULL REFERENCES raws(key),
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, sightings INTEGER NOT NULL DEFAULT 1,
    words_added INTEGER NOT NULL, words_removed INTEGER NOT NULL, kinds TEXT NOT NULL, rules TEXT NOT NULL,
    folded TEXT NOT NULL, UNIQUE(article, number));
CREATE INDEX versions_text_key ON versions(text_key);
CREATE INDEX versions_first_seen ON versions(first_seen);
CREATE TABLE sightings(
    fetch INTEGER PRIMARY KEY REFERENCES fetches(id), article INTEGER REFERENCES articles(id),
    version INTEGER REFERENCES versions(id), asked INTEGER NOT NULL REFERENCES urls(id),
    page INTEGER NOT NULL REFERENCES urls(id), claim INTEGER REFERENCES urls(id),
    target INTEGER NOT NULL REFERENCES urls(id));
CREATE INDEX sightings_article ON sightings(article);
CREATE INDEX sightings_asked ON sightings(asked);
CREATE INDEX sightings_target ON sightings(target);
CREATE INDEX sightings_claim ON sightings(claim) WHERE claim IS NOT NULL;
CREATE TABLE events(
    id INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles(id), version INTEGER REFERENCES versions(id),
    at TEXT NOT NULL, kind TEXT NOT NULL, weight INTEGER NOT NULL, detail TEXT NOT NULL);
CREATE INDEX events_article ON events(article);
CREATE INDEX events_at ON events(at);
CREATE INDEX events_kind ON events(kind);
CREATE TABLE daily(
    day TEXT NOT NULL, site TEXT NOT NULL, outcome TEXT NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL,
    PRIMARY KEY(day, site, outcome)) WITHOUT ROWID;
"""

STRINGS = """
CREATE TABLE labels(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE phrases(id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX phrases_hash ON phrases(hash);
"""
"""Strings of lists, each stored once: short ones that return often as labels, headlines and teasers as phrases, which
``hash`` finds without an index of whole texts."""

LISTS = """
CREATE TABLE spots(
    id INTEGER PRIMARY KEY, list INTEGER NOT NULL REFERENCES labels(id), section INTEGER REFERENCES labels(id),
    when_text INTEGER REFERENCES labels(id), when_ago INTEGER, when_span INTEGER);
CREATE INDEX spots_list ON spots(list, when_text, when_ago);
CREATE TABLE links(
    id INTEGER PRIMARY KEY, title INTEGER NOT NULL AS (id >> 20) REFERENCES phrases(id),
    origin INTEGER REFERENCES labels(id), path TEXT);
CREATE TABLE placements(
    article INTEGER NOT NULL REFERENCES articles(id), link INTEGER NOT NULL REFERENCES links(id),
    spot INTEGER NOT NULL REFERENCES spots(id), position INTEGER NOT NULL, teaser INTEGER REFERENCES phrases(id),
    when_at INTEGER, first_fetch INTEGER NOT NULL REFERENCES fetches(id), last_fetch INTEGER REFERENCES fetches(id),
    sightings INTEGER NOT NULL DEFAULT 1, PRIMARY KEY(article, link, spot)) WITHOUT ROWID;
CREATE INDEX placements_link ON placements(link);
CREATE INDEX placements_teaser ON placements(teaser) WHERE teaser IS NOT NULL;
"""
"""Lists, normalised. A link is a title with a URL in two parts; ``archive/links.py`` says what its id tells.

A spot is a list, a section and an age as they are printed. The label of a list is its kind, a line feed, and its
heading. An item that appeared whole minutes before its first look, as "4 hours ago" says, has those minutes in
``when_ago``; any other one has ``when_at``, in milliseconds since 1970. ``when_span`` is in milliseconds.
``last_fetch`` is NULL until an item is seen a second time.
"""

VIEWS = """
CREATE VIEW list_items AS
    SELECT p.article, substr(list.text, instr(list.text, char(10)) + 1) AS heading,
           substr(list.text, 1, instr(list.text, char(10)) - 1) AS kind, p.position, title.text AS title,
           origin.text || l.path AS url, teaser.text AS teaser, section.text AS section, w.text AS when_text,
           CASE WHEN s.when_ago IS NULL THEN strftime('%Y-%m-%dT%H:%M:%fZ', p.when_at / 1000.0, 'unixepoch')
                ELSE strftime('%Y-%m-%dT%H:%M', substr(first.started_at, 1, 16), -s.when_ago || ' minutes')
                     || substr(first.started_at, 17) END AS when_at,
           CASE WHEN s.when_ago IS NULL
                THEN strftime('%Y-%m-%dT%H:%M:%fZ', (p.when_at + s.when_span) / 1000.0, 'unixepoch')
                ELSE strftime('%Y-%m-%dT%H:%M', substr(first.started_at, 1, 16),
                              (s.when_span / 60000 - s.when_ago) || ' minutes')
                     || substr(first.started_at, 17) END AS when_until,
           first.started_at AS first_seen, last.started_at AS last_seen, p.sightings
    FROM placements p JOIN links l ON l.id = p.link JOIN phrases title ON title.id = l.title
         JOIN spots s ON s.id = p.spot JOIN labels list ON list.id = s.list
         JOIN fetches first ON first.id = p.first_fetch
         JOIN fetches last ON last.id = coalesce(p.last_fetch, p.first_fetch)
         LEFT JOIN labels origin ON origin.id = l.origin LEFT JOIN phrases teaser ON teaser.id = p.teaser
         LEFT JOIN labels section ON section.id = s.section LEFT JOIN labels w ON w.id = s.when_text;
CREATE VIEW latest AS
    SELECT a.id, a.key, a.site, a.url, t.title, a.authors, a.published, a.first_seen, a.last_seen, v.number,
           v.text_key, t.words, t.text, a.state
    FROM articles a JOIN versions v ON v.id = a.latest_version JOIN texts t ON t.key = v.text_key;
CREATE VIEW changes AS
    SELECT v.id, v.first_seen AS at, a.site, a.url, t.title, v.number, v.kinds, v.words_added, v.words_removed,
           b.text_key AS before_key, v.text_key, v.article
    FROM versions v JOIN articles a ON a.id = v.article JOIN texts t ON t.key = v.text_key
         JOIN versions b ON b.article = v.article AND b.number = v.number - 1
    WHERE v.number > 1;
CREATE VIEW failures AS
    SELECT id, started_at, site, kind, url, outcome, status, error, attempts
    FROM fetches
    WHERE (outcome NOT IN ('new', 'changed', 'same', 'not-modified', 'digest-only', 'imported')
           AND NOT (kind = 'robots' AND outcome IN ('http-404', 'http-410')))
       OR (kind IN ('feed', 'sitemap', 'listing') AND error IS NOT NULL);
"""

STATE = """
CREATE TABLE frontier(
    url TEXT PRIMARY KEY, key TEXT NOT NULL, site TEXT NOT NULL, kind TEXT NOT NULL, found_in TEXT,
    added_at TEXT NOT NULL, published TEXT, next_at TEXT NOT NULL, last_at TEXT, last_outcome TEXT,
    attempts INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, looks INTEGER NOT NULL DEFAULT 0,
    changes INTEGER NOT NULL DEFAULT 0, etag TEXT, last_modified TEXT, state TEXT NOT NULL DEFAULT 'due',
    changed_at TEXT, reason TEXT, UNIQUE(key, kind));
CREATE INDEX frontier_site_next_at ON frontier(site, next_at);
CREATE TABLE rates(
    site TEXT NOT NULL, age INTEGER NOT NULL, hours REAL NOT NULL, edits INTEGER NOT NULL,
    PRIMARY KEY(site, age)) WITHOUT ROWID;
CREATE TABLE hosts(
    host TEXT PRIMARY KEY, robots_at TEXT, robots_status INTEGER, robots_body BLOB, crawl_delay REAL, retry_at TEXT,
    last_request_at TEXT, failures INTEGER NOT NULL DEFAULT 0, etag_looks INTEGER NOT NULL DEFAULT 0,
    etag_lies INTEGER NOT NULL DEFAULT 0);
"""
