"""A mirror of Yahoo as an operator would set one up: plain HTTP below a path, everything passed on as it comes.

What a reverse proxy does with two rules: the bare path leads to the host that hands out cookies, all else to the host
that answers. Headers are passed on untouched, so that cookies still name the vendor's domain.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from curl_cffi import CurlOpt
from curl_cffi.requests import Session

PREFIX = "/mirrors/yahoo"
PASSED = {"set-cookie", "content-type", "retry-after"}


@contextmanager
def mirror(folder: Path) -> Iterator[str]:
    """Run a mirror of the local Yahoo in ``folder``; yields its ``base_url``."""

    class Passing(BaseHTTPRequestHandler):
        """Passes requests on, without cookies of its own."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.removeprefix(PREFIX) or "/"
            host = "fc.yahoo.com" if path == "/" else "query2.finance.yahoo.com"
            sent = {name: self.headers[name] for name in ("Cookie", "Content-Type") if name in self.headers}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
            with Session(
                verify=str(folder / "authority.pem"),
                curl_options={CurlOpt.UNIX_SOCKET_PATH: str(folder / "vendors.sock")},
            ) as session:
                answer = session.request(
                    self.command, f"https://{host}{path}", headers=sent, data=body, allow_redirects=False, quote=False
                )  # type: ignore[call-overload]  # the library types methods as literals
            self.send_response(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name.lower() in PASSED:
                    self.send_header(name, str(value))
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_POST = do_GET  # noqa: N815  (as above)

        def log_message(self, *_told: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Passing) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="mirror")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}{PREFIX}"
        finally:
            server.shutdown()
            thread.join()
