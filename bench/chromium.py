"""Which Chromium do browser tests use, and how does a machine without one get it?"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
_HOW = """No Chromium was found, and the browser tests need one. Any of these gives one:
  apt-get install chromium                               (Debian, Ubuntu; as root `make test` does it itself)
  brew install --cask chromium                           (macOS; an installed Google Chrome serves too)
  .venv/bin/python -m playwright install chromium        (a private copy, no rights needed)
or name one: CHROMIUM=/path/to/chromium make test"""


def find() -> Path | None:
    """The browser to drive: the one named by CHROMIUM, one installed here, or Playwright's private copy."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((path for path in (*_MAC, *_private_copies()) if path.is_file()), None)


def make_sure() -> Path:
    """A browser, installed now where this user may; SystemExit that says how to get one otherwise."""
    found = find()
    if found is None and _may_install():
        print("Installing Chromium for the browser tests (once) ...", flush=True)
        _apt("update")
        _apt("install", "-y", "--no-install-recommends", "chromium")
        found = find()
    if found is None:
        raise SystemExit(_HOW)
    return found


def _may_install() -> bool:
    return "CHROMIUM" not in os.environ and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt(*what: str) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", "-q", *what], env=env, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stderr, file=sys.stderr)


def _private_copies() -> list[Path]:
    from playwright.sync_api import Error, sync_playwright

    with contextlib.suppress(Error), sync_playwright() as driver:
        return [Path(driver.chromium.executable_path)]
    return []


if __name__ == "__main__":
    print(f"browser: {make_sure()}")
