"""One more fund beside those a card is about: what its Compare button asks for."""

from bot.features.funds.request import FundsRequest
from bot.reading import Known, Reading, read_options
from bot.request import Mark, Request, mark_of

_SEVERAL = "symbols"
_MEASURES = ("benchmark",)  # what others are measured against is no part of the comparison


def comparable(request: Request) -> bool:
    """Whether there is anything on the card that another fund could stand beside."""
    return not request.private and (_SEVERAL in type(request).model_fields or bool(_funds(request)))


def compared(request: Request, text: str, known: Known) -> Reading:
    """Return the question with one more symbol: the same question where it takes several, else the funds' card.

    Raises a UserError where the symbol is unknown or there are too many.
    """
    if _SEVERAL in type(request).model_fields:
        listed = ",".join((*getattr(request, _SEVERAL), text.strip()))
        return read_options(type(request), {_SEVERAL: listed}, known, base=request)
    given: dict[str, object] = {_SEVERAL: ",".join((*_funds(request), text.strip()))}
    if "window" in type(request).model_fields:
        given["window"] = getattr(request, "window")  # noqa: B009  (no field of every request)
    return read_options(FundsRequest, given, known, base=FundsRequest(as_of=request.as_of))


def _funds(request: Request) -> list[str]:
    kind = type(request)
    names = [n for n in kind.model_fields if mark_of(kind, n) in {Mark.FUND, Mark.SYMBOL} and n not in _MEASURES]
    return [getattr(request, name) for name in names if getattr(request, name) is not None]
