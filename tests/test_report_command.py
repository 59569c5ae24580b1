"""``handoff report`` for every question: JSON as its readers rely on it, text, pictures, wrong options."""

import json
import re
import typing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import features
from bot.cli import DONE, FAILED, MISUSED, main
from bot.report import Unit, as_json
from bot.request import choices_of
from docs.make import NEEDED
from tests.test_every_feature import DAYS, answered

SHAPE = {"feature", "request", "as_of", "headline", "stats", "tables", "charts", "notes", "sources"}
STAT = {"id", "label", "value", "unit", "as_of", "source", "stale"}
UNITS = set(typing.get_args(Unit))
ID = re.compile(r"[a-z][a-z0-9_]*([.-]?[A-Za-z0-9_^&]+)*")
A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def needed(name: str) -> list[str]:
    """Return the options without which a question has no answer."""
    words = []
    for field, value in NEEDED.get(name, {}).items():
        words += [f"--{field}", value if isinstance(value, str) else json.dumps(value)]
    return words


def typed(capsys: pytest.CaptureFixture[str], name: str, *options: str) -> str:
    assert main(["report", name, *needed(name), "--data", "sample", *options]) == DONE
    said = capsys.readouterr()
    assert not said.err
    return said.out


def refuse(token: str) -> typing.NoReturn:
    raise AssertionError(f"{token} is no JSON")


def strictly(text: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return body


def is_day(text: object) -> bool:
    return isinstance(text, str) and A_DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))


def assert_shape(body: dict[str, Any]) -> None:
    assert set(body) == SHAPE
    assert is_day(body["as_of"])
    assert isinstance(body["request"], dict)
    assert body["headline"].strip()
    for stat in body["stats"]:
        assert set(stat) == STAT
        assert ID.fullmatch(stat["id"]), stat
        assert stat["unit"] in UNITS
        assert isinstance(stat["label"], str) and isinstance(stat["source"], str) and isinstance(stat["stale"], bool)  # noqa: PT018
        assert stat["as_of"] is None or is_day(stat["as_of"])
        assert_cell(stat["value"], stat["unit"], stat["id"])
    for table in body["tables"]:
        assert set(table) == {"id", "columns", "rows"}
        assert len(set(table["columns"])) == len(table["columns"]), table["id"]
        assert all(isinstance(column, str) and column for column in table["columns"])
        assert all(isinstance(row, list) and len(row) == len(table["columns"]) for row in table["rows"])
        assert all(cell is None or isinstance(cell, str | int | float | bool) for row in table["rows"] for cell in row)
    for chart in body["charts"]:
        assert set(chart) == {"id", "alt", "path"}
    for texts in (body["notes"], body["sources"]):
        assert all(isinstance(text, str) and text.strip() for text in texts)


def assert_cell(value: object, unit: str, what: str) -> None:
    if value is None:
        return
    if unit == "date":
        assert is_day(value), what
    elif unit == "text":
        assert isinstance(value, str | int | bool), what
    else:
        assert isinstance(value, int | float), what
        assert not isinstance(value, bool), what


@pytest.mark.parametrize("name", features.names())
def test_json_is_as_its_readers_rely_on_it(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    body = strictly(typed(capsys, name, "--format", "json"))
    assert_shape(body)
    assert body["feature"] == name
    report = answered(name, date.fromisoformat(body["as_of"]))
    assert body == as_json(report)
    for table, written in zip(report.tables, body["tables"], strict=True):
        units = [column.unit for column in table.columns]
        for row in written["rows"]:
            for cell, unit, column in zip(row, units, written["columns"], strict=True):
                assert_cell(cell, unit, f"{table.id}.{column}")


@pytest.mark.parametrize("day", [DAYS[1], DAYS[2], DAYS[3]], ids=str)
@pytest.mark.parametrize("name", features.names())
def test_json_of_other_days_has_the_same_shape_or_is_refused(
    name: str, day: date, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["report", name, *needed(name), "--data", "sample", "--format", "json", "--as-of", day.isoformat()])
    said = capsys.readouterr()
    if code == FAILED:
        assert said.err.strip()
        assert not said.out
    else:
        body = strictly(said.out)
        assert_shape(body)
        assert body["as_of"] <= day.isoformat()
        missing = [stat["id"] for stat in body["stats"] if stat["value"] is None]
        assert not missing or body["notes"], missing


@pytest.mark.parametrize("columns", [80, 52])
@pytest.mark.parametrize("name", features.names())
def test_text_fits_the_terminal(
    name: str, columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = typed(capsys, name)
    assert max(map(len, text.splitlines())) <= columns
    assert not [line for line in text.splitlines() if line != line.rstrip()]
    assert "\n\n\n" not in text
    report = answered(name, DAYS[0])
    shown = " ".join(text.split())
    assert " ".join(report.headline.split()) in shown
    assert all(" ".join(f"- {note}".split()) in shown for note in report.notes)
    assert shown.endswith("Not investment advice.")


@pytest.mark.parametrize("name", features.names())
def test_pictures_are_written_and_named(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = typed(capsys, name, "--format", "png", "--out", str(tmp_path / "a place"))
    charts = answered(name, DAYS[0]).charts
    assert len(out.splitlines()) == len(charts)
    assert all(Path(line).read_bytes().startswith(b"\x89PNG") for line in out.splitlines())
    body = strictly(typed(capsys, name, "--format", "json", "--out", str(tmp_path / "b")))
    assert [chart["id"] for chart in body["charts"]] == [chart.id for chart in charts]
    assert all(Path(chart["path"]).is_file() for chart in body["charts"])


@pytest.mark.parametrize("name", features.names())
def test_help_names_every_option_and_what_it_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["report", name, "--help"])
    assert stopped.value.code == DONE
    said = " ".join(capsys.readouterr().out.split())
    kind = features.request_type(name)
    for field, info in kind.model_fields.items():
        assert f"--{field.replace('_', '-')}" in said
        assert all(choice in said for choice in choices_of(kind, field))
        if isinstance(info.default, str) and info.default:
            assert f"default: {info.default}" in said
    assert "ASK_" not in said


@pytest.mark.parametrize("name", features.names())
def test_an_option_of_another_question_is_told_by_this_one(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["report", name, *needed(name), "--nonsense", "6m"])
    assert stopped.value.code == MISUSED
    said = capsys.readouterr()
    assert f"handoff report {name}: error: unrecognized arguments: --nonsense 6m" in said.err
    assert not said.out


@pytest.mark.parametrize(
    ("name", "told"), [("allocation", "write for instance SPY 60"), ("position", "--symbol"), ("storm", "--alerts")]
)
def test_what_is_needed_is_asked_for(name: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main(["report", name, "--data", "sample"])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    said = capsys.readouterr().err
    assert code in {FAILED, MISUSED}
    assert told in said.splitlines()[-1]
    assert "{" not in said.splitlines()[-1]


@pytest.mark.parametrize(
    ("alerts", "told"),
    [
        ("x", "--alerts takes a list as JSON"),
        ('[{"indicatr": "price.close.IWM"}]', "alerts.0.indicatr"),
        ("[]", "alerts: "),
        ("{}", "alerts"),
    ],
)
def test_lists_of_things_are_checked(alerts: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "storm", "--data", "sample", "--alerts", alerts]) == MISUSED
    assert told in capsys.readouterr().err


def test_cards_look_as_the_settings_say_unless_asked_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[cards]\nlanguage = "es"\ntheme = "light"\n[data]\nsource = "sample"\n', encoding="utf-8")

    def drawn(*options: str) -> tuple[str, bytes]:
        words = ["--config", str(path), "report", "rotation", "--format", "json", "--out", str(tmp_path), *options]
        assert main(words) == DONE
        body = strictly(capsys.readouterr().out)
        return body["headline"], Path(body["charts"][0]["path"]).read_bytes()

    spanish, light = drawn()
    english, dark = drawn("--language", "en", "--theme", "dark")
    assert spanish != english == answered("rotation", DAYS[0]).headline
    assert light != dark
    assert spanish == answered("rotation", DAYS[0], "es").headline
