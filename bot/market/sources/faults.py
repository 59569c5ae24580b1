"""What can go wrong at a vendor, as a tree: every one is an ``Unavailable`` that words itself in one sentence.

``SourceError`` -> ``Offline`` (no answer), ``RateLimited``, ``CircuitOpen``, ``SwitchedOff``, ``Refused`` (not let
in), ``BadAnswer`` (not what was asked for), ``NotFound`` (nothing under that symbol or file) -> ``Gone`` (said so).
``detail`` is for the log and the operator: it may quote the vendor and is never shown to members.
"""

from bot.errors import Unavailable
from bot.i18n import gettext as _
from bot.i18n import number


class SourceError(Unavailable):
    """A vendor could not be used.

    ``retryable`` says whether asking again soon may help, ``retry_after`` in how many seconds it makes sense.
    """

    retryable = False

    def __init__(self, source: str, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(source)
        self.detail = detail
        self.retry_after = retry_after

    def advice(self) -> str:
        """Say in a sentence what the operator can do."""
        return _("Wait: the next scheduled run tries again.")


class Offline(SourceError):
    """No connection, no answer in time, a broken connection, or a failure inside the vendor (HTTP 5xx)."""

    retryable = True

    def text(self) -> str:
        """Name the vendor."""
        return _("{source} could not be reached.").format(source=self.source)

    def advice(self) -> str:
        """Say in a sentence what the operator can do."""
        return _("Check the network, the proxy settings and the vendor's base_url.")


class RateLimited(SourceError):
    """The vendor asks for fewer requests (HTTP 429, or its words in place of an answer)."""

    retryable = True

    def text(self) -> str:
        """Name the vendor and, where known, how long it wants to be left alone."""
        if self.retry_after is None:
            return _("{source} asks for fewer requests.").format(source=self.source)
        return _("{source} asks for fewer requests: next try in {seconds} seconds.").format(
            source=self.source, seconds=number(max(1.0, self.retry_after))
        )

    def advice(self) -> str:
        """Say in a sentence what the operator can do."""
        return _("Lower requests_per_second for this vendor if it happens often.")


class CircuitOpen(SourceError):
    """Too many failures in a row: the vendor is left alone for ``retry_after`` seconds."""

    def text(self) -> str:
        """Name the vendor and when it is asked again."""
        return _("{source} failed too often and is left alone for {seconds} seconds.").format(
            source=self.source, seconds=number(max(1.0, self.retry_after or 0.0))
        )


class SwitchedOff(SourceError):
    """The operator switched the vendor off."""

    def text(self) -> str:
        """Name the vendor."""
        return _("{source} is switched off in the configuration.").format(source=self.source)

    def advice(self) -> str:
        """Say in a sentence what the operator can do."""
        return _("Set enabled = true for this vendor to use it.")


class Refused(SourceError):
    """The vendor does not let us in (HTTP 401 or 403, a consent page, a crumb it no longer likes)."""

    def text(self) -> str:
        """Name the vendor."""
        return _("{source} refused the request.").format(source=self.source)

    def advice(self) -> str:
        """Say in a sentence what the operator can do."""
        return _("Open the vendor's site from this machine: it may block the address or want consent.")


class BadAnswer(SourceError):
    """The answer is not what was asked for: cut short, empty, another format, another symbol."""

    retryable = True

    def text(self) -> str:
        """Name the vendor."""
        return _("{source} sent an answer that makes no sense; it was thrown away.").format(source=self.source)

    def advice(self) -> str:
        """Say in a sentence what the operator can do."""
        return _("Look for a newer release: the vendor may have changed its format.")


class NotFound(SourceError):
    """Nothing was found under ``what`` (a symbol, a file). Never proof of a delisting: asked again next run."""

    def __init__(self, source: str, what: str, detail: str = "") -> None:
        super().__init__(source, detail)
        self.what = what

    def text(self) -> str:
        """Name the vendor and what it does not know."""
        return _("{source} has nothing under “{what}”.").format(source=self.source, what=self.what)

    def advice(self) -> str:
        """Say in a sentence what the operator can do."""
        return _("Wait: the next scheduled run tries again. If it stays so, look for a newer release.")


class Gone(NotFound):
    """The vendor says in so many words that it has ``what`` no longer, or that it ended: believed when said for days.

    ``detail`` holds the words. A page that is missing, an empty answer and a refusal are no such words.
    """

    def advice(self) -> str:
        """Say in a sentence what the operator can do."""
        return _("Nothing: if it stays so for days, the symbol is marked as ended and its history kept.")


class Mishap(SourceError):
    """A fault of ours while reading a vendor's answer; the log holds the traceback."""

    def text(self) -> str:
        """Name the vendor."""
        return _("Something went wrong on my side while reading {source}; the log tells more.").format(
            source=self.source
        )

    def advice(self) -> str:
        """Say in a sentence what the operator can do."""
        return _("Report it with the traceback from the log.")
