"""Build the bundled sample from the folder of recorded files: ``python -m bot.market.sample.build FOLDER``."""

import sys
from pathlib import Path

import numpy as np

from bot.market import archive
from bot.market.sample import recorded
from bot.market.version import files_of


def tables(folder: Path) -> dict[str, recorded.Columns]:
    """Return all tables of the sample."""
    bars, instruments = recorded.bars(folder)
    names = recorded.companies(folder)
    companies = {"symbol": np.array(list(names)), "name": np.array(list(names.values()))}
    return {
        "bars": bars,
        "instruments": instruments,
        "companies": companies,
        "ohlc": recorded.ohlc(folder),
        "macro": recorded.macro(folder),
        "holdings": recorded.holdings(folder),
        "short_interest": recorded.short_interest(folder),
        "fund_facts": recorded.fund_facts(folder),
        **recorded.fed(folder),
        **dict(recorded.whole_market(folder)),
    }


def build(folder: Path, target: Path) -> str:
    """Write the sample made of a folder of recorded files to ``target``; return its version."""
    archive.write_zip(target, files_of(tables(folder), label="sample"))
    return archive.Archive(target).version


def main(arguments: list[str]) -> int:
    """Build the sample beside this file; returns the exit code."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        sys.stderr.write("usage: python -m bot.market.sample.build FOLDER\n")
        return 2
    target = Path(__file__).with_name("sample.zip")
    version = build(Path(arguments[0]), target)
    sys.stdout.write(f"{version}: {target.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
