"""When does the runner take a server for ready? Only when it answers 200 itself."""

from __future__ import annotations

import pytest
import requests
import responses

from simulator.stack.whole import says_ok

ADDRESS = "http://localhost:18999/health/ready"


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False), (404, False), (301, False)])
def test_only_a_200_is_ready(status: int, ready: bool) -> None:
    """A server that is up but has no database answers 503: nobody is sent there yet."""
    with responses.RequestsMock() as answers:
        answers.get(ADDRESS, status=status)
        assert says_ok(ADDRESS) is ready


@pytest.mark.parametrize("failure", [requests.ConnectionError("refused"), requests.ReadTimeout("slow")])
def test_a_server_that_cannot_be_reached_is_not_ready(failure: Exception) -> None:
    """Refused and timed out are the same to the runner: it asks again."""
    with responses.RequestsMock() as answers:
        answers.get(ADDRESS, body=failure)
        assert says_ok(ADDRESS) is False
