"""The market store: all that was ever fetched, in SQLite or PostgreSQL, written by the ingester alone."""

from bot.market.store.connection import migrate
from bot.market.store.export import load_sample, publish
from bot.market.store.rows import Row, Store, Written

__all__ = ["Row", "Store", "Written", "load_sample", "migrate", "publish"]
