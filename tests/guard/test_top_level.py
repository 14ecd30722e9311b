"""Is the way in as the README says: processes, commands, one line of migrations?"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from simulator.stack import procfile, whole
from tests.guard.sources import ROOT, files

_IMPORT_NAMES = {"pyyaml": "yaml"}


def test_the_procfile_holds_release_web_worker_and_clock_and_nothing_else() -> None:
    """A real host and `make demo` start the same."""
    assert list(procfile.read()) == ["release", "web", "worker", "clock"]


def test_the_stack_takes_its_processes_from_the_procfile() -> None:
    """So that what was tested is what is run: no command of a server process is written a second time."""
    text = Path(whole.__file__).read_text(encoding="utf-8")
    assert "procfile.read()" in text
    assert not re.search(r"gunicorn|server\.cli|server\.app", text)


def test_there_is_one_migration_head_from_one_start() -> None:
    """Two heads would stop the release step on a real host."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "server/store/migrations"))
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_every_make_command_in_the_documents_exists_and_is_in_the_help() -> None:
    """The first thing a newcomer does is to type one of them."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    documents = [*files("docs", ends=(".md",)), *(ROOT / name for name in ("README.md", "SECURITY.md", "CHANGELOG.md"))]
    named = {word for file in documents for word in re.findall(r"(?:`|^\s*)make ([a-z-]+)", file.read_text(), re.M)}
    assert {"demo", "test", "smoke", "check"} <= named
    assert named <= targets


def test_the_readme_shows_what_there_is() -> None:
    """Its picture and every file it points to are there."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\((?!https?:|#)([^)#]+)", readme)) | set(re.findall(r'src="([^"]+)"', readme))
    assert any(name.endswith(".png") for name in linked)
    assert [name for name in sorted(linked) if not (ROOT / name).exists()] == []


def test_every_version_is_pinned_exactly() -> None:
    """Two installs a year apart are the same."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
        loose = [line for line in lines if line and not line.startswith("-r") and not re.search(r"==\d", line)]
        assert loose == []


def test_what_is_imported_is_a_direct_dependency() -> None:
    """A package that came along with another one may stay away with its next version."""
    shipped = _imported("server", "simulator", "bench/chromium.py", "bench/pack.py") - {"playwright"}
    assert shipped - _listed("requirements.txt") == set()
    peers = {"xero", "xero_python", "xerosdk"}  # bench/peer_pushes.py runs in an environment of its own
    tested = _imported("server", "simulator", "bench", "tests") - peers
    assert tested - _listed("requirements.txt") - _listed("requirements-dev.txt") == set()


def _imported(*places: str) -> set[str]:
    """Top names of other people's packages in our files."""
    own = {"server", "simulator", "bench", "tests"} | set(sys.stdlib_module_names)
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files(*places, ends=(".py",))]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    named = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    named += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in named} - own


def _listed(name: str) -> set[str]:
    """Import names of the packages above the list of what they bring along."""
    direct = (ROOT / name).read_text(encoding="utf-8").split("# What those bring along")[0]
    packages = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[\w+\])?==", direct, re.MULTILINE)
    return {_IMPORT_NAMES.get(package, package.replace("-", "_")) for package in packages}


def test_the_configuration_table_is_complete() -> None:
    """Whatever the server reads from its environment stands in the README, and nothing else does."""
    config = (ROOT / "server/config.py").read_text(encoding="utf-8")
    gunicorn = (ROOT / "server/gunicorn.py").read_text(encoding="utf-8")
    read = set(re.findall(r"\"([A-Z][A-Z0-9]*_[A-Z0-9_]+|PORT|HOST)\"", config + gunicorn))
    each = re.findall(r"f\"\{service\}(_[A-Z_]+)\"", config)
    read |= {service + name for service in ("ZOHO", "XERO") for name in each}
    table = (ROOT / "README.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`([A-Z0-9_]+)`", "".join(re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE))))
    assert read == documented
