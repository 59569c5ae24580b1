"""Alerts as rows and back."""

import json
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.columns import STATE_FIELDS, state_of
from bot.alerts.rule import Rule
from bot.alerts.stored import numbers_of
from bot.community.alert_records import Alert
from bot.community.alert_tables import alerts

_PLAIN = tuple(field.name for field in fields(Alert) if field.name not in {"rule", "standing"})


async def fetch(connection: AsyncConnection, *where: ColumnElement[bool], limit: int | None = None) -> list[Alert]:
    """Return the alerts that match, oldest first."""
    query = select(alerts).where(*where).order_by(alerts.c.created_at, alerts.c.id).limit(limit)
    return [record(row) for row in (await connection.execute(query)).mappings()]


async def one(connection: AsyncConnection, alert_id: str) -> Alert:
    """Return an alert as it is stored now. Raises KeyError where it is gone."""
    found = await fetch(connection, alerts.c.id == alert_id)
    if not found:
        raise KeyError(alert_id)
    return found[0]


def row(alert: Alert) -> dict[str, Any]:
    """Return an alert as a row: its rule in words for people and in numbers for the evaluation."""
    plain = {name: getattr(alert, name) for name in _PLAIN}
    standing = {name: int(getattr(alert.standing, name)) for name in STATE_FIELDS}
    rule = alert.rule
    written = {"indicator": rule.indicator, "rule": json.dumps(rule.plain()), "numbers": numbers_of(rule)}
    return {**plain, **written, **standing}


def record(row: Any) -> Alert:
    """Return a row as an alert."""
    plain = {name: row[name] for name in _PLAIN}
    standing = state_of([row[name] for name in STATE_FIELDS])
    return Alert(**plain, rule=Rule.model_validate_json(row["rule"]), standing=standing)
