"""Would Zoho's packer take our widget folder, and does our checker know its rules?"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bench import pack


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    """A small folder that passes."""
    folder = tmp_path / "InvoiceBridge"
    (folder / "app" / "translations").mkdir(parents=True)
    (folder / "plugin-manifest.json").write_text('{"service": "CRM"}')
    (folder / "app" / "widget.html").write_text("<!doctype html>")
    (folder / "app" / "translations" / "en.json").write_text("{}")
    return folder


def test_our_own_folder_passes_without_a_warning_and_is_packed_whole(tmp_path: Path) -> None:
    """Nothing is refused, and nothing would be left out unseen (Z1.3)."""
    folder = pack.stage(pack.ROOT, tmp_path)
    assert pack.findings(folder) == []
    inside = zipfile.ZipFile(pack.pack(folder)).namelist()
    ours = [path for path in (pack.ROOT / "widget").rglob("*") if path.is_file()]
    assert inside == sorted(f"app/{path.relative_to(pack.ROOT / 'widget').as_posix()}" for path in ours)


def test_the_pages_that_the_manifest_names_are_in_the_packed_file(tmp_path: Path) -> None:
    """The manifest is documentation for CRM (Z1.7), and it is true."""
    folder = pack.stage(pack.ROOT, tmp_path)
    manifest = json.loads((folder / "plugin-manifest.json").read_text())
    inside = zipfile.ZipFile(pack.pack(folder)).namelist()
    pages = [widget["url"] for widget in manifest["modules"]["widgets"]]
    assert pages
    assert {page.removeprefix("/") for page in pages} <= set(inside)


def test_packed_pages_name_the_real_sdk(tmp_path: Path) -> None:
    """The gap that the server fills when it serves a page is filled here as well."""
    folder = pack.stage(pack.ROOT, tmp_path)
    assert not [page for page in (folder / "app").rglob("*.html") if "__SDK__" in page.read_text()]


def test_a_good_folder_is_packed_without_its_manifest(staged: Path) -> None:
    """For CRM the zip holds app/ alone (Z1.4)."""
    assert pack.findings(staged) == []
    packed = pack.pack(staged)
    assert packed == staged / "dist" / "InvoiceBridge.zip"
    assert zipfile.ZipFile(packed).namelist() == ["app/translations/en.json", "app/widget.html"]


def no_manifest(folder: Path) -> None:
    (folder / "plugin-manifest.json").unlink()


def no_json(folder: Path) -> None:
    (folder / "plugin-manifest.json").write_text("{service: CRM}")


def other_service(folder: Path) -> None:
    (folder / "plugin-manifest.json").write_text('{"service": "crm"}')


def no_app(folder: Path) -> None:
    (folder / "app").rename(folder / "widget")


def empty_app(folder: Path) -> None:
    (folder / "app" / "widget.html").unlink()
    (folder / "app" / "translations" / "en.json").unlink()


def too_many(folder: Path) -> None:
    for number in range(248):
        (folder / "app" / f"{number}.js").touch()


def too_large(folder: Path) -> None:
    (folder / "app" / "large.js").write_bytes(b"x" * 5_000_001)


def space_in_file(folder: Path) -> None:
    (folder / "app" / "my page.html").touch()


def bare_extension(folder: Path) -> None:
    (folder / "app" / ".js").touch()


def dot_in_folder(folder: Path) -> None:
    (folder / "app" / "v1.2").mkdir()


@pytest.mark.parametrize(
    "harm",
    [
        no_manifest,
        no_json,
        other_service,
        no_app,
        empty_app,
        too_many,
        too_large,
        space_in_file,
        bare_extension,
        dot_in_folder,
    ],
)
def test_what_the_packer_refuses_is_found(staged: Path, harm: Callable[[Path], None]) -> None:
    """One rule of Z1.3 at a time."""
    harm(staged)
    assert any(finding.fatal for finding in pack.findings(staged))


def test_limits_themselves_are_allowed(staged: Path) -> None:
    """250 files, those under translations counted twice, and 5,000,000 bytes."""
    for number in range(247):
        (staged / "app" / f"{number}.js").touch()
    (staged / "app" / "0.js").write_bytes(b"x" * 5_000_000)
    assert pack.findings(staged) == []


def test_a_file_that_would_be_left_out_is_a_warning(staged: Path) -> None:
    """The tool drops it from the zip without failing."""
    (staged / "app" / "page.js.map").touch()
    assert [finding.fatal for finding in pack.findings(staged)] == [False]
    assert "app/page.js.map" not in zipfile.ZipFile(pack.pack(staged)).namelist()
