"""Does the push button's popup do what it promises? A real browser on the CRM's page, the real product behind it."""
