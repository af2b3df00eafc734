"""What the demo seller keeps in stock beyond the plain: batches, serial numbers, bins, quotas for channels.

Invariant: every step can run again and changes nothing then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe

from ec_erp.demo import data
from ec_erp.documents.sets import insert_many
from ec_erp.inventory.flows import alerting, checking, freezing, history

BINNED = "义乌货位仓"
MASK, EARPHONES, TEA, GIFT_BOX = "MASK-10", "EAR-BT5", "TEA-250", "BOX-01"
_ALERTS = "青禾库存上下限"
_ZONES = (
    ("A", "拣货区", "Pick", 2),
    ("B", "存储区", "Reserve", 2),
    ("R", "退货区", "Return", 1),
    ("D", "次品区", "Defective", 1),
)


def create(first: date) -> None:
    """Create special goods, a warehouse with bins, opening stock in both, and a quota; ``first`` is the first day."""
    _create_skus()
    _create_places()
    moment = datetime.combine(first, time(8))
    _open(moment, "期初-批次", data.WAREHOUSES[0][0], _dated_goods(first))
    serials = "\n".join(f"BT5-{number:04}" for number in range(1, 21))
    _open(moment, "期初-序列号", data.WAREHOUSES[0][0], [{"sku": EARPHONES, "qty": 20, "rate": 82, "serials": serials}])
    _open(moment, "期初-货位", BINNED, [{"sku": TEA, "qty": 60, "rate": 31}, {"sku": TEA, "qty": 40, "rate": 33.5}])
    _create_quota()
    _ensure("Stock Alert Rule", _ALERTS, rule_name=_ALERTS, company=data.COMPANY, method="From Sales",
            basis="Weighted Average", window_days=30, lower_days=14, upper_days=90, recipients=[{"role": "Buyer"}])  # fmt: skip


def _create_skus() -> None:
    plain = {"tax_rate": 13, "stock_uom": "Piece"}
    dated = {"has_batch": 1, "shelf_life_months": 36, "sale_limit_days": 90, "receive_limit_days": 365}
    _ensure("SKU", MASK, sku_code=MASK, sku_name="玻尿酸面膜 10 片", standard_rate=79, weight_g=280, **plain, **dated)
    _ensure("SKU", EARPHONES, sku_code=EARPHONES, sku_name="蓝牙耳机 5.3", standard_rate=169, weight_g=95, has_serial=1,
            serial_policy="Strong", **plain)  # fmt: skip
    _ensure("SKU", TEA, sku_code=TEA, sku_name="明前龙井 250 g", standard_rate=88, weight_g=310, tax_rate=9,
            stock_uom="Piece", valuation_method="FIFO")  # fmt: skip
    parts = [{"sku": MASK, "qty": 2, "share": 55}, {"sku": TEA, "qty": 1, "share": 45}]
    _ensure("SKU", GIFT_BOX, sku_code=GIFT_BOX, sku_name="面膜龙井礼盒", standard_rate=229, tax_rate=13,
            stock_uom="Piece", is_combo=1, components=parts)  # fmt: skip


def _create_places() -> None:
    if frappe.db.exists("Warehouse", BINNED):
        return
    warehouse = _new("Warehouse", warehouse_name=BINNED, company=data.COMPANY, warehouse_type="Own", province="浙江",
                     city="义乌", priority=30).insert()  # fmt: skip
    for code, name, kind, count in _ZONES:
        zone = _new("Warehouse Zone", warehouse=BINNED, zone_code=code, zone_name=name, zone_type=kind).insert()
        for number in range(1, count + 1):
            order = 10 * number + 100 * (ord(code) - ord("A"))
            _new("Storage Bin", warehouse=BINNED, zone=zone.name, bin_code=f"{code}-{number:02}",
                 route_order=order).insert()  # fmt: skip
    warehouse.reload()
    warehouse.has_bins, warehouse.receiving_bin = 1, f"{BINNED}-A-01"
    warehouse.return_bin, warehouse.defective_bin = f"{BINNED}-R-01", f"{BINNED}-D-01"
    warehouse.save()


def _dated_goods(first: date) -> list[dict[str, Any]]:
    """Three batches: fresh, near the end of sale, and one that is not sold any more."""
    ages = (("260901", 60, 40), ("250103", 960, 25), ("240105", 1060, 6))
    return [
        {"sku": MASK, "qty": qty, "rate": 24.5, "batch": number, "production_date": first - timedelta(days=days)}
        for number, days, qty in ages
    ]


def _open(moment: datetime, reference: str, warehouse: str, items: Sequence[dict[str, Any]]) -> None:
    if frappe.db.exists("Stock Entry", {"company": data.COMPANY, "reference_no": reference}):
        return
    entry = _new("Stock Entry", company=data.COMPANY, reference_no=reference, reason="Opening Stock", warehouse=warehouse,
                 posting_datetime=moment, items=list(items))  # fmt: skip
    insert_many([entry], submit=True)


def _create_quota() -> None:
    group = "直播渠道"
    _ensure("Channel Group", group, group_name=group, shops=[{"shop": data.SHOPS[3].name}])
    wanted = {"sku": MASK, "warehouse": data.WAREHOUSES[0][0], "channel_group": group}
    if not frappe.db.exists("Stock Quota", wanted):
        _new("Stock Quota", qty=50, **wanted).insert()


def _ensure(doctype: str, name: str, **fields: Any) -> None:
    if not frappe.db.exists(doctype, name):
        _new(doctype, **fields).insert()


def _new(doctype: str, **fields: Any) -> Any:
    return frappe.get_doc({"doctype": doctype, **fields})


def work(last: date) -> None:
    """Transfer goods, change grades and count towards the end of the month; ``last`` is its last day."""
    moment = datetime.combine(last - timedelta(days=2), time(15))
    if not _known("Stock Transfer", "调拨-1"):
        items = [{"sku": MASK, "qty": 12, "batch": "260901"}]
        transfer = _new("Stock Transfer", company=data.COMPANY, reference_no="调拨-1", from_warehouse=data.WAREHOUSES[0][0],
                        to_warehouse=data.WAREHOUSES[1][0], posting_datetime=moment, items=items)  # fmt: skip
        insert_many([transfer], submit=True)
        frappe.get_doc("Stock Transfer", transfer.name).send()
        transfer.reload()
        transfer.receive({transfer.items[0].name: 9})
    if not frappe.db.exists("Stock Alert", {"company": data.COMPANY}):
        alerting.notice_crossings(datetime.combine(last, time(9)))
    if not _known("Grade Change", "转次-1"):
        change = _new("Grade Change", company=data.COMPANY, reference_no="转次-1", warehouse=BINNED,
                      posting_datetime=moment, items=[{"sku": TEA, "qty": 4}], remarks="受潮")  # fmt: skip
        insert_many([change], submit=True)
    if not _known("Stock Entry", "报损-面膜"):
        items = [{"sku": MASK, "qty": 5, "batch": "250103"}]
        entry = _new("Stock Entry", company=data.COMPANY, reference_no="报损-面膜", reason="Write-off",
                     warehouse=data.WAREHOUSES[0][0], posting_datetime=moment, items=items)  # fmt: skip
        insert_many([entry], submit=True)
    if not _known("Stock Count", "盘点单-1"):
        count = _new("Stock Count", company=data.COMPANY, reference_no="盘点单-1", warehouse=BINNED).insert()
        count.start()
        count.scan([{"sku": TEA, "bin": f"{BINNED}-A-01", "qty": 95}])
        count.finish()
    freezing.refreeze_everything(last)
    while history.checkpoint_some():
        pass
    checking.check_stock(None, frappe.utils.now_datetime())  # the quota keeps more than is left after the write-off


def _known(doctype: str, reference: str) -> bool:
    return bool(frappe.db.exists(doctype, {"company": data.COMPANY, "reference_no": reference}))
