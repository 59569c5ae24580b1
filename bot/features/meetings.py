"""The Fed's meetings ahead: what more than one question says of them."""

from datetime import date

from bot.market.dataset import Dataset


def meetings_ahead(dataset: Dataset) -> tuple[date, ...]:
    """Return the days of the Fed's decisions after the dataset's day, as far as they are stored.

    None before the first meeting on record: nobody can tell there which one is next.
    """
    days = [stamp.date() for stamp in dataset.fomc_meetings()]
    if not days or dataset.as_of < days[0]:
        return ()
    return tuple(day for day in days if day > dataset.as_of)
