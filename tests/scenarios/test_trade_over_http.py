"""The product's main flow as an external system drives it, over a real connection with an API key.

Given a company with a warehouse, which Administrator made
When the system stores a SKU and a supplier, orders 10 pieces at 10.00 and receives them
Then the stock ledger has 10 pieces worth 100.00, and the books owe them
When a buyer orders 4 at 22.60 with 13 % tax inside, and they leave
Then 6 are left, worth 60.00, and the books show revenue, tax, receivable and cost
And the ledgers can be read by their voucher, and every request was one transaction
"""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from trade_api import ADMINISTRATOR, Api


@pytest.fixture(scope="module")
def shop(http_site: tuple[Any, str]) -> Api:
    """The external system's client; the company is there."""
    _site, address = http_site
    admin = Api(address, ADMINISTRATOR)
    admin.create("Company", company_name="Cups", abbr="CU", default_currency="CNY")
    admin.create("Warehouse", warehouse_name="Cups Main", company="Cups")
    admin.change("Company", "Cups", default_warehouse="Cups Main")
    return Api(address)


def test_the_main_flow(shop: Api) -> None:
    assert shop.ask("GET", "method/frappe.auth.get_logged_user").body == {"message": "system@example.com"}
    shop.create("SKU", sku_code="CUP", sku_name="杯子", standard_rate=22.6, tax_rate=13)
    shop.create("Supplier", supplier_name="Potter")
    shop.create("Customer", customer_name="Drinker")

    # 10 are ordered and received
    items = [{"sku": "CUP", "qty": 10, "rate": 10}]
    order = shop.submit("Purchase Order", company="Cups", supplier="Potter", items=items)
    receipt = shop.submit("Purchase Receipt", purchase_order=order["name"])
    assert stock(shop) == [10, 0, 10, 100]
    assert entries(shop, receipt["name"]) == [[10, 100]]
    assert books(shop, receipt["name"]) == {"1405": 100, "220202": -100}

    # 4 are sold and leave
    sale = shop.submit("Sales Order", company="Cups", customer="Drinker", items=[{"sku": "CUP", "qty": 4}])
    assert stock(shop) == [10, 4, 6, 100]
    note = shop.submit("Delivery Note", sales_order=sale["name"])
    assert stock(shop) == [6, 0, 6, 60]
    assert entries(shop, note["name"]) == [[-4, -40]]
    assert books(shop, note["name"]) == {"1122": 90.4, "500101": -80, "22210106": -10.4, "540101": 40, "1405": -40}
    assert shop.find("Sales Order", "delivered_percent", name=sale["name"]) == [[100]]


def test_a_document_can_be_read_back_in_both_versions(shop: Api) -> None:
    shop.create("SKU", sku_code="BOWL/1", sku_name="碗", standard_rate=5)
    for path in ("resource/SKU/BOWL%2F1", "v1/resource/SKU/BOWL%2F1", "v2/document/SKU/BOWL%2F1/"):
        found = shop.ask("GET", path).body["data"]
        assert (found["name"], found["sku_name"], found["standard_rate"]) == ("BOWL/1", "碗", 5)


def test_documents_are_as_the_api_is_described(shop: Api) -> None:
    doctypes = ("Sales Order", "Purchase Order", "SKU", "GL Entry", "Stock Ledger Entry", "Delivery Note")
    described = shop.ask("GET", "openapi.json", params={"doctype": ",".join(doctypes)}).body
    validate(described)
    for doctype in doctypes:
        name = shop.find(doctype, "name")[0][0]
        document = shop.ask("GET", f"resource/{doctype}/{name}").body["data"]
        schema = {"$ref": f"#/components/schemas/{doctype.replace(' ', '_')}", "components": described["components"]}
        assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []


def test_a_stranger_reads_nothing(shop: Api) -> None:
    for authorization, status in ((None, 403), ("token systemkey:guess", 401), ("token a:b", 401)):
        for path in (
            "resource/SKU",
            "resource/GL Entry",
            "v2/document/SKU",
            "method/frappe.client.get_list?doctype=SKU",
        ):
            answer = Api(shop.address, authorization).ask("GET", path)
            assert answer.status == status, path
            assert "data" not in answer.body
            assert "message" not in answer.body


def stock(shop: Api) -> list[Any]:
    return shop.find("Stock Balance", "on_hand", "reserved", "available", "value", sku="CUP")[0]


def entries(shop: Api, voucher: str) -> list[list[Any]]:
    return shop.find("Stock Ledger Entry", "qty_change", "value_change", voucher_no=voucher)


def books(shop: Api, voucher: str) -> dict[str, float]:
    """Give what a voucher moved, by the code of the account."""
    found: dict[str, float] = {}
    for account, debit, credit in shop.find("GL Entry", "account", "debit", "credit", voucher_no=voucher):
        code = account.split(" ")[0]
        found[code] = round(found.get(code, 0) + debit - credit, 2)
    return found
