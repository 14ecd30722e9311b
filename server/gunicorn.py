"""How does gunicorn serve the web process? Two processes of four threads (measured best on two cores).

A half-set environment ends it here, before a port is opened.
"""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from server import logs
from server.wiring import load_config

_config = load_config()
logs.set_up(_config.log_level)


class OneLog(Logger):  # type: ignore[misc]
    """gunicorn's own lines go through our formatter, as JSON like all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers, self.error_log.propagate = [], True


logger_class = OneLog
bind = f"{_config.host}:{_config.port}"
workers = 2
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 30
keepalive = 5
# Our own line for each request names the route; an access log would write one-time secrets.
accesslog = None
errorlog = "-"
loglevel = _config.log_level.lower()
# Hosts end TLS before us; only what they say on loopback or in a private network is believed.
forwarded_allow_ips = "127.0.0.1"
# Door secrets and bearer tokens are short; nothing longer is read.
limit_request_line = 4094
limit_request_field_size = 8190
control_socket_disable = True
