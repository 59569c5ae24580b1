"""The way to the local vendors for a whole process, its code untouched: a proxy that leads every host to them.

Give the process ``environment(...)``: an HTTPS proxy, and the certificate authority in place of the system's.
"""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.vendors.server import let_nobody_in, nothing_left


@contextmanager
def environment(folder: Path) -> Iterator[Mapping[str, str]]:
    """Run the proxy to the vendors in ``folder``; yields the variables of a process that shall use it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="proxy")
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_serve(folder / "vendors.sock"), loop).result(10)
    port = server.sockets[0].getsockname()[1]
    authority = str(folder / "authority.pem")
    proxy = f"http://127.0.0.1:{port}"
    try:
        yield {
            "HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": "", "no_proxy": "",
            "CURL_CA_BUNDLE": authority, "REQUESTS_CA_BUNDLE": authority, "SSL_CERT_FILE": authority,
        }  # fmt: skip
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _serve(socket: Path) -> asyncio.Server:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        with suppress(asyncio.CancelledError, asyncio.IncompleteReadError, ConnectionError):  # else writer stays open
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"CONNECT ")
            there, back = await asyncio.open_unix_connection(str(socket))
            ends.append(back)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
        for end in ends:
            end.transport.abort()

    return await asyncio.start_server(connect, "127.0.0.1", 0)


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(1 << 16):
            target.write(data)
            await target.drain()
        target.close()


async def _stop(server: asyncio.Server) -> None:
    await let_nobody_in(server)
    server.close()
    await nothing_left()
