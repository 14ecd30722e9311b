"""How many answers a second does an address give? `python -m bench.load`: a JSON wish on stdin, figures on stdout.

A process of its own, so that its processor time is not ours; each thread keeps one connection open.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from typing import Any
from urllib.parse import urlsplit


def main() -> None:
    wish = json.load(sys.stdin)
    counts: list[int] = []
    threads = [threading.Thread(target=_ask, args=(wish, counts)) for _ in range(wish["connections"])]
    began = time.monotonic()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    took = time.monotonic() - began
    print(json.dumps({"answers": sum(counts), "seconds": took, "rps": sum(counts) / took}))


def _ask(wish: dict[str, Any], counts: list[int]) -> None:
    """Again and again until the time is over; no faster than its share of `rate`, where one is given."""
    place = urlsplit(wish["address"])
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    apart = wish["connections"] / wish["rate"] if wish.get("rate") else 0.0
    count, until, due = 0, time.monotonic() + wish["seconds"], time.monotonic()
    while time.monotonic() < until:
        time.sleep(max(0.0, due - time.monotonic()))
        due += apart
        connection.request("GET", wish["paths"][count % len(wish["paths"])], headers=wish["headers"])
        answer = connection.getresponse()
        answer.read()
        assert answer.status in (200, 304), answer.status
        count += 1
    counts.append(count)


if __name__ == "__main__":
    main()
