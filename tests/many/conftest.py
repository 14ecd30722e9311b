"""What do the tests of the list's popup share? A browser page above the list, and no ordered trouble left."""

from tests.popup.conftest import browser_context_args, no_trouble_left

__all__ = ["browser_context_args", "no_trouble_left"]
