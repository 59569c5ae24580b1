from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigError, NoData
from bot.market.catalogue import FILE, POINTER

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_loads_and_says_the_defaults() -> None:
    assert config.load(EXAMPLE) == config.Settings()


def test_every_setting_is_in_the_example() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for section, field in config.Settings.model_fields.items():
        assert f"[{section}" in text
        for key in getattr(field.annotation, "model_fields", {}):
            assert key in text, f"{section}.{key} is not in the example"


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.load() == config.Settings()


def test_every_fault_is_reported_at_once_with_its_key(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[discord]\nprefix = ""\nprefx = "?"\n[cards]\ntheme = "pink"\n'
        "[workers]\ncount = 0\n[vendors.yaho]\nenabled = 1\n",
    )
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    faults = "\n".join(caught.value.faults)
    assert len(caught.value.faults) == 5
    for part in (
        "discord.prefix",
        "prefx: there is no such setting; did you mean prefix?",
        "cards.theme",
        "'dark' or 'light'",
        "workers.count",
        "vendors.yaho: there is no such setting; did you mean yahoo?",
    ):
        assert part in faults


def test_broken_toml_and_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not valid TOML"):
        config.load(written(tmp_path, "[discord"))
    with pytest.raises(ConfigError, match="no such file"):
        config.load(tmp_path / "other.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path)


def test_the_environment_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOFF_LOG__LEVEL", "DEBUG")
    loaded = config.load(written(tmp_path, '[log]\nlevel = "ERROR"\nformat = "json"\n'))
    assert (loaded.log.level, loaded.log.format) == ("DEBUG", "json")


def test_the_token_comes_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(config.TOKEN_VARIABLE, raising=False)
    with pytest.raises(ConfigError, match=config.TOKEN_VARIABLE):
        config.token(config.Settings())
    (tmp_path / "token").write_text(" abc \n", encoding="utf-8")
    filed = config.Settings(discord=config.DiscordSettings(token_file=tmp_path / "token"))
    assert config.token(filed).get_secret_value() == "abc"
    monkeypatch.setenv(config.TOKEN_VARIABLE, "def")
    assert config.token(filed).get_secret_value() == "def"
    assert "def" not in repr(config.token(filed))


@pytest.mark.parametrize("content", [None, ""])
def test_an_unusable_token_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None) -> None:
    monkeypatch.delenv(config.TOKEN_VARIABLE, raising=False)
    path = tmp_path / "token"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match="token_file"):
        config.token(config.Settings(discord=config.DiscordSettings(token_file=path)))


def test_databases_default_to_two_files_in_the_folder(tmp_path: Path) -> None:
    settings = config.Settings(data=config.DataSettings(folder=tmp_path))
    assert settings.market_url == f"sqlite:///{tmp_path}/market.db"
    assert settings.community_url == f"sqlite:///{tmp_path}/community.db"


def test_data_lies_in_the_package_or_in_the_newest_version_of_the_folder(tmp_path: Path) -> None:
    settings = config.Settings(data=config.DataSettings(folder=tmp_path))
    assert config.data_location(settings, "sample") == "sample"
    with pytest.raises(NoData):
        config.data_location(settings)
    version = tmp_path / config.VERSIONS / "v1"
    version.mkdir(parents=True)
    (version / FILE).touch()
    (version.parent / POINTER).write_text("v1", encoding="utf-8")
    assert config.data_location(settings) == str(version)
