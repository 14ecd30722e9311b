"""Does the whole product come up, set itself up by the real routes, and come back after any kill?"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from simulator.stack.whole import Stack, says_ok
from tests.tenants import Tenant


def until(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_a_new_tenant_is_connected_and_set_up_by_the_routes_that_people_use(tenant: Callable[..., Tenant]) -> None:
    """No back door: sign-in, consent pages, settings with If-Match."""
    made = tenant()
    connections = made.api.get("/connections").json()
    assert [connections[side]["state"] for side in ("zoho", "xero")] == ["ok", "ok"]
    assert made.api.get("/settings").json()["missing"] == []
    assert made.sales.get("/settings").status_code in {200, 403}


@pytest.mark.crash
@pytest.mark.parametrize("name", ["web", "worker", "clock", "redis", "simulator"])
def test_each_process_comes_back_after_a_kill(stack: Stack, name: str) -> None:
    """SIGKILL to one process; the product is ready again without anybody's help."""
    old = stack.kill(name)
    assert until(lambda: stack.supervisor.alive(name) and stack.supervisor.pid(name) != old)
    for address in (f"{stack.public_base}/health/ready", f"{stack.xero}/_control/switches"):
        assert until(lambda address=address: says_ok(address))
