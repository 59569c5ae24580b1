"""``make bench``: run every benchmark module, or those named, and print their figures.

A module offers ``run() -> Iterable[Figure]``. Nothing here passes or fails: figures are read by people.
"""

import importlib
import pkgutil
import sys

import benchmarks

_NOT_BENCHMARKS = {"__main__", "figure"}


def main(wanted: list[str]) -> None:
    """Run the benchmarks whose names are ``wanted``, all if none is."""
    names = [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name not in _NOT_BENCHMARKS]
    for name in names:
        if wanted and name not in wanted:
            continue
        print(f"\n{name}")
        for figure in importlib.import_module(f"benchmarks.{name}").run():
            print("  " + figure.line(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
