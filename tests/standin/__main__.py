"""Run the stand-in until the end of standard input; the port it was given is printed first."""

import asyncio
import sys

from aiohttp import web

from tests.standin.server import application_of


async def main() -> None:
    runner = web.AppRunner(application_of(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    (port,) = {address[1] for address in runner.addresses}
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
