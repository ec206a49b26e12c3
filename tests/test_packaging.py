"""What is shipped: the wheel holds the three packages, their data and nothing else."""

import importlib
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"archive", "crawler", "extractors"}


def _tracked(*folders: str) -> list[str]:
    """The files that git tracks; nothing where there is no git or no checkout."""
    if shutil.which("git") is None:
        return []
    command = ["git", "-C", str(ROOT), "ls-files", *folders]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in a wheel built from the working tree with the installed hatchling (no download)."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


def test_wheel_holds_exactly_the_three_packages(wheel: list[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == PACKAGES


def test_wheel_holds_every_file_of_the_packages(wheel: list[str]) -> None:
    names = _tracked(*PACKAGES) or [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert not set(names) - set(wheel)


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_each_package_is_typed_and_in_the_wheel(wheel: list[str], package: str) -> None:
    assert f"{package}/py.typed" in wheel
    assert f"{package}/__init__.py" in wheel


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_public_names_are_sorted_and_exist(package: str) -> None:
    module = importlib.import_module(package)
    assert list(module.__all__) == sorted(module.__all__)
    assert all(hasattr(module, name) for name in module.__all__)


def test_public_functions_stay_where_modules_have_their_names() -> None:
    script = (
        "import crawler.crawl, crawler.fetch; from crawler import crawl, fetch; print(crawl.__name__, fetch.__name__)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "crawl fetch\n"
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        importlib.import_module("crawler").nonsense  # noqa: B018


def test_help_waits_for_no_library_that_it_does_not_need() -> None:
    script = "import sys; from crawler.__main__ import run; run(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"aiohttp", "httpx", "numpy", "rich", "archive", "extractors", "asyncio"} & set(done.stderr.split())


def test_changelog_names_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_top_level_holds_nothing_else() -> None:
    tops = {name.split("/")[0] for name in _tracked()}
    if not tops:
        pytest.skip("not a git checkout, or no git: the list of tracked files is not known here")
    allowed = PACKAGES | {"tests", "pyproject.toml", "README.md", "config.toml", "LICENSE", "CHANGELOG.md"}
    assert {top for top in tops if not top.startswith(".")} <= allowed


def test_looking_into_an_archive_waits_for_no_reader() -> None:
    script = "import sys; from archive import Archive; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"aiohttp", "extractors.extract", "extractors.generic", "selectolax"} & set(done.stdout.split())
