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


@pytest.mark.parametrize(
    "path", [*DOCS.glob("guide/*.md"), DOCS / "privacy.md", DOCS.parent / "README.md"], ids=lambda p: p.name
)
def test_guides_name_commands_that_there_are(path: Path) -> None:
    known = re.findall(r"^## /(.+)$", page("commands"), re.MULTILINE)
    alone = {name for name in known if " " not in name}
    for written in re.findall(r"`/([a-z]+(?: [a-z]+(?![a-z:]))*)", path.read_text(encoding="utf-8")):
        if written not in {"data", "path"}:  # places of files
            assert written.split()[0] in alone or any(f"{written} ".startswith(f"{name} ") for name in known), written


def test_every_option_is_documented() -> None:
    """By what it does, also where a group has a command without a verb, and one that has to be given."""
    text = page("commands")
    posts = text[text.index("## /schedule add") : text.index("## /schedule edit")]
    assert all(
        f"| `{name}` | " in posts for name in ("report", "window", "every", "days", "at", "channel", "dashboard")
    )
    assert (
        "| `every` | How often: by the week or month, or as news comes: weekly, monthly, session, finra, fomc |"
        in posts
    )
    removed = text[text.index("## /schedule remove") : text.index("## /schedule resume")]
    assert "| `schedule` (needed) | Which one: its number in the list |" in removed
    assert "## /schedule list\n" in text
    assert "| `about` | " in text[text.index("## /privacy export") :]


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
