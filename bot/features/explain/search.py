"""Finding a definition by what somebody remembers of it."""

import difflib
import re

from bot import i18n
from bot.errors import BadInput
from bot.i18n import gettext as _
from bot.metrics import Metric, catalogue

_LIKENESS = 0.6
_ASKING = re.compile(
    r"(?:(?:what|whats|what's|how|is|are|does|do|the|a|an|definition|define|explain|meaning|of|me|qué|que|es|son|cómo|como"
    r"|se|el|la|los|las|definición|explica|calcula|mide|significa) )*"
    r"(.+?)"
    r"(?: (?:mean|means|computed|calculated|measured|defined|it|significa))*"
)
ALSO_CALLED = {
    "rrg": "rotation.rs_ratio", "momentum": "rotation.rs_momentum", "200-day mean": "rotation.vs_200d",
    "200 day average": "rotation.vs_200d", "si": "short_interest.index", "dtc": "short_interest.days_to_cover",
    "forward pe": "valuation.pe_forward", "base rate": "events.forward", "forward returns": "events.forward",
    "interval": "events.forward", "de-clustering": "events.declustered", "max drawdown": "returns.drawdown",
    "return": "returns.window", "returns": "returns.window", "cagr": "returns.annualised", "vol": "returns.volatility",
    "te": "returns.tracking_error", "breadth": "breadth.share", "leverage": "rates.net_debt",
    "expense ratio": "funds.cost", "stop": "portfolio.position", "gauge": "risks.slowdown",
}  # fmt: skip


def search(words: str) -> Metric:
    """Return the definition of that id, else the one whose id or name fits best. Raises BadInput with the nearest.

    ``what is the sharpe ratio?`` is found as ``sharpe ratio``.
    """
    known = catalogue()
    whole = words.strip().lower().rstrip("?!.")
    match = _ASKING.fullmatch(" ".join(whole.split()))
    asked = match[1] if match else whole
    if match and (led_to := match.string[match.start(1) :]) in ALSO_CALLED:  # “200-day mean” ends like a question
        return known[ALSO_CALLED[led_to]]
    for text in dict.fromkeys((whole, asked)):
        if text.replace(" ", "_") in known:
            return known[text.replace(" ", "_")]
        if text in ALSO_CALLED:
            return known[ALSO_CALLED[text]]
        if found := _named(text, known) or _holding(text, known):
            return found
    raise BadInput(_unknown(words, asked, known))


def _plain(text: str) -> str:
    return text.lower().replace("/", "").replace("-", " ")


def _named(text: str, known: dict[str, Metric]) -> Metric | None:
    """Return the definition whose name begins with the words, whose id ends in them, or whose name holds them."""
    asked, ending = _plain(text), text.replace(" ", "_")
    names = {m: _plain(m.name) for m in known.values()}
    begins = [m for m, name in names.items() if name.startswith(asked)]
    ends = [m for m in known.values() if m.id.partition(".")[2] == ending]
    holds = [m for m, name in names.items() if f" {asked}" in f" {name}"]
    best = next((found for found in (begins, ends, holds) if found), [])
    return min(best, key=lambda m: (not f"{names[m]} ".startswith(f"{asked} "), len(m.name)), default=None)


def _holding(text: str, known: dict[str, Metric]) -> Metric | None:
    """Return the definition with the shortest name in which every one of several words begins a word."""
    asked = _plain(text).split()
    found = [
        m for m in known.values()
        if all(re.search(rf"\b{re.escape(word)}", _plain(f"{m.name} {m.id}".replace("_", " "))) for word in asked)
    ]  # fmt: skip
    return min(found, key=lambda m: len(m.name), default=None) if len(asked) > 1 else None


def _unknown(words: str, asked: str, known: dict[str, Metric]) -> str:
    names = {
        name.lower(): key for key, m in known.items() for name in (m.name, key.partition(".")[2].replace("_", " "))
    }
    near = dict.fromkeys(names[n] for n in difflib.get_close_matches(asked, list(names), 3, _LIKENESS))
    text = _("I have no definition of “{words}”.").format(words=i18n.plain(words, 30))
    if not near:
        return text
    return _("{text} Did you mean {names}?").format(text=text, names=i18n.one_of([known[key].name for key in near]))
