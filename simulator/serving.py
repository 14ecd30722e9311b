"""How does a pretend service listen on its port?"""

from __future__ import annotations

import threading

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class PortTakenError(Exception):
    """Somebody listens there already; the message names the port."""


class _Handler(WSGIRequestHandler):
    """HTTP/1.1 with kept-open connections, and no line per request."""

    protocol_version = "HTTP/1.1"
    # Head and body go out as two writes; without this each answer on a kept connection waits 40 ms.
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The call log of the control API is the place to look."""


class Server:
    """One app on 127.0.0.1, a thread per connection."""

    def __init__(self, app: Flask, port: int) -> None:
        self._server = _listen(app, port)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        """Begin to answer; the port is open from the construction on."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and close the port."""
        self._server.shutdown()
        self._server.server_close()


def _listen(app: Flask, port: int) -> BaseWSGIServer:
    try:
        return make_server("127.0.0.1", port, app, threaded=True, request_handler=_Handler)
    except (SystemExit, OSError) as error:
        raise PortTakenError(f"port {port} is taken or not allowed; choose another one") from error
