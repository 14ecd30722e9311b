"""InvoiceBridge: pushes Zoho CRM invoices to Xero and brings their state back."""
