"""The operator's settings: a TOML file, overridden by the environment, secrets never in the file itself.

``HANDOFF_SECTION__KEY`` in the environment overrides ``key`` of ``[section]``. The token is read from
``DISCORD_TOKEN``, or from the file that ``discord.token_file`` names.
"""

import difflib
import os
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_data_path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import ConfigError, NoData
from bot.market.catalogue import FILE, SAMPLE, located

DEFAULT_PATH = Path("config.toml")
TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105  (the name of a variable, not a secret)
PREFIX = "HANDOFF_"  # of variables in the environment
VERSIONS = "versions"  # the folder of dataset versions, inside data.folder
Seconds = Annotated[float, Field(gt=0, le=600)]
Place = Annotated[Path, AfterValidator(Path.expanduser)]


class Section(BaseModel):
    """A part of the settings; unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DiscordSettings(Section):
    """How the bot appears on Discord."""

    prefix: Annotated[str, Field(min_length=1, max_length=5, pattern=r"^\S+$")] = "!"
    token_file: Place | None = None
    shards: Annotated[int, Field(ge=1, le=1000)] | None = None


class CardSettings(Section):
    """How cards look where a server has not chosen otherwise."""

    language: Literal["en", "es"] = "en"
    theme: Literal["dark", "light"] = "dark"


class DataSettings(Section):
    """Where market data and communities' settings are kept."""

    source: Literal["store", "sample"] = "store"
    folder: Place = Field(default_factory=lambda: user_data_path("handoff", appauthor=False))
    market_url: Annotated[str, Field(pattern=r"^(sqlite|postgresql)")] | None = None
    community_url: Annotated[str, Field(pattern=r"^(sqlite|postgresql)")] | None = None


class WorkerSettings(Section):
    """The processes that compute."""

    count: Annotated[int, Field(ge=1, le=64)] = 2
    timeout: Seconds = 30.0
    cache_megabytes: Annotated[int, Field(ge=1, le=4096)] = 64


class LogSettings(Section):
    """What is logged, and how."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: Literal["text", "json"] = "text"


class MetricsSettings(Section):
    """A port for Prometheus; off unless set."""

    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    host: str = "127.0.0.1"


class VendorSettings(Section):
    """One source of market data: may be switched off, or asked elsewhere."""

    enabled: bool = True
    base_url: Annotated[str, Field(pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$")] | None = None
    requests_per_second: Annotated[float, Field(gt=0, le=50)] = 2.0
    timeout: Seconds = 30.0


class VendorsSettings(Section):
    """The sources of market data. None needs a key."""

    yahoo: VendorSettings = VendorSettings()
    finra: VendorSettings = VendorSettings()
    ishares: VendorSettings = VendorSettings()
    fred: VendorSettings = VendorSettings()


class IngestSettings(Section):
    """How market data is fetched."""

    facts_per_day: Annotated[int, Field(ge=0, le=5000)] = 300
    history_years: Annotated[int, Field(ge=1, le=60)] = 30


class Settings(BaseSettings):
    """Everything an operator can set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    discord: DiscordSettings = DiscordSettings()
    cards: CardSettings = CardSettings()
    data: DataSettings = DataSettings()
    workers: WorkerSettings = WorkerSettings()
    vendors: VendorsSettings = VendorsSettings()
    ingest: IngestSettings = IngestSettings()
    log: LogSettings = LogSettings()
    metrics: MetricsSettings = MetricsSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (pydantic-settings fixes the signature)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (as above)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (as above)
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file, which arrives as keyword arguments."""
        return env_settings, init_settings

    @property
    def market_url(self) -> str:
        """The database of market data as an SQLAlchemy URL."""
        return self.data.market_url or f"sqlite:///{self.data.folder / 'market.db'}"

    @property
    def community_url(self) -> str:
        """The database of servers' settings as an SQLAlchemy URL."""
        return self.data.community_url or f"sqlite:///{self.data.folder / 'community.db'}"


def load(path: Path | None = None) -> Settings:
    """Read the settings from ``path``, or from config.toml if it is there, else the defaults.

    Raises ConfigError that lists every fault at once, each with its key and what is allowed.
    """
    data = _read(path or DEFAULT_PATH, required=path is not None)
    unknown = list(_unknown_variables())
    try:
        settings = Settings(**data)
    except ValidationError as error:
        raise ConfigError([*unknown, *faults(error)]) from None
    if unknown:
        raise ConfigError(unknown)
    return settings


def _unknown_variables() -> Iterator[str]:
    """Yield a fault for each variable that means a section there is not: the library passes those over in silence."""
    for name in sorted(os.environ):
        section, separator, _key = name.removeprefix(PREFIX).partition("__")
        if name.startswith(PREFIX) and separator and section.lower() not in Settings.model_fields:
            yield f"{name}: there is no such setting{_did_you_mean((section.lower(),))}"


def _read(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if required:
            raise ConfigError([f"{path}: there is no such file"]) from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path}: cannot be read ({error.__class__.__name__})"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{path}: not valid TOML: {error}"]) from None


def faults(error: ValidationError) -> Iterator[str]:
    """Yield a line for each fault: its key, what is allowed, what was given."""
    for fault in error.errors(include_url=False, include_input=True):
        key = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            yield f"{key}: there is no such setting{_did_you_mean(fault['loc'])}"
        else:
            yield f"{key}: {fault['msg']}{_got(fault)}"


def _got(fault: Mapping[str, Any]) -> str:
    value = fault["input"]
    return f", not {value!r}" if isinstance(value, str | int | float | bool) else ""


def _did_you_mean(location: tuple[int | str, ...]) -> str:
    model: Any = Settings
    for part in location[:-1]:
        field = model.model_fields.get(str(part))
        if field is None:
            return ""
        model = field.annotation
    near = difflib.get_close_matches(str(location[-1]), list(getattr(model, "model_fields", {})), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def data_folder(settings: Settings) -> Path:
    """Return the data folder, made where there is none. Raises ConfigError where nothing can be written there."""
    folder = settings.data.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ConfigError([f"data.folder: {folder} cannot be written to ({error.strerror})"]) from None
    return folder


def data_location(settings: Settings, source: str | None = None) -> str:
    """Return where the newest dataset version lies, or "sample". Raises NoData before the first ingest."""
    if (source or settings.data.source) == SAMPLE:
        return SAMPLE
    place = located(settings.data.folder / VERSIONS)
    if not (place / FILE).is_file():
        raise NoData
    return str(place)


def token(settings: Settings) -> SecretStr:
    """Return Discord's token. Raises ConfigError with what to do where there is none."""
    if value := os.environ.get(TOKEN_VARIABLE, "").strip():
        return SecretStr(value)
    path = settings.discord.token_file
    if path is None:
        raise ConfigError(
            [f"No token: set the environment variable {TOKEN_VARIABLE}, or discord.token_file in the config."]
        )
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigError([f"discord.token_file: {path} cannot be read"]) from None
    if not value:
        raise ConfigError([f"discord.token_file: {path} is empty"])
    return SecretStr(value)
