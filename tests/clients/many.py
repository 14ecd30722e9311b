"""How do many processes ask for one grant's token in the same moment? Run as `python -m tests.clients.many`.

Arguments: database, SECRET_KEYS, address of the pretend service, grant id, milliseconds a token call may
take, processes. Imports once, says "ready", forks when a line comes in, prints the children's ids and then what
each of them got.
"""

from __future__ import annotations

import os
import sys

from server.clients.errors import CallFailed
from server.clients.transport import CallTimes, Transport
from tests.clients.house import grants_at, vault_at


def child(database: str, key: str, url: str, grant_id: str, token_s: str, start: int) -> str:
    times = CallTimes(token_s=int(token_s) / 1000)
    grants = grants_at(url, vault_at(database, key), Transport(times), times)
    os.read(start, 1)  # all of them wake when the parent closes its end
    try:
        return grants.access(grant_id).token
    except CallFailed as failed:
        return f"{type(failed).__name__} {failed}"


def main(count: str, *wanted: str) -> None:
    print("ready", flush=True)
    sys.stdin.readline()
    start, starter = os.pipe()
    children = []
    for _ in range(int(count)):
        pid = os.fork()
        if pid == 0:
            os.close(starter)
            sys.stdout.write(f"{child(*wanted, start)}\n")  # type: ignore[arg-type, misc]
            sys.stdout.flush()
            os._exit(0)
        children.append(pid)
    print(*children, flush=True)
    os.close(starter)
    for pid in children:
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main(sys.argv[-1], *sys.argv[1:-1])
