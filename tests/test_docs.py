"""The docs say what the code offers: generated pages are as the generator makes them."""

import html
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import features, metrics
from docs import make

DOCS = Path(make.__file__).parent


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def test_every_command_is_documented_as_it_is() -> None:
    assert page("commands") == make.command_page(), "run `make gallery`"


def test_every_definition_is_documented_as_it_is() -> None:
    assert page("definitions") == make.definition_page(), "run `make gallery`"
    assert all(f"`{metric_id}`" in page("definitions") for metric_id in metrics.catalogue())


@pytest.mark.parametrize("name", features.names())
def test_every_question_is_in_the_gallery(name: str) -> None:
    assert f"`/{name}`: " in page("gallery")


def test_pictures_that_are_shown_exist_and_others_do_not_pile_up() -> None:
    shown = set()
    for path in [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]:
        for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).is_file(), f"{path.name}: {link}"
            shown.add((path.parent / link).resolve())
    themes = {p for p in make.PICTURES.glob("*.png") if p.stem.endswith("-light")}
    assert {p.resolve() for p in make.PICTURES.glob("*.png")} - themes <= shown


def test_links_between_pages_lead_somewhere() -> None:
    for path in [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]:
        for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            if not link.startswith(("http", "mailto:")):
                assert (path.parent / link).exists(), f"{path.name}: {link}"


def markdown_pages() -> list[Path]:
    return list(DOCS.rglob("*.md"))


def html_of(page: Path) -> str:
    """Return where mkdocs puts a page."""
    relative = page.relative_to(DOCS)
    home = relative.with_name("index.html")
    return str(home if page.stem in {"index", "README"} else relative.with_suffix("") / "index.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as ``make docs`` does; ``--quiet`` would also silence the warnings that ``--strict`` counts."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        command,
        cwd=DOCS.parent,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return folder


def test_the_site_is_built_without_a_warning_and_has_every_page(site: Path) -> None:
    for page_ in markdown_pages():
        text = (site / html_of(page_)).read_text(encoding="utf-8")
        heading = page_.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert f">{html.escape(heading, quote=False)}<" in text, page_.name


def test_what_the_site_shows_and_links_to_is_in_it(site: Path) -> None:
    for path in site.rglob("*.html"):
        if path.name == "404.html":
            continue
        text = path.read_text(encoding="utf-8")
        for link in re.findall(r'(?:href|src)="([^"#?]+)[^"]*"', text):
            if not re.match(r"[a-z]+:|//", link):
                target = (path.parent / html.unescape(link)).resolve()
                assert target.exists(), f"{path.relative_to(site)}: {link}"


def test_the_site_is_searched_by_the_words_people_know(site: Path) -> None:
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    for words in ("Days to cover", "/rotation", "Relative strength", "Add a question"):
        assert words in index, words
