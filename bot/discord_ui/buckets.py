"""What the library remembers of each channel's limit: for five minutes, and looked through at every new channel.

In a rush over ten thousand channels that look costs more than the post (``HTTPClient._try_clear_expired_ratelimits``),
so limits that are over are forgotten here, before there are enough of them to be looked through.
"""

from discord.http import HTTPClient

_FEW = 128  # the library begins at 256


def forget_spent(http: HTTPClient) -> None:
    """Forget the limits of channels that may be written to as if nothing had been: their time is over."""
    buckets = http._buckets
    if len(buckets) < _FEW:
        return
    spent = [key for key, one in buckets.items() if one.is_expired() and not one.outgoing and not one._pending_requests]
    for key in spent:
        del buckets[key]
