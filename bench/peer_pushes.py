"""How do other programs' libraries push the same invoices? Runs in an environment of its own, without this project.

A JSON wish on stdin: {peer, batch, xero, token, organisation, invoices}; figures on stdout: {made, wall_s, cpu_s}.
"""

import json
import sys
import time
from datetime import date
from xml.etree import ElementTree


def xero_python(wish):
    """The vendor's own library: models in, models out."""
    from xero_python.accounting import AccountingApi, Contact, Invoice, Invoices, LineItem
    from xero_python.api_client import ApiClient, Configuration
    from xero_python.api_client.oauth2 import OAuth2Token

    token = {
        "access_token": wish["token"],
        "expires_in": 1800,
        "token_type": "Bearer",
        "expires_at": time.time() + 1800,
    }
    token["scope"] = "accounting.invoices"
    configuration = Configuration(oauth2_token=OAuth2Token(client_id="unused", client_secret="unused"))
    client = ApiClient(
        configuration, oauth2_token_getter=lambda: token, oauth2_token_saver=lambda _: None, pool_threads=1
    )
    api = AccountingApi(client, base_url=f"{wish['xero']}/api.xro/2.0")

    def line(row):
        return LineItem(
            description=row["Description"],
            quantity=row["Quantity"],
            unit_amount=row["UnitAmount"],
            account_code=row["AccountCode"],
            tax_type=row["TaxType"],
        )

    def model(body):
        return Invoice(
            type="ACCREC",
            contact=Contact(contact_id=body["Contact"]["ContactID"]),
            date=date.fromisoformat(body["Date"]),
            due_date=date.fromisoformat(body["DueDate"]),
            invoice_number=body["InvoiceNumber"],
            line_items=[line(row) for row in body["LineItems"]],
        )

    def push(bodies):
        sent = Invoices(invoices=[model(body) for body in bodies])
        answer = api.create_invoices(wish["organisation"], sent, summarize_errors=False, unitdp=4)
        return sum(1 for each in answer.invoices if not each.has_errors)

    return push


def pyxero(wish):
    """Dicts in, XML out; on its last inch that becomes JSON, the only thing that the pretend Xero reads."""
    import requests
    from xero import Xero
    from xero.auth import OAuth2Credentials

    plain_put = requests.put

    def put(uri, *, data, headers, **more):
        body = json.dumps({"Invoices": [_of_xml(each) for each in ElementTree.fromstring(data)]})
        return plain_put(uri, data=body, headers={**headers, "Content-Type": "application/json"}, **more)

    requests.put = put

    token = {
        "access_token": wish["token"],
        "expires_in": 1800,
        "token_type": "Bearer",
        "expires_at": time.time() + 1800,
    }
    token["scope"] = "accounting.invoices"
    credentials = OAuth2Credentials("unused", "unused", token=token, tenant_id=wish["organisation"])
    credentials.base_url = wish["xero"]
    xero = Xero(credentials, unit_price_4dps=True)

    def push(bodies):
        days = [{name: date.fromisoformat(body[name]) for name in ("Date", "DueDate")} for body in bodies]
        return len(xero.invoices.put([{**body, **each} for body, each in zip(bodies, days, strict=True)]))

    return push


def xerosdk(wish):
    """Dicts in, JSON out, one call for each."""
    from xerosdk.apis.invoices import Invoices

    api = Invoices()
    Invoices.POST_INVOICE = "/api.xro/2.0/Invoices"  # theirs is in small letters, which the pretend Xero does not know
    api.set_server_url(wish["xero"])
    api.set_tenant_id(wish["organisation"])
    api.change_access_token(wish["token"])

    def push(bodies):
        return len(api.post({"Invoices": bodies})["Invoices"])

    return push


def _of_xml(element):
    """An element with elements is an object, or a list where its name says so."""
    if element.tag == "LineItems":
        return [_of_xml(each) for each in element]
    return {each.tag: _of_xml(each) for each in element} if len(element) else element.text


PEERS = {"xero-python": xero_python, "pyxero": pyxero, "xerosdk": xerosdk}


def main():
    wish = json.load(sys.stdin)
    push, bodies, step = PEERS[wish["peer"]](wish), wish["invoices"], wish["batch"]
    wall, cpu = time.monotonic(), time.process_time()
    made = sum(push(bodies[start : start + step]) for start in range(0, len(bodies), step))
    print(json.dumps({"made": made, "wall_s": time.monotonic() - wall, "cpu_s": time.process_time() - cpu}))


if __name__ == "__main__":
    main()
