"""Do all files keep the few rules that a machine can check?"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

from tests.guard.sources import ROOT, all_files, files, python_files

CODE = ("server", "simulator", "bench", "tests")
TEXT = {".py", ".js", ".css", ".html", ".md", ".json", ".toml", ".txt", ".sh", ".mako", ".ini", ""}
# Ways to make HTML out of text; a customer called <img onerror=...> would run in the panel.
MAKES_HTML = re.compile(r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function)\b")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a Zoho client": re.compile(r"\b1000\.[A-Z0-9]{20,}\b"),
    "a Zoho token": re.compile(r"\b1000\.[0-9a-f]{32}\.[0-9a-f]{32}\b"),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{10,}"),
    "a Fernet key": re.compile(r"[\"'][A-Za-z0-9_-]{43}=[\"']"),
    "a literal password": re.compile(r"(?i)\b(secret|password|api_key|token)\s*=\s*[\"'][A-Za-z0-9+/_-]{32,}[\"']"),
    "a password in an address": re.compile(r"\b[a-z+]+://[^\s/:@{}<>]+:[^\s/:@{}<>]+@"),
}
# One table each, which reads best in one piece.
ONE_LONG_TABLE = ("server/store/tables.py", "server/domain/reasons.py", "server/store/migrations/versions/")
# Numbers here are seconds.
SECONDS = {"server/domain/times.py", "server/domain/dispatching.py"}
# What is read here holds no money.
NO_MONEY = {"server/clients/places.py", "server/clients/tokens.py", "server/sync/look.py"}
UNDONE = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def lines_matching(found: list[Path], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{number}"
        for file in found
        for number, line in enumerate(text_of(file).splitlines(), 1)
        if pattern.search(line)
    ]


def texts() -> list[Path]:
    return [file for file in all_files() if file.suffix in TEXT]


def test_every_file_says_on_its_first_line_which_question_it_answers() -> None:
    """A stranger finds the place by reading first lines alone."""
    silent = [
        str(file.relative_to(ROOT))
        for file in python_files(*CODE)
        if not text_of(file).startswith(('"""', "#!/")) or not ast.get_docstring(ast.parse(text_of(file)))
    ]
    assert silent == []


def test_files_and_functions_stay_small() -> None:
    """300 lines a file, 50 a function: more than that answers more than one question."""
    mine = [file for file in python_files(*CODE) if not str(file.relative_to(ROOT)).startswith(ONE_LONG_TABLE)]
    large = [str(file.relative_to(ROOT)) for file in mine if text_of(file).count("\n") > 300]
    long = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
        for file in mine
        for node in ast.walk(ast.parse(text_of(file)))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    ]
    assert large + long == []


def test_no_float_touches_money() -> None:
    """0.1 + 0.2 is not 0.3; in the server money is Decimal from the wire to the wire. Seconds may be floats."""
    calls = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in python_files("server")
        for node in ast.walk(ast.parse(text_of(file)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "float" and ast.unparse(node) != "float('inf')"
    ]
    domain = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in python_files("server/domain")
        if str(file.relative_to(ROOT)) not in SECONDS
        for line in floats_in(ast.parse(text_of(file)))
    ]
    assert calls + domain == []


def floats_in(tree: ast.Module) -> list[int]:
    """Lines that write a float or name the type; asking whether something is one is allowed."""
    asked = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance"
        for inner in ast.walk(node)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float" and id(node) not in asked)
    ]


def test_numbers_that_come_in_are_read_as_decimals() -> None:
    """json.loads makes floats of money unless it is told not to."""
    careless = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in python_files("server/clients", "server/sync", "server/domain")
        for node in ast.walk(ast.parse(text_of(file)))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "json.loads"
        if "parse_float" not in {keyword.arg for keyword in node.keywords}
        if str(file.relative_to(ROOT)) not in NO_MONEY
    ]
    assert careless == []


def test_the_widget_makes_no_html_out_of_text() -> None:
    """Names come from CRM and Xero, and any of them may hold markup."""
    assert lines_matching(files("widget", ends=(".js", ".html")), MAKES_HTML) == []


def test_pages_hold_no_inline_script_or_style() -> None:
    """The content security policy would stop it, on somebody's screen and not on ours."""
    pages = files("widget", "server", ends=(".html",))
    assert [str(file.relative_to(ROOT)) for file in pages if INLINE.search(text_of(file))] == []


def test_nothing_looks_like_a_secret() -> None:
    """What was committed once is known for ever."""
    found = {what: lines_matching(texts(), pattern) for what, pattern in SECRETS.items()}
    assert {what: where for what, where in found.items() if where} == {}


def test_nothing_is_left_undone_in_a_comment() -> None:
    """What is not built is said in the README, where people look."""
    assert lines_matching(texts(), UNDONE) == []


def test_broad_excepts_stand_at_process_boundaries_only() -> None:
    """One each, with a reason on its line: everywhere else the error is one of a ladder, or goes on as it came."""
    bare = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in python_files("server")
        for node in ast.walk(ast.parse(text_of(file)))
        if isinstance(node, ast.ExceptHandler) and _swallows_all(node) and not _reason(file, node.lineno)
    ]
    assert bare == []


def _swallows_all(handler: ast.ExceptHandler) -> bool:
    caught, last = handler.type, handler.body[-1]
    everything = caught is None or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})
    return everything and not (isinstance(last, ast.Raise) and last.exc is None)


def _reason(file: Path, line: int) -> str:
    """The comment on a line, which must say more than which rule it switches off."""
    comments = {
        token.start[0]: token.string
        for token in tokenize.generate_tokens(io.StringIO(text_of(file)).readline)
        if token.type == tokenize.COMMENT
    }
    return re.sub(r"#\s*noqa(: [A-Z0-9, ]+)?", "", comments.get(line, "")).strip(" -:#")
