"""What is this package? A pretend Zoho CRM: OAuth, REST API v8 and CRM pages, one app per data centre."""
