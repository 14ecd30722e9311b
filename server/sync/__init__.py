"""What happens, in the order of events? The use-cases between our API, CRM, Xero and the store."""
