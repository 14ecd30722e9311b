"""How do browsers and hosts reach us over HTTP? Parse, call one use-case, answer."""
