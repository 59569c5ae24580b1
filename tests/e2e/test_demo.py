"""``handoff demo``: one command answered into a folder, and the page."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bot.demo.written import message_text
from tests.conftest import Scene

ROOT = Path(__file__).parent.parent.parent


def demo(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot", "demo", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["rotation 1y", "!rotation 1y", "/rotation 1y"])
def test_one_command_is_answered_into_a_folder(tmp_path: Path, command: str) -> None:
    done = demo("--once", command, "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    message = (tmp_path / "message.txt").read_text(encoding="utf-8")
    assert done.stdout.startswith(message)
    assert "IWM, 1 year" in message
    assert "As of 17 Jul 2026. Source: Yahoo Finance. Not investment advice." in message
    assert "(1M) (6M) (YTD) (1Y) (5Y)" in message
    assert not {"**", "-# ", "###", "```"} & set(message.split())
    (picture,) = tmp_path.glob("*.png")
    with Image.open(picture) as opened:
        assert opened.size == (1200, 675)
    assert str(picture) in done.stdout


def test_a_refusal_is_a_sentence_and_a_failed_exit(tmp_path: Path) -> None:
    done = demo("--once", "rotation iwmm", "--out", str(tmp_path))
    assert done.returncode == 1
    assert "Did you mean IWM?" in done.stdout
    assert not list(tmp_path.glob("*.png"))


def test_what_the_bot_does_not_answer_is_said(tmp_path: Path) -> None:
    done = demo("--once", "despacito", "--out", str(tmp_path))
    assert done.returncode == 1
    assert "did not answer “despacito”" in done.stdout


@pytest.mark.simcord(settle_timeout=20)
async def test_a_message_is_written_as_it_reads(scene: Scene) -> None:
    await scene.alice.send(scene.channel, "!rotation")
    raw = scene.env.backend.get_message(scene.channel.id, scene.last.id).components
    text = message_text(scene.last, raw)
    lines = text.splitlines()
    assert lines[0] == "Small caps against large caps"
    assert lines[1].startswith("Small caps")
    assert any(line.startswith("[rotation-2026-07-17-rotation.png: Two lines") for line in lines)
    assert lines[-2:] == ["(Price only) (Explain) (Table) (CSV) (PNG)", "(Another day) (Compare) (Set an alert) (🗑️)"]
