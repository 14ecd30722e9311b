"""Which worker can be ordered to die? The product's own, with its boundaries watched."""

from __future__ import annotations

from tests.crash import boundaries

if __name__ == "__main__":
    boundaries.install()
    from server import worker

    worker.run()
