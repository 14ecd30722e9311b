"""What did somebody ask for, and when is it the same as what is asked for already?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """What somebody asked for. Record ids are in the order wished for, without repeats."""

    kind: str
    trigger: str
    module: str
    record_ids: tuple[str, ...]
    asked_by: str | None
    work_class: str
    previewed: Mapping[str, str]
    choices: Mapping[str, str] = field(default_factory=dict)
    rights: tuple[str, ...] | None = None

    @property
    def fingerprint(self) -> str:
        """Equal for the same work on the same records, whoever asks; but what is decided only with the same rights."""
        rights = [",".join(sorted(self.rights))] if self.rights is not None and self.kind != "pull" else []
        told = [self.kind, self.module, *sorted(self.record_ids), *rights]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()
