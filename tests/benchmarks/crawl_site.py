"""Pages behind nginx on loopback addresses, for benchmarks of clients: the same bytes for each of them.

Every page has an address of its own, and from the second time on its text is its own too, so that nothing is stored
for having been seen before. nginx (one worker, static files) serves them as they are at one port, and gzipped
beforehand at the next.
"""

import gzip
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from urllib.request import urlopen

_HOSTS = 1000
_CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
  access_log off; default_type text/html; keepalive_requests 10000000; keepalive_timeout 75s; sendfile on;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ {plain} root {folder}/plain; }}
  server {{ {packed} root {folder}/packed; gzip_static always; }}
}}
"""


def urls(count: int, hosts: int, port: int, *, times: int = 1) -> list[str]:
    """The addresses of so many pages, dealt to so many hosts; ``times`` over, each time on other hosts."""
    return [f"http://{_host(n % hosts)}:{port}/{_name(n % count)}" for n in range(count * times)]


@contextmanager
def serving(pages: Path, port: int, *, count: int, plain: bool) -> Iterator[None]:
    """Serves ``count`` pages made of those of a folder (``*.html.gz``), as they are only where ``plain`` is set."""
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if nginx is None:
        raise SystemExit("there is no nginx here; install it, such as with `apt-get install nginx-light`")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx, started by root, gives its rights up
        _lay_out(pages, folder, count, plain=plain)
        listens = {
            key: " ".join(f"listen {_host(n)}:{at};" for n in range(_HOSTS))
            for key, at in (("plain", port), ("packed", port + 1))
        }
        (folder / "nginx.conf").write_text(_CONFIGURATION.format(folder=folder, **listens), "utf-8")
        with subprocess.Popen([nginx, "-c", str(folder / "nginx.conf")]) as server:
            try:
                _wait(urls(1, 1, port + 1)[0])
                yield
            finally:
                server.terminate()


def _lay_out(pages: Path, folder: Path, count: int, *, plain: bool) -> None:
    found = sorted(pages.rglob("*.html.gz"), key=lambda path: blake2b(path.name.encode()).digest())
    if not found:
        raise SystemExit(f"{pages} holds no page (*.html.gz); --pages names a folder with some")
    for part in ("plain/news", "packed/news"):
        (folder / part).mkdir(parents=True)
    for n in range(count):
        body = gzip.decompress(found[n % len(found)].read_bytes())
        if n >= len(found):
            body = body.replace(b"</p>", b" Edition %d.</p>" % n)
        (folder / "packed" / f"{_name(n)}.gz").write_bytes(gzip.compress(body, 6))
        if plain:
            (folder / "plain" / _name(n)).write_bytes(body)


def _name(number: int) -> str:
    return f"news/{number}-a-story-of-the-day"


def _host(number: int) -> str:
    return f"127.0.{2 + number // 250}.{number % 250 + 1}"


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nginx does not serve {url}")
