"""Worker functions of tests, given a dataset version and a day like the bot's own."""

from datetime import date

from bot import features
from bot.alerts.rule import Rule
from bot.features.alert.request import AlertRequest
from bot.worker import opened


def fires(data: str, day: date, rule: str) -> list[date]:
    """Return the days that the alert's card lists, oldest first."""
    request = AlertRequest.of(Rule.model_validate_json(rule))
    report = features.report_module("alert").build(request, opened(data).at(day))
    return [row[0] for row in reversed(report.table("fires").rows)]
