"""The gateway's process computes nothing: what computing needs is never even imported there."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEAVY = (
    "pandas", "numpy", "matplotlib", "yfinance", "exchange_calendars", "scipy", "sklearn", "statsmodels", "PIL",
    "alembic", "sqlalchemy.orm",
)  # fmt: skip
PROGRAM = """
import importlib, json, pkgutil, sys
import bot.app, bot.client, bot.workers, cogs
for module in pkgutil.iter_modules(cogs.__path__):
    importlib.import_module(f"cogs.{module.name}")
for package in ("bot.discord_ui", "bot.community", "bot.jobs"):
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        if "migrations" not in module.name:  # run by alembic alone
            importlib.import_module(module.name)
from bot import features
from bot.market.catalogue import Catalogue
for name in features.names():
    features.request_type(name)
Catalogue.load()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules} | {"sqlalchemy.orm"} & set(sys.modules))))
"""


def test_the_gateway_imports_nothing_that_computes() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert {"discord", "pydantic", "bot", "cogs"} <= loaded
    assert not loaded & set(HEAVY)
