"""Does the storm really put yesterday's database back, hold others up, and see what is left to do?"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from bench.chaos_database import Sqlite


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a database as a stack makes it."""
    run(tmp_path, "PRAGMA journal_mode=WAL")
    run(tmp_path, "CREATE TABLE task (state TEXT)")
    run(tmp_path, "CREATE TABLE dispatch (state TEXT)")
    run(tmp_path, "INSERT INTO task VALUES ('waiting')")
    return tmp_path


def run(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "invoicebridge.db", isolation_level=None, timeout=0.2)) as c:
        c.execute(statement)


def write_and_die(folder: Path) -> None:
    """What was committed stands beside the file only."""
    dies = "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute(sys.argv[2])"
    argv = [folder / "invoicebridge.db", "INSERT INTO task VALUES ('waiting')"]
    subprocess.run([sys.executable, "-c", f"{dies}; os._exit(9)", *argv], check=False)
    assert (folder / "invoicebridge.db-wal").stat().st_size


def test_what_is_under_way_is_left(folder: Path) -> None:
    """Tasks that did not end, and dispatches that are open."""
    own = Sqlite(folder)
    assert own.left() == 1
    run(folder, "INSERT INTO task VALUES ('ended')")
    run(folder, "INSERT INTO dispatch VALUES ('closed')")
    assert own.left() == 1
    run(folder, "INSERT INTO task VALUES ('working')")
    run(folder, "INSERT INTO dispatch VALUES ('open')")
    assert own.left() == 3


def test_what_came_after_the_copy_is_gone(folder: Path) -> None:
    """Also what stood only beside the file, as it does when processes were killed."""
    own = Sqlite(folder)
    own.copy("copy0")
    write_and_die(folder)
    own.copy("copy1")
    write_and_die(folder)
    for name, left in (("copy0", 1), ("copy1", 2), ("copy0", 1)):
        own.put_back(name)
        assert own.left() == left


def test_a_copy_under_an_old_name_is_the_new_one(folder: Path) -> None:
    own = Sqlite(folder)
    own.copy("copy0")
    run(folder, "INSERT INTO task VALUES ('waiting')")
    own.copy("copy0")
    own.put_back("copy0")
    assert own.left() == 2


def test_nobody_writes_while_it_is_cut(folder: Path) -> None:
    cut = threading.Thread(target=Sqlite(folder).cut, args=(1.0,))
    cut.start()
    time.sleep(0.3)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        run(folder, "INSERT INTO task VALUES ('waiting')")
    cut.join()
    run(folder, "INSERT INTO task VALUES ('waiting')")
