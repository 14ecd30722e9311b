"""How does a CRM invoice get into Xero? The heart, in the order of events.

    claim tasks (record leases)                     store     commit
    rebuild links where a scan is due               clients   nothing open
    read CRM, read Xero for what is linked          clients   nothing open
    keep what CRM's records tell of themselves      store     commit
    decide                                          domain    pure
    end what needs no write                         store     commit
    send changes that need nothing first            as below
    make products that Xero lacks, where allowed    clients   nothing open
    store the dispatch                              store     commit      <- before anything is sent
    send it                                         clients   nothing open
    settle: links, outcomes; wake the crm turn      store     commit      (which writes the CRM fields)

Changes go first, while their read is fresh. A product that Xero does not take stops only what names it. New customers
follow in a dispatch of their own; their invoices are decided again once the contact is known.
Any step may be the last one this process takes: what is stored tells the next process how to go on.
"""

from __future__ import annotations

from server.sync.claims import claim
from server.sync.crm_records import keep_true
from server.sync.footing import footing
from server.sync.go import Go
from server.sync.outbox import send_invoices, send_new_customers
from server.sync.products import make_products
from server.sync.reading import read
from server.sync.scan import scan_if_due
from server.sync.services import Services
from server.sync.verdicts import decide_again, decide_each, end_decided
from server.sync.waiting import put_back_on_trouble


def push(s: Services, go: Go) -> bool:
    """Work on one claim of pushes and previews; whether there was any."""
    mine = claim(s, go, ("push", "preview"))
    if not mine.tasks:
        return False
    with put_back_on_trouble(s, mine):
        ground = footing(s, go.tenant_id, click=go.click)
        scan_if_due(s, ground)
        reading = read(s, ground, mine)
        keep_true(s, ground, mine, reading)
        verdicts = decide_each(s, ground, mine, reading)
        end_decided(s, ground, mine, verdicts)
        send_invoices(s, ground, mine, verdicts.needing_products(False), "changes")
        verdicts = make_products(s, ground, mine, verdicts)
        send_invoices(s, ground, mine, verdicts.needing_products(True), "changes")
        if verdicts.new_customers:
            send_new_customers(s, ground, mine, verdicts)
            verdicts = decide_again(s, ground, mine, verdicts)
            end_decided(s, ground, mine, verdicts)
            send_invoices(s, ground, mine, verdicts, "changes")
        send_invoices(s, ground, mine, verdicts, "creates")
    return True
