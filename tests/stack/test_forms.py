"""Does the walk's browser read forms and links as a real one does?"""

from __future__ import annotations

import pytest

from simulator.stack.forms import read

PAGE = """
<p><a class="button" href="/onwards?x=1">Go on to <b>Xero</b></a></p>
<form method="post" action="/consent?state=s">
  <input type="hidden" name="state" value="a&amp;b">
  <select name="user"><option value="1">Tom Alvarez</option><option value="2" selected>Mia Chen</option></select>
  <select name="size"><option value="s">Small</option><option value="l">Large</option></select>
  <label><input type="checkbox" name="organisation" value="o1" checked> Harbour &amp; Pine</label>
  <label><input type="checkbox" name="organisation" value="o2"> Northwind</label>
  <input type="text" name="closed" value="x" disabled>
  <button type="submit" name="decision" value="allow">Allow</button>
  <button type="submit" name="decision" value="deny">Deny</button>
</form>
"""


def test_a_form_sends_what_a_person_left_as_it_was() -> None:
    """Hidden fields, chosen options and ticked boxes; no button that was not pressed, no field that is closed."""
    form = read(PAGE, "http://localhost:1/page").forms[0]
    assert form.address == "http://localhost:1/consent?state=s"
    assert form.filled({}) == [("state", "a&b"), ("user", "2"), ("size", "s"), ("organisation", "o1")]


def test_a_change_replaces_the_choice_and_a_button_is_named() -> None:
    """Two organisations ticked, another user, Allow pressed."""
    form = read(PAGE, "http://localhost:1/page").forms[0]
    sent = form.filled({"user": "1", "organisation": ["o1", "o2"], "decision": "allow"})
    assert ("user", "1") in sent
    assert [value for name, value in sent if name == "organisation"] == ["o1", "o2"]
    assert ("decision", "allow") in sent


def test_a_choice_is_found_by_the_words_beside_it() -> None:
    """As a person finds it."""
    form = read(PAGE, "http://localhost:1/page").forms[0]
    assert form.value_of("user", "Mia") == "2"
    assert form.value_of("organisation", "Northwind") == "o2"
    with pytest.raises(LookupError, match="Greta"):
        form.value_of("user", "Greta")


def test_links_are_whole_addresses_with_their_words() -> None:
    """A link may hold more marks than words."""
    links = read(PAGE, "http://localhost:1/page").links
    assert [(link.value, link.label) for link in links] == [("http://localhost:1/onwards?x=1", "Go on to Xero")]
