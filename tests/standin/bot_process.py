"""``handoff`` as it is, except that Discord is somewhere else: ``python -m tests.standin.bot_process PORT run``."""

import sys

import discord
import yarl

from bot.cli import main
from tests.standin import API

if __name__ == "__main__":
    port, *arguments = sys.argv[1:]
    discord.http.Route.BASE = f"http://127.0.0.1:{port}{API}"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(f"ws://127.0.0.1:{port}/gateway")
    sys.exit(main(arguments))
