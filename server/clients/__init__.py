"""Which outside services do we call, and how? Everything that speaks HTTP to Xero or Zoho lives here."""
