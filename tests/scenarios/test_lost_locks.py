"""A writer that loses against another one waits or starts again; who asked for the work hears nothing of it.

On MariaDB two connections lock each other out for certain: the other one has written more, so that the database undoes ours.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from trade_api import Answer, Api

WAREHOUSE, FIRST, SECOND = "Locks Main", "LOCK-1", "LOCK-2"
HELD_S = 1.5


@pytest.fixture(scope="module")
def stocked(http_site: tuple[Any, str]) -> tuple[Any, Api]:
    """A served site with stock of two SKUs, and a client of it."""
    site, address = http_site
    with site.connected():
        import frappe

        make = lambda **values: frappe.get_doc(values).insert()  # noqa: E731  a word for four lines
        make(doctype="Company", company_name="Locks", abbr="LO", default_currency="CNY")
        make(doctype="Warehouse", warehouse_name=WAREHOUSE, company="Locks")
        make(doctype="Customer", customer_name="Waiter")
        rows = [{"sku": make(doctype="SKU", sku_code=sku).name, "qty": 500, "rate": 3} for sku in (FIRST, SECOND)]
        make(doctype="Stock Entry", company="Locks", reason="Opening Stock", warehouse=WAREHOUSE, items=rows).submit()
        frappe.db.commit()
    return site, Api(address, "token adminkey:adminsecret")


def only_on(frappe: Any, db_type: str) -> None:
    if frappe.db.db_type != db_type:
        pytest.skip(f"only {db_type} does this")


def order(api: Api) -> str:
    items = [{"sku": sku, "qty": 2, "rate": 9, "warehouse": WAREHOUSE} for sku in (FIRST, SECOND)]
    name: str = api.create("Sales Order", company="Locks", customer="Waiter", items=items)["name"]
    return name


def submitting(api: Api, name: str) -> Answer:
    return api.ask("PUT", f"resource/Sales Order/{name}", json={"docstatus": 1})


def lock(frappe: Any, sku: str) -> None:
    frappe.db.sql("select name from `tabStock Balance` where name = %s for update", f"{sku}|{WAREHOUSE}")


def held(frappe: Any, name: str) -> list[float]:
    return frappe.get_all("Stock Reservation", filters={"voucher_no": name, "status": "Held"}, pluck="qty")


def deadlocks(frappe: Any) -> int:
    return int(frappe.db.sql("show global status like 'Innodb_deadlocks'")[0][1])


def test_a_request_waits_for_the_writer_before_it(stocked: tuple[Any, Api]) -> None:
    site, api = stocked
    name, started = order(api), time.monotonic()
    with site.connected(), ThreadPoolExecutor(1) as pool:
        import frappe

        lock(frappe, FIRST)
        answer = pool.submit(submitting, api, name)
        time.sleep(HELD_S)
        frappe.db.commit()
        assert answer.result(60).status == 200
        assert time.monotonic() - started > HELD_S
        assert held(frappe, name) == [2, 2]


def test_a_request_that_lost_a_deadlock_succeeds(stocked: tuple[Any, Api]) -> None:
    site, api = stocked
    name = order(api)
    with site.connected(), ThreadPoolExecutor(1) as pool:
        import frappe

        only_on(frappe, "mariadb")
        before = deadlocks(frappe)
        for number in range(300):
            frappe.db.sql("insert into `tabDefaultValue` (name, defkey) values (%s, 'weight')", f"weight-{number}")
        lock(frappe, SECOND)
        answer = pool.submit(submitting, api, name)
        time.sleep(HELD_S)  # it holds the first balance now and waits for the second
        lock(frappe, FIRST)
        frappe.db.rollback()
        assert answer.result(60).status == 200
        assert deadlocks(frappe) > before
        assert held(frappe, name) == [2, 2]


def test_two_jobs_that_lock_each_other_out_both_end_well(stocked: tuple[Any, Api]) -> None:
    from ec_erp.documents.retry import in_transaction

    site, _ = stocked
    tries: list[str] = []
    both_hold_one = threading.Barrier(2)

    def work(first: str, second: str) -> None:
        with site.connected():
            import frappe

            def once() -> None:
                tries.append(first)
                lock(frappe, first)
                if len(tries) <= 2:
                    both_hold_one.wait(20)
                lock(frappe, second)
                for sku in (first, second):
                    frappe.db.sql(
                        "update `tabStock Balance` set on_order = on_order + 1 where name = %s", f"{sku}|{WAREHOUSE}"
                    )

            in_transaction(once)

    with site.connected():
        import frappe

        only_on(frappe, "mariadb")
    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(work, FIRST, SECOND), pool.submit(work, SECOND, FIRST)]:
            job.result(60)
    assert len(tries) > 2
    with site.connected():
        counted = frappe.get_all("Stock Balance", filters={"warehouse": WAREHOUSE}, pluck="on_order")
        frappe.db.sql("update `tabStock Balance` set on_order = 0")
        frappe.db.commit()
    assert counted == [2, 2]


def test_a_job_whose_patience_is_over_starts_again(stocked: tuple[Any, Api]) -> None:
    from ec_erp.documents.retry import in_transaction

    site, _ = stocked
    tries: list[float] = []

    def work() -> None:
        with site.connected():
            import frappe

            def once() -> None:
                tries.append(time.monotonic())
                frappe.db.sql("set session innodb_lock_wait_timeout = 1")
                lock(frappe, FIRST)

            in_transaction(once)

    with site.connected(), ThreadPoolExecutor(1) as pool:
        import frappe

        only_on(frappe, "mariadb")
        lock(frappe, FIRST)
        job = pool.submit(work)
        time.sleep(HELD_S + 1)
        frappe.db.commit()
        job.result(60)
    assert len(tries) > 1
