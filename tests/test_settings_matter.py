"""Every key of config.example.toml changes something that can be seen, in the parts that do the work."""

import logging
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot import app, config
from bot.cli import MISUSED, main
from bot.clock import SystemClock
from bot.config import Settings
from bot.errors import NoData
from bot.market.ingest.settings import IngestSettings
from bot.operations import migrate
from tests.test_config import EXAMPLE

CHANGED: dict[str, Any] = {
    "discord.prefix": "?",
    "discord.token_file": "token.txt",
    "discord.shards": 3,
    "cards.language": "es",
    "cards.theme": "light",
    "data.source": "store",
    "data.folder": "elsewhere",
    "data.market_url": "sqlite:///m.db",
    "data.community_url": "sqlite:///c.db",
    "workers.count": 1,
    "workers.timeout": 7.0,
    "workers.cache_megabytes": 5,
    **{f"vendors.{name}.enabled": False for name in ("yahoo", "finra", "ishares", "fred")},
    **{f"vendors.{name}.requests_per_second": 0.5 for name in ("yahoo", "finra", "ishares", "fred")},
    **{f"vendors.{name}.timeout": 9.0 for name in ("yahoo", "finra", "ishares", "fred")},
    "vendors.yahoo.base_url": "https://mirror.example/yahoo",
    "ingest.facts_per_day": 11,
    "ingest.history_years": 2,
    "log.level": "DEBUG",
    "log.format": "json",
    "metrics.host": "127.0.0.2",
    "metrics.port": 9000,
}
SEEN_ELSEWHERE = {"metrics.host", "metrics.port"}  # tests/test_prometheus.py opens the page where they say


def keys_of_the_example() -> set[str]:
    """Return every key that the example shows, those behind a # too."""
    shown = [line.removeprefix("# ") for line in EXAMPLE.read_text(encoding="utf-8").splitlines()]
    body = tomllib.loads("\n".join(line for line in shown if line.startswith("[") or " = " in line))

    def walk(part: dict[str, Any], above: str) -> set[str]:
        found: set[str] = set()
        for key, value in part.items():
            found |= walk(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}"}
        return found

    return walk(body, "")


def written(folder: Path, values: dict[str, Any]) -> Path:
    sections: dict[str, list[str]] = {}
    for key, value in values.items():
        section, _dot, name = key.rpartition(".")
        shown = str(value).lower() if isinstance(value, bool) else repr(value)
        sections.setdefault(section, []).append(f"{name} = {shown}")
    path = folder / "config.toml"
    path.write_text("\n".join("\n".join([f"[{name}]", *lines]) for name, lines in sections.items()), encoding="utf-8")
    return path


async def of_the_bot(settings: Settings) -> dict[str, Any]:
    """Return what a bot that is opened with the settings is like."""
    app.prepare(settings)
    async with app.opened(settings, SystemClock()) as bot:
        executor = bot.reports._pool._executor
        assert executor is not None
        return {
            "discord.prefix": bot.prefix,
            "discord.shards": bot.shard_count,
            "cards.language": bot.language_of(None),
            "cards.theme": bot.answers.theme,
            "workers.count": len(executor._processes),
            "workers.timeout": bot.reports._pool._timeout,
            "workers.cache_megabytes": bot.reports._limit,
        }


def of_the_files(settings: Settings, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return where migrating leaves what, and where data and token are found."""
    before = set(Path().rglob("*.db"))
    migrate(settings, None)  # type: ignore[arg-type]
    capsys.readouterr()
    made = sorted(str(path) for path in set(Path().rglob("*.db")) - before)
    try:
        found = config.data_location(settings)
    except NoData:
        found = "nothing yet"
    return {
        "data.source": found,
        "data.folder": str(config.data_folder(settings)),
        "data.market_url": [name for name in made if Path(name).name in {"market.db", "m.db"}],
        "data.community_url": [name for name in made if Path(name).name in {"community.db", "c.db"}],
        "discord.token_file": config.token(settings).get_secret_value(),
    }


def of_the_ingest(settings: Settings) -> dict[str, Any]:
    given = IngestSettings.of(settings)
    seen: dict[str, Any] = {
        "ingest.facts_per_day": given.facts_per_day,
        "ingest.history_years": given.history_years,
    }
    for name in ("yahoo", "finra", "ishares", "fred"):
        vendor = getattr(given.vendors, name)
        for key in ("enabled", "requests_per_second", "timeout", "base_url"):
            seen[f"vendors.{name}.{key}"] = getattr(vendor, key)
    return seen


def of_the_log(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return how a command that stops for want of a token has set up the log."""
    Path("token.txt").unlink(missing_ok=True)
    assert main(["--config", str(path), "sync"]) == MISUSED
    capsys.readouterr()
    root = logging.getLogger()
    return {"log.level": root.level, "log.format": type(root.handlers[0].formatter)}


def put_token_file() -> None:
    Path("token.txt").write_text("from the file\n", encoding="utf-8")


async def observed(path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    settings = config.load(path)
    on_the_sample = settings.model_copy(update={"data": settings.data.model_copy(update={"source": "sample"})})
    monkeypatch.delenv(config.TOKEN_VARIABLE, raising=False)
    told = of_the_log(path, capsys)
    put_token_file()
    if settings.discord.token_file is None:
        monkeypatch.setenv(config.TOKEN_VARIABLE, "from the environment")
    return told | of_the_files(settings, capsys) | of_the_ingest(settings) | await of_the_bot(on_the_sample)


async def test_every_key_changes_something(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(CHANGED) == keys_of_the_example()
    monkeypatch.chdir(tmp_path)
    usual = {"data.source": "sample", "data.folder": "usual", "workers.count": 2}
    before = await observed(written(tmp_path, usual), capsys, monkeypatch)
    after = await observed(written(tmp_path, CHANGED), capsys, monkeypatch)
    for key in set(CHANGED) - SEEN_ELSEWHERE:
        assert before[key] != after[key], key
    assert after["discord.token_file"] == "from the file"
    assert after["data.market_url"] == ["m.db"]
    assert after["data.community_url"] == ["c.db"]
    assert (after["workers.count"], after["workers.timeout"], after["discord.shards"]) == (1, 7.0, 3)
