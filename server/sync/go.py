"""What does one job know about its own go? Whose it is, what it may do, and how much time is left."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from server.domain.times import Times
from server.store.ids import new_token
from server.store.turns import INTERACTIVE


@dataclass(frozen=True)
class Go:
    """One go of one tenant's turn. `token` fences everything this go leases."""

    tenant_id: str
    work_class: str
    job_id: str
    times: Times
    token: str = field(default_factory=new_token)
    started: float = field(default_factory=time.monotonic)

    @property
    def click(self) -> bool:
        """Whether a person waits for this work: clicks have a kept share of every limit (design 4b)."""
        return self.work_class == INTERACTIVE

    def seconds_left(self) -> float:
        """Of the job's limit, by a clock that cannot be set back."""
        return self.times.job_limit - (time.monotonic() - self.started)

    def may_call(self) -> bool:
        """A write to Xero starts only with this much of the job left, or the next go sends it (4a.4)."""
        return self.seconds_left() >= self.times.start_left

    def may_read_more(self) -> bool:
        """Whether another read, however slow, leaves time to keep what came of it; else the next go reads on."""
        return self.seconds_left() >= 2 * self.times.read_call

    def may_write_crm(self) -> bool:
        """Whether a write to CRM can end within this go: a later one could put an old state over a newer one's."""
        return self.seconds_left() >= self.times.read_call

    def may_claim_again(self, claims: int) -> bool:
        """At most four claims or five seconds; a click's go has one, so that clicks never wait for each other."""
        most = 1 if self.click else 4
        return claims < most and time.monotonic() - self.started < 5
