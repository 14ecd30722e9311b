"""What does InvoiceBridge remember? Tables, migrations and queries by purpose."""
