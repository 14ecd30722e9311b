"""What is this package? The pretend Xero: sign-in, Accounting API and a bookkeeper's page."""
