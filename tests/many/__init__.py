"""Does the popup of the CRM list do for many invoices what it promises? (mockups/mass-action.png)"""
