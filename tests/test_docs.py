"""The docs say what the code offers: generated pages are as the generator makes them."""

import re
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


def test_the_site_names_every_page() -> None:
    navigation = (DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8")
    for path in DOCS.rglob("*.md"):
        if path.parent.name != "decisions" or path.name == "README.md":
            assert str(path.relative_to(DOCS)) in navigation
