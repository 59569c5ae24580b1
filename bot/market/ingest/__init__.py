"""Fetching what is new from the vendors, checking it, storing it, and publishing what the store then holds."""

from bot.market.ingest.run import ingest
from bot.market.ingest.settings import PARTS, IngestSettings
from bot.market.ingest.summary import PartSummary, RunSummary

__all__ = ["PARTS", "IngestSettings", "PartSummary", "RunSummary", "ingest"]
