"""The command line, as a person or a script uses it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot import config, features
from bot.cli import DONE, FAILED, MISUSED, main


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(["report", *arguments, "--data", "sample", "--format", "json"]) == DONE
    body: dict[str, object] = json.loads(capsys.readouterr().out)
    return body


def values(body: dict[str, object]) -> dict[str, object]:
    stats = body["stats"]
    assert isinstance(stats, list)
    return {stat["id"]: stat["value"] for stat in stats}


def test_returns_of_the_year_the_claim_was_made(capsys: pytest.CaptureFixture[str]) -> None:
    found = values(asked(capsys, "rotation", "--as-of", "2025-12-04", "--window", "ytd"))
    assert round(float(str(found["return.small"])), 4) == 0.1486
    assert round(float(str(found["return.large"])), 4) == 0.1780
    assert found["window.start"] == "2024-12-31"
    assert found["window.end"] == "2025-12-04"


def test_the_record_of_the_day_the_claim_was_made(capsys: pytest.CaptureFixture[str]) -> None:
    found = values(asked(capsys, "highs", "--as-of", "2025-12-04"))
    assert found["record.close"] == 251.82
    assert found["record.date"] == "2025-12-04"
    assert found["record.previous.close"] == 250.33
    assert found["record.previous.date"] == "2025-10-15"
    assert found["record.gap_days"] == 50


def test_calendar_years(capsys: pytest.CaptureFixture[str]) -> None:
    body = asked(capsys, "years")
    tables = body["tables"]
    assert isinstance(tables, list)
    table = next(t for t in tables if t["id"] == "calendar_years")
    assert table["columns"] == ["year", "small", "large", "spread", "partial"]
    rows = {row[0]: row for row in table["rows"]}
    assert [round(rows[year][1], 4) for year in (2022, 2023, 2024, 2025)] == [-0.2048, 0.1684, 0.1139, 0.1266]
    assert [round(rows[year][2], 4) for year in (2022, 2023, 2024, 2025)] == [-0.1817, 0.2619, 0.2489, 0.1772]
    assert rows[2026][4] is True
    assert rows[2025][4] is False


def test_text_and_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "rotation", "--data", "sample", "--window", "since april", "--out", str(tmp_path)]) == DONE
    text = capsys.readouterr().out
    assert "Small caps" in text
    assert "“since april” is read as since 1 Apr 2026." in text
    assert "Not investment advice." in text
    (picture,) = tmp_path.glob("*.png")
    assert str(picture) in text
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["rotation", "--small", "IMW"], "Did you mean IWM"),
        (["rotation", "--as-of", "2030-01-01"], "still ahead"),
        (["rotation", "--window", "12/4/25"], "can be read two ways"),
        (["rotation", "--small", "MAGS", "--window", "10y"], "its data begins on"),
        (["highs", "--fund", "VB"], "only dividend-adjusted prices"),
        (["rotation", "--window", "@everyone"], "I do not understand"),
    ],
)
def test_questions_that_cannot_be_answered_are_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", *arguments, "--data", "sample"]) == FAILED
    said = capsys.readouterr()
    assert sentence in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert not said.out


def test_before_the_first_ingest_there_is_no_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDOFF_DATA__FOLDER", str(tmp_path))
    assert main(["report", "rotation", "--data", "store"]) == FAILED
    assert "handoff ingest" in capsys.readouterr().err


def test_every_field_of_a_request_is_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    for name in features.names():
        with pytest.raises(SystemExit) as stopped:
            main(["report", name, "--help"])
        assert stopped.value.code == DONE
        words = capsys.readouterr().out
        for field in features.request_type(name).model_fields:
            assert f"--{field.replace('_', '-')}" in words


@pytest.mark.parametrize("command", ["run", "sync"])
def test_no_token_is_one_clear_sentence(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(config.TOKEN_VARIABLE, raising=False)
    assert main([command]) == MISUSED
    assert capsys.readouterr().err.count("\n") == 1


def test_all_faults_of_the_settings_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[log]\nlevel = "LOUD"\n[workers]\ncount = 0\n', encoding="utf-8")
    assert main(["--config", str(path), "run"]) == MISUSED
    said = capsys.readouterr().err
    assert "log.level" in said
    assert "workers.count" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["report"], ["report", "rotation", "--basis", "net"]])
def test_misuse_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == MISUSED
    assert "usage: handoff" in capsys.readouterr().err


def test_it_starts_as_a_module_too() -> None:
    done = subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, check=True)
    assert "report" in done.stdout
