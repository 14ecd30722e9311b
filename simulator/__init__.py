"""What is this package? A pretend Xero and a pretend Zoho CRM, as HTTP servers on your own machine."""
