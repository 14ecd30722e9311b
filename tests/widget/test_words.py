"""Are all words of the widget in its catalogue, and is each of them used?"""

from __future__ import annotations

import re
from pathlib import Path

WIDGET = Path(__file__).resolve().parents[2] / "widget"
CATALOGUE = (WIDGET / "words" / "en.js").read_text("utf-8")
KEYS = set(re.findall(r'^  "([a-zA-Z_.]+)":', CATALOGUE, re.MULTILINE))
SCRIPTS = "\n".join(file.read_text("utf-8") for file in sorted((WIDGET / "js").rglob("*.js")))
# Keys that are put together: `status.${status}`, `${name}.headline`.
STARTS = set(re.findall(r"[`{]([a-z_.]+)\.\$\{", SCRIPTS))
ENDS = set(re.findall(r"\}(\.[a-z_]+)`", SCRIPTS))


def test_every_word_that_is_asked_for_exists() -> None:
    """A key that is missing would show itself to a customer."""
    asked = set(re.findall(r'\b(?:say|told)\(\s*"([a-z_]+\.[a-z_.]+)"', SCRIPTS))
    assert asked - KEYS == set()


def test_every_word_of_the_catalogue_is_used() -> None:
    """Whoever translates it translates nothing in vain. Keys may be put together of two parts: `button.${name}`."""
    quoted = set(re.findall(r'"([a-zA-Z_.]+)"', SCRIPTS))
    unused = {key for key in KEYS - quoted if not is_put_together(key, quoted)}
    assert unused == set()


def is_put_together(key: str, quoted: set[str]) -> bool:
    first, _, last = key.rpartition(".")
    return first in STARTS or (key.split(".")[0] in quoted and f".{last}" in ENDS)


def test_the_words_keep_the_style_of_the_house() -> None:
    """No exclamation marks, no blame, no words of machines, no straight apostrophes."""
    texts = re.findall(r': "([^"]+)"', CATALOGUE)
    wrong = [
        text for text in texts if re.search(r"!|'|\b(error|invalid|failed|AUTHORISED|HTTP)\b", text, re.IGNORECASE)
    ]
    assert wrong == []


def test_scripts_hold_no_sentences() -> None:
    """Text with blanks in it belongs into the catalogue."""
    lines = [line for line in SCRIPTS.splitlines() if not line.strip().startswith(("//", "*", "/*"))]
    sentences = [line for line in lines if re.search(r'text: "[A-Z][a-z]+ |append\("[A-Z]', line)]
    assert sentences == []
