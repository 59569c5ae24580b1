"""The command ``handoff``: demo, run, report, ingest, status, doctor, migrate, sync.

Exit codes: 0 done, 1 it did not work out (a source down, a question without an answer), 2 wrong settings or usage,
130 stopped before it was done.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import config, features, i18n
from bot.errors import BotError, ConfigError
from bot.i18n import gettext as _
from bot.request import Request, choices_of

DONE, FAILED, MISUSED, STOPPED = 0, 1, 2, 130
_RUNNING = {"run", "demo"}  # until they are stopped


def parser() -> argparse.ArgumentParser:
    """Return the parser of all sub-commands; a report's options are made from its request's fields."""
    root = argparse.ArgumentParser(prog="handoff", description=_("Who leads the market, small caps or large?"))
    root.add_argument("--config", type=Path, help=_("settings file (default: config.toml, if there is one)"))
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, words in (
        ("run", _("start the bot")),
        ("sync", _("tell Discord which commands there are")),
        ("migrate", _("bring the databases up to date")),
        ("status", _("show how old each source of data is")),
        ("doctor", _("check everything the bot needs")),
    ):
        commands.add_parser(name, help=words)
    demo = commands.add_parser("demo", help=_("try the bot in a browser, without a token"))
    demo.add_argument("--once", metavar="WORDS", help=_("answer one command, write it to --out and stop"))
    demo.add_argument("--out", type=Path, default=Path("demo-out"), help=_("folder for the answer"))
    demo.add_argument("--port", type=int, default=0, help=_("port of the page (default: any free one)"))
    ingest = commands.add_parser("ingest", help=_("fetch what is new from the vendors"))
    ingest.add_argument("--full", action="store_true", help=_("fetch the whole history again"))
    ingest.add_argument("--only", action="append", metavar="NAME", help=_("only this source; may be repeated"))
    report = commands.add_parser("report", help=_("answer one question in the terminal"))
    questions = report.add_subparsers(dest="feature", required=True, metavar="FEATURE", title=_("questions"))
    for name in features.names():
        kind = features.request_type(name)
        about = (kind.__doc__ or "").splitlines()[0].replace("``", "").replace("%", "%%")
        _add_question(questions.add_parser(name, help=about, description=about), kind)
    return root


def _add_question(question: argparse.ArgumentParser, kind: type[Request]) -> None:
    question.set_defaults(parser=question)
    question.add_argument("--data", choices=("sample", "store"), help=_("which data (default: the settings' choice)"))
    question.add_argument("--format", choices=("text", "json", "png"), default="text", help=_("default: text"))
    question.add_argument("--out", type=Path, help=_("folder for pictures"))
    question.add_argument("--theme", choices=("dark", "light"), help=_("default: the settings' choice"))
    question.add_argument("--language", choices=i18n.LANGUAGES, help=_("default: the settings' choice"))
    for name, field in kind.model_fields.items():
        question.add_argument(
            f"--{name.replace('_', '-')}",
            choices=choices_of(kind, name) or None,
            dest=f"ask_{name}",
            metavar=None if choices_of(kind, name) else name.upper(),
            required=field.is_required(),
            help=None if field.is_required() else _default_of(field.default),
        )


def _default_of(value: object) -> str:
    shown = ", ".join(value) if isinstance(value, tuple) else value
    return _("default: {value}").format(value=_("none") if shown is None or shown == "" else shown)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one sub-command and return its exit code. Faults the user can mend are one sentence on standard error."""
    root = parser()
    chosen, unknown = root.parse_known_args(arguments)
    if unknown:  # told by the question that was asked, which knows what it takes
        getattr(chosen, "parser", root).error(_("unrecognized arguments: {them}").format(them=" ".join(unknown)))
    module, function = {
        "report": ("bot.answering", "report"),
        "demo": ("bot.demo", "run"),
        "run": ("bot.app", "run"),
        "sync": ("bot.app", "sync"),
        "migrate": ("bot.operations", "migrate"),
        "ingest": ("bot.operations", "ingest"),
        "status": ("bot.operations", "status"),
        "doctor": ("bot.doctor", "doctor"),
    }[chosen.command]
    try:
        settings = config.load(chosen.config)
        code: int = getattr(importlib.import_module(module), function)(settings, chosen)
    except ConfigError as error:
        print(error.text(), file=sys.stderr)
        return MISUSED
    except BotError as error:
        print(error.text(), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return DONE if chosen.command in _RUNNING else STOPPED
    except BrokenPipeError:  # the reader of a pipe has seen enough, as with "| head"
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:  # a folder that cannot be written to, a full disk
        if error.filename is None:
            raise
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return FAILED
    return code
