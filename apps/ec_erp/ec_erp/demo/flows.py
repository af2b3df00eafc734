"""Making the demo seller on a site: masters, then the month day by day. Every step can run again and changes nothing then.

Invariant: never commits; each yielded text is a good moment for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import frappe

from ec_erp.demo import buying, catalog, channels, data, orders, providers, stock, warehouse
from ec_erp.demo.plan import DAYS, Month, PlannedOrder, PlannedPurchase, plan_month
from ec_erp.documents.sets import cancel_many, insert_many
from ec_erp.kernel.times import moment_of
from ec_erp.orders.flows import audit_orders, pay_orders

MAIN = data.WAREHOUSES[0][0]


def create(last_day: date) -> Iterator[str]:
    """Create the demo for the month that ends with a day; yield what has been done after each step."""
    month = plan_month(_month_end(last_day))
    _create_company()
    yield "company, warehouses, shops"
    _create_goods(month)
    yield f"{len(month.skus)} SKUs"
    _create_parties(month)
    yield f"{len(data.SUPPLIERS)} suppliers, {len(month.buyers)} customers"
    for purchase in month.purchases:
        _purchase(purchase)
    yield f"{len(month.purchases)} purchases"
    stock.create(month.orders[0].moment.date())
    catalog.keep_cartons(MAIN, month.orders[0].moment.date())
    yield "batches, serial numbers, bins, quotas"
    for day, same_day in groupby(month.orders, key=lambda order: order.moment.date()):
        _trade(list(same_day))
        yield f"orders of {day}"
    buying.set_up(month)
    yield "supplier prices, replenishment policy, approval rule"
    _send_back(month.purchases)
    _adjust_stock(month)
    buying.put_freight(month)
    stock.work(month.orders[-1].moment.date())
    _keep_books(month)
    yield "purchase return, write-offs, freight, journal entries, closed period"
    buying.plan(month)
    buying.announce(month)
    yield "suggestions, a request, an order that waits for approval, an arrival to inspect, payments, appointments"
    orders.create(_month_end(last_day))
    yield "rules, price tables, specially handled orders"
    catalog.create(_month_end(last_day), [(sku.code, sku.price) for sku in month.skus[:6]])
    yield "price lists, a wholesale order"
    channels.create(_month_end(last_day))
    yield "orders and refunds that a shop pushes"
    warehouse.work()
    yield "waybill numbers, waves, a picked, a checked and a packed order"
    providers.create(_month_end(last_day))
    yield "a warehouse that an outside provider runs, its tasks, messages and a snapshot with differences"


def _month_end(last_day: date) -> date:
    """Keep to the month of a demo that exists, so that running again on another day adds nothing."""
    known = frappe.get_all(
        "Purchase Order",
        filters={"company": data.COMPANY, "reference_no": "首批-1-1"},
        pluck="order_datetime",
        limit=1,
    )
    if not known:
        return last_day
    return moment_of(frappe.utils.get_datetime(known[0])).date() + timedelta(days=DAYS - 1)


def _create_company() -> None:
    _ensure("Company", data.COMPANY, company_name=data.COMPANY, abbr=data.ABBR, default_currency="CNY", country="China")
    for name, kind, province, city, priority in data.WAREHOUSES:
        _ensure("Warehouse", name, warehouse_name=name, company=data.COMPANY, warehouse_type=kind,
                province=province, city=city, priority=priority)  # fmt: skip
    company = frappe.get_doc("Company", data.COMPANY)
    if not company.default_warehouse:
        company.default_warehouse = MAIN
        company.save()
    for shop in data.SHOPS:
        _ensure("Shop", shop.name, shop_name=shop.name, platform=shop.platform, company=data.COMPANY, currency="CNY",
                default_warehouse=MAIN, reserve_on=shop.reserve_on)  # fmt: skip
    _ensure("Cost Center", "电商运营", cost_center_name="电商运营", company=data.COMPANY)


def _create_goods(month: Month) -> None:
    for brand in data.BRANDS:
        _ensure("Brand", brand, brand=brand)
    catalog.set_up()
    for category, parent in data.CATEGORIES.items():
        _ensure("Product Category", category, category_name=category, parent_product_category=parent,
                tax_class=catalog.TAX_CLASSES[0][0])  # fmt: skip
    products = {product.code: _product(product) for product in data.PRODUCTS}
    known = set(frappe.get_all("SKU", filters={"name": ("in", [sku.code for sku in month.skus])}, pluck="name"))
    insert_many([_sku(sku, products[sku.product.code]) for sku in month.skus if sku.code not in known])


def _product(product: data.DemoProduct) -> str:
    known = frappe.db.get_value("Product", {"product_name": product.name, "brand": product.brand})
    if known:
        return str(known)
    values = "\n".join(name for _, name, _ in product.variants)
    doc = _new(
        "Product",
        product_name=product.name,
        brand=product.brand,
        category=product.category,
        default_uom="Piece",
        attributes=[{"attribute": product.attribute, "attribute_values": values}],
    )
    return str(doc.insert().name)


def _sku(sku: Any, product: str) -> Any:
    return _new(
        "SKU",
        sku_code=sku.code,
        sku_name=sku.name,
        product=product,
        brand=sku.product.brand,
        category=sku.product.category,
        standard_rate=sku.price,
        purchase_rate=sku.cost,
        tax_rate=13,
        weight_g=sku.weight_g,
        volume_cm3=sku.weight_g * 6,  # light household goods: about six cubic centimetres a gram
        safety_stock=20,
        barcodes=[{"barcode": sku.barcode, "qty": 1, "is_main": 1}],
    )


def _create_parties(month: Month) -> None:
    for name, contact, days, terms in data.SUPPLIERS:
        _ensure("Supplier", name, supplier_name=name, contact_name=contact, lead_time_days=days,
                payment_terms_days=terms, default_currency="CNY")  # fmt: skip
    known = set(
        frappe.get_all("Customer", filters={"name": ("in", [buyer.name for buyer in month.buyers])}, pluck="name")
    )
    insert_many(
        [
            _new(
                "Customer",
                customer_name=buyer.name,
                shop=buyer.shop.name,
                buyer_id=buyer.name.rsplit(" ", 1)[1],
                phone=buyer.phone,
                region=buyer.place[0],
                default_currency="CNY",
            )
            for buyer in month.buyers
            if buyer.name not in known
        ]
    )


def _purchase(planned: PlannedPurchase) -> None:
    """Order and receive as planned: all, a part, or nothing yet."""
    if frappe.db.exists("Purchase Order", {"company": data.COMPANY, "reference_no": planned.reference}):
        return
    items = [{"sku": sku.code, "qty": qty, "rate": sku.cost} for sku, qty in planned.lines]
    order = _new(
        "Purchase Order",
        supplier=planned.supplier,
        company=data.COMPANY,
        warehouse=planned.warehouse,
        order_datetime=planned.moment,
        schedule_date=planned.arrives.date(),
        reference_no=planned.reference,
        items=items,
    )
    insert_many([order], submit=True)
    if planned.received:
        came = [{"sku": sku.code, "qty": int(qty * planned.received)} for sku, qty in planned.lines]
        receipt = _new(
            "Purchase Receipt",
            purchase_order=order.name,
            posting_datetime=planned.arrives,
            reference_no=planned.reference,
            items=came,
        )
        insert_many([receipt], submit=True)


def _send_back(purchases: Sequence[PlannedPurchase]) -> None:
    """Send some goods of the first later purchase back to their supplier."""
    bought = next(purchase for purchase in purchases if purchase.reference == "补货-1")
    reference = f"{bought.reference}-退"
    receipt = frappe.db.get_value("Purchase Receipt", {"company": data.COMPANY, "reference_no": bought.reference})
    items = [{"sku": bought.lines[0][0].code, "qty": 3}]
    _once("Purchase Return", reference, purchase_receipt=receipt, posting_datetime=bought.arrives + timedelta(days=1),
          items=items, remarks="到货质检不合格")  # fmt: skip


def _trade(planned: Sequence[PlannedOrder]) -> None:
    """Take a day's orders and do with each what is planned."""
    wanted = {f"{order.buyer.shop.name}|{order.reference}": order for order in planned}
    filters = {"platform_order_id": ("in", [order.reference for order in planned])}
    known = set(frappe.get_all("Sales Order", filters=filters, pluck="platform_order_id"))
    new = [order for order in wanted.values() if order.reference not in known]
    if not new:
        return
    docs = {order.reference: _order(order) for order in new}
    insert_many([docs[order.reference] for order in new if order.fate == "draft"])
    insert_many([docs[order.reference] for order in new if order.fate != "draft"], submit=True)
    _let_go_on([docs[order.reference] for order in new if order.fate not in ("unpaid", "waiting", "draft")])
    cancel_many(
        [frappe.get_doc("Sales Order", docs[order.reference].name) for order in new if order.fate == "cancelled"]
    )
    shipped = [order for order in new if order.fate in ("shipped", "returned")]
    notes = {order.reference: _note(order, docs[order.reference].name) for order in shipped}
    insert_many(list(notes.values()), submit=True)
    insert_many([_return(order, notes[order.reference]) for order in shipped if order.fate == "returned"], submit=True)


def _let_go_on(docs: Sequence[Any]) -> None:
    pay_orders([doc.name for doc in docs if doc.status == "Unpaid"])
    audit_orders([doc.name for doc in docs if doc.status == "To Audit"])


def _order(planned: PlannedOrder) -> Any:
    province, city, district = planned.buyer.place
    return _new(
        "Sales Order",
        shop=planned.buyer.shop.name,
        company=data.COMPANY,
        currency="CNY",
        platform_order_id=planned.reference,
        customer=planned.buyer.name,
        order_datetime=planned.moment,
        items=[{"sku": sku.code, "qty": qty, "rate": sku.price} for sku, qty in planned.lines],
        discount_amount=planned.discount,
        shipping_fee=planned.shipping_fee,
        receiver_name=planned.buyer.name.split(" ")[0],
        receiver_phone=planned.buyer.phone,
        receiver_country="China",
        receiver_province=province,
        receiver_city=city,
        receiver_district=district,
        receiver_address="***",
        buyer_message=planned.message,
        carrier=planned.carrier,
    )


def _note(planned: PlannedOrder, order: str) -> Any:
    return _new(
        "Delivery Note",
        sales_order=order,
        posting_datetime=planned.ships,
        waybill_no=f"QH{planned.reference[2:]}",
        printed=1,
        picked=1,
        checked=1,
        weighed=1,
        handed_over=1,
    )


def _return(planned: PlannedOrder, note: Any) -> Any:
    sku, _qty = planned.lines[0]
    return _new(
        "Delivery Note",
        is_return=1,
        return_against=note.name,
        posting_datetime=planned.ships + timedelta(days=4),
        items=[{"sku": sku.code, "qty": 1}],
        remarks="七天无理由退货",
    )


def _adjust_stock(month: Month) -> None:
    day = month.orders[-1].moment.date()
    for number, (reason, sku, qty) in enumerate(
        (
            ("Write-off", month.skus[0], 2),
            ("Write-off", month.skus[24], 3),
            ("Found", month.skus[7], 1),
            ("Sample", month.skus[30], 2),
            ("Internal Use", month.skus[57], 1),
        ),
        start=1,
    ):
        moment = datetime.combine(day - timedelta(days=3 * number), time(17, 30))
        _once("Stock Entry", f"盘点-{number}", reason=reason, warehouse=MAIN, posting_datetime=moment,
              items=[{"sku": sku.code, "qty": qty}])  # fmt: skip


def _keep_books(month: Month) -> None:
    """Capital, rent, wages and advertising of the month; the month before the demo is closed."""
    first = month.orders[0].moment.date()
    account = _accounts()
    for number, (days, debit, credit, amount, text) in enumerate(
        (
            (0, "1002", "3001", 300_000, "股东投入资本"),
            (2, "560203", "1002", 12_000, "仓库房租"),
            (9, "560103", "101203", 3_600, "平台推广费"),
            (14, "101203", "1002", 5_000, "平台账户充值"),
            (24, "560202", "1002", 42_000, "员工工资"),
        ),
        start=1,
    ):
        lines = [
            {"account": account(debit), "debit": amount, "cost_center": "电商运营"},
            {"account": account(credit), "credit": amount},
        ]
        moment = datetime.combine(first + timedelta(days=days), time(11))
        _once("Journal Entry", f"凭证-{number}", posting_datetime=moment, lines=lines, remarks=text)
    before = first.replace(day=1) - timedelta(days=1)
    _take_payments(datetime.combine(first + timedelta(days=20), time(16)))
    name = f"{before:%Y-%m}"
    _ensure("Accounting Period", f"{name} - {data.COMPANY}", period_name=name, company=data.COMPANY,
            start_date=before.replace(day=1), end_date=before, closed=1)  # fmt: skip


def _take_payments(moment: datetime) -> None:
    """Book what the platform has paid out for the first shipped orders."""
    fields = ["name", "customer", "grand_total"]
    filters = {"company": data.COMPANY, "status": "Shipped", "order_datetime": ("<", moment)}
    orders = frappe.get_all(
        "Sales Order", filters=filters, fields=fields, order_by="order_datetime asc, name asc", limit=5
    )
    for number, order in enumerate(orders, start=1):
        paid = {"reference_doctype": "Sales Order", "reference_name": order.name, "allocated_amount": order.grand_total}
        _once("Payment Entry", f"收款-{number}", payment_type="Receive", party_type="Customer", party=order.customer,
              posting_datetime=moment, paid_amount=order.grand_total, references=[paid])  # fmt: skip


def _accounts() -> Callable[[str], str]:
    rows = frappe.get_all("Account", filters={"company": data.COMPANY}, fields=["name", "account_number"])
    names = {row.account_number: row.name for row in rows}
    return lambda code: names[code]


def _once(doctype: str, reference: str, **fields: Any) -> None:
    """Insert and submit a document of the demo company unless its reference is there."""
    if not frappe.db.exists(doctype, {"company": data.COMPANY, "reference_no": reference}):
        insert_many([_new(doctype, company=data.COMPANY, reference_no=reference, **fields)], submit=True)


def _ensure(doctype: str, name: str, **fields: Any) -> None:
    if not frappe.db.exists(doctype, name):
        _new(doctype, **fields).insert()


def _new(doctype: str, **fields: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **fields})
