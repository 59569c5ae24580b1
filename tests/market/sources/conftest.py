"""The local vendors for everything below."""

from tests.vendors.fixtures import hours, short_folder, vendors

__all__ = ["hours", "short_folder", "vendors"]
