"""Finding a definition by what somebody remembers of it."""

import difflib

from bot import i18n
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.metrics import Metric, catalogue

_LIKENESS = 0.6


def search(words: str) -> Metric:
    """Return the definition of that id, else the one whose id or name fits best. Raises BadInput with the nearest."""
    known = catalogue()
    wanted = words.strip().lower().replace(" ", "_")
    if wanted in known:
        return known[wanted]
    ends = [m for m in known.values() if m.id.partition(".")[2] == wanted]
    asked = words.strip().lower().replace("/", "")
    names = {m: m.name.lower().replace("/", "") for m in known.values()}
    begins = [m for m, name in names.items() if name.startswith(asked)]
    holds = [m for m, name in names.items() if f" {asked}" in f" {name}"]
    for found in (begins, ends, holds):
        if found:
            return min(found, key=lambda m: (not f"{names[m]} ".startswith(f"{asked} "), len(m.name)))
    raise BadInput(_unknown(words, known))


def _unknown(words: str, known: dict[str, Metric]) -> str:
    names = {
        name.lower(): key for key, m in known.items() for name in (m.name, key.partition(".")[2].replace("_", " "))
    }
    near = dict.fromkeys(names[n] for n in difflib.get_close_matches(words.lower(), list(names), 3, _LIKENESS))
    text = _("I have no definition of “{words}”.").format(words=i18n.plain(words, 30))
    if not near:
        return text
    return _("{text} Did you mean {names}?").format(text=text, names=i18n.one_of([known[key].name for key in near]))
