"""The market store: all that was ever fetched, in SQLite or PostgreSQL, written by the ingester alone."""

from bot.market.store.connection import migrate
from bot.market.store.export import publish
from bot.market.store.rows import Row, Store, Written

__all__ = ["Row", "Store", "Written", "migrate", "publish"]
