"""How long does each step of the protocol take at the most? One table (design 4a and 4b), scaled as one."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

LEAST_FRESH_S = 2.0


@dataclass(frozen=True)
class Times:
    """Seconds. call < job limit < lease; nothing is sent again later than `resend_within` after the first attempt,
    because Xero remembers a key for six minutes only (X4). A change is first sent within `change_fresh` of being
    stored, else it is decided again from a fresh read."""

    call: float = 40
    read_call: float = 20
    token_call: float = 10
    job_limit: float = 75
    claim_margin: float = 15
    lease: float = 90
    start_left: float = 45
    resend_after: tuple[float, ...] = (5, 30, 120)
    resend_within: float = 240
    look_after: float = 120
    look_answered: float = 5
    change_fresh: float = 15
    follow_within: float = 2
    clock_alive: float = 120
    service_wait_limit: float = 86_400
    scale: float = 1

    def scaled(self, by: float) -> Times:
        """All of them shorter or longer alike; `follow_within` stays, because CRM's stamps keep whole seconds, and a
        change keeps time enough to leave a busy machine."""
        kept = ("scale", "resend_after", "follow_within", "change_fresh")
        changed = {each.name: getattr(self, each.name) * by for each in fields(self) if each.name not in kept}
        return replace(
            self,
            **changed,
            resend_after=tuple(each * by for each in self.resend_after),
            change_fresh=max(self.change_fresh * by, min(self.change_fresh, LEAST_FRESH_S)),
            scale=self.scale * by,
        )
