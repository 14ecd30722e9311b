"""Does the panel in the CRM's record do what it promises? A real browser, the real stack, a truly foreign frame."""
