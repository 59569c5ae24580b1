"""The work done inside a worker process: dataset, analytics, report, pictures. Never imported by the gateway.

A worker keeps the datasets it has opened (their arrays are mapped from files, so this costs little) and
nothing else: two workers given the same request on the same version give the same answer.
"""

import functools
import pickle
import signal

from bot import features, i18n
from bot.charts.render import png
from bot.charts.theme import theme as theme_named
from bot.market.dataset import Dataset
from bot.report import Report
from bot.request import Request
from bot.workers import Rendered, Task

_KEPT_VERSIONS = 2


@functools.lru_cache(maxsize=_KEPT_VERSIONS)
def opened(data: str) -> Dataset:
    """Open a dataset version once in this process."""
    return Dataset.open(data)


def compute(request: Request, dataset: Dataset) -> Report:
    """Return the report of a request on a dataset that is already at its day."""
    report: Report = features.report_module(request.feature).build(request, dataset)
    return report


def draw(report: Report, theme: str) -> dict[str, bytes]:
    """Return the report's pictures as PNG bytes by chart id."""
    if not report.charts:
        return {}
    chart = features.chart_module(report.feature)
    look = theme_named(theme)
    return {block.id: png(chart.draw(block.data, look)) for block in report.charts}


def answer(task: Task) -> Rendered:
    """Compute and draw one answer. Raises the bot's own errors, which survive the way back."""
    with i18n.use(task.language):
        report = _report(task)
        return Rendered(report.without_drawings(), draw(report, task.theme))


def packed(task: Task) -> bytes:
    """Compute and draw one answer as bytes: the gateway keeps many, and looks into few."""
    return pickle.dumps(answer(task))


def retold(task: Task, images: dict[str, bytes]) -> bytes:
    """Compute one answer, as bytes, whose pictures are another's and drawn already."""
    with i18n.use(task.language):
        return pickle.dumps(Rendered(_report(task).without_drawings(), images))


def _report(task: Task) -> Report:
    request = features.request_type(task.feature).model_validate_json(task.request)
    return compute(request, opened(task.data).at(task.day))


def warm(data: str) -> None:
    """Open the dataset, import what answers need and draw one picture, so that the first answer is quick."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C is the gateway's to handle
    for name in features.names():
        features.report_module(name)
    last = opened(data).last
    answer(Task("rotation", "{}", last, data, i18n.DEFAULT, "dark"))
