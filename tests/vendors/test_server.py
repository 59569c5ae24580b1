"""The local vendors end whole: what they left open would fail whichever test the garbage collector runs in."""

import asyncio
import gc
import socket
import warnings
from pathlib import Path

import pytest

from tests.vendors.fixtures import short_folder
from tests.vendors.proxy import environment
from tests.vendors.server import LocalVendors

__all__ = ["short_folder"]


async def _until(tasks: int) -> None:
    while len(asyncio.all_tasks()) <= tasks:  # noqa: ASYNC110  (the server says nothing of whom it has just let in)
        await asyncio.sleep(0)


def left_behind() -> list[str]:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        gc.collect()
    return [str(one.message) for one in seen]


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01\x02\x00"], ids=["silent", "mid-greeting"])
def test_clients_that_are_still_shaking_hands(short_folder: Path, said: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        with LocalVendors(short_folder) as vendors:
            client.connect(str(short_folder / "vendors.sock"))
            client.sendall(said)
            asyncio.run_coroutine_threadsafe(_until(tasks=1), vendors._loop).result(20)
        del vendors
        assert left_behind() == []


def test_clients_of_the_proxy_that_never_say_where_to(short_folder: Path) -> None:
    with LocalVendors(short_folder), environment(short_folder) as variables:
        port = int(variables["HTTPS_PROXY"].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"CONNECT fred.stlouisfed.org:443 HTTP/1.1\r\n\r\n")
            assert client.recv(1024).startswith(b"HTTP/1.1 200")
            with socket.create_connection(("127.0.0.1", port)) as other:
                other.sendall(b"CONNECT ")
    assert left_behind() == []
