"""Is our widget folder what Zoho's own packer takes, and what does the packed file hold?

Zoho's tool `zet` checks files and zips `app/`, no more (Z1.3, Z1.4); the same rules stand here in Python, so that
nobody needs Node. Our folder is called `widget/`, so it is staged as `app/` first (Z1.5).
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "InvoiceBridge"
# Where the SDK is when nothing else is configured (Z3.1); the server fills the same gap when it serves a page.
SDK = "https://live.zwidgets.com/js-sdk/1.2/ZohoEmbededAppSDK.min.js"

SERVICES = frozenset(
    "CRM CATALYST PROJECTS DESK QNTRL MAIL CREATOR TEAMINBOX SDP IOT FINANCE EXPENSE INVENTORY PEOPLE BIGIN "
    "BILLING RECRUIT FSM LOGS360CLOUD".split()
)
EXTENSIONS = frozenset(
    ".jpg .jpeg .png .gif .svg .css .woff .woff2 .ttf .eot .webm .js .mp3 .mp4 .json .txt .md .xml .dre .html".split()
)
MOST_FILES = 250
MOST_BYTES = 5_000_000
LONGEST_NAME = 250
_FILE_NAME = re.compile(r"[A-Za-z0-9_.$-]*")
_FOLDER_NAME = re.compile(r"[A-Za-z0-9_$-]*")


@dataclass(frozen=True)
class Finding:
    """What the packer would say. `fatal`: it refuses; else it leaves the file out without a word."""

    text: str
    fatal: bool = True


def findings(folder: Path) -> list[Finding]:
    """All that Z1.3 says about a staged folder, at once. Empty: it is packed as it stands."""
    return [*_manifest(folder / "plugin-manifest.json"), *_app(folder / "app")]


def stage(source: Path, build: Path) -> Path:
    """A fresh folder as the packer wants it, from a checkout: the manifest, and `widget/` named `app/`."""
    folder = build / NAME
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(source / "plugin-manifest.json", folder)
    shutil.copytree(source / "widget", folder / "app", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for page in (folder / "app").rglob("*.html"):
        page.write_text(page.read_text(encoding="utf-8").replace("__SDK__", SDK), encoding="utf-8")
    return folder


def pack(folder: Path) -> Path:
    """Zip a staged folder as the packer does for CRM: `app/` alone, without the manifest (Z1.4)."""
    target = folder / "dist" / f"{folder.name}.zip"
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(_files(folder / "app")):
            if file.suffix.lower() in EXTENSIONS:
                out.write(file, file.relative_to(folder))
    return target


def _manifest(file: Path) -> Iterator[Finding]:
    if not file.is_file():
        yield Finding("Not in project directory: there is no plugin-manifest.json.")
        return
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        yield Finding("plugin-manifest.json is not a valid JSON file.")
        return
    if not isinstance(manifest, dict) or manifest.get("service") not in SERVICES:
        yield Finding("The manifest's service is none that the packer knows.")


def _app(app: Path) -> Iterator[Finding]:
    if not app.is_dir():
        yield Finding("app directory is missing.")
        return
    files = list(_files(app))
    if not files:
        yield Finding("app directory is empty.")
    # The tool counts files under `translations` twice.
    count = len(files) + sum("translations" in file.relative_to(app).parts for file in files)
    if count > MOST_FILES:
        yield Finding(f"app holds {count} files, and {MOST_FILES} are allowed.")
    for folder in (path for path in app.rglob("*") if path.is_dir()):
        if not _FOLDER_NAME.fullmatch(folder.name):
            yield Finding(f"The folder name {folder.name!r} is not allowed.")
    for file in files:
        yield from _file(file, file.relative_to(app).as_posix())


def _file(file: Path, path: str) -> Iterator[Finding]:
    bare = file.name.startswith(".") and file.name.lower() in EXTENSIONS
    if bare or not _FILE_NAME.fullmatch(file.name) or len(file.name) > LONGEST_NAME:
        yield Finding(f"The file name {path!r} is not allowed.")
    if file.stat().st_size > MOST_BYTES:
        yield Finding(f"{path} exceeds the allowed limit of 5MB.")
    if file.suffix.lower() not in EXTENSIONS:
        yield Finding(f"{path} would be left out: its extension is not on the list.", fatal=False)


def _files(app: Path) -> Iterator[Path]:
    return (path for path in app.rglob("*") if path.is_file())


def main() -> int:
    """Stage, check and pack this checkout; 1 where the packer would refuse it."""
    folder = stage(ROOT, ROOT / "build")
    found = findings(folder)
    for finding in found:
        print(("refused: " if finding.fatal else "warning: ") + finding.text, file=sys.stderr)
    if any(finding.fatal for finding in found):
        return 1
    print(pack(folder).relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
