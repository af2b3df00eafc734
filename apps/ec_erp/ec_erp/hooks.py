"""What this app gives to and takes from the framework."""

app_name = "ec_erp"
app_title = "EC ERP"
app_publisher = "EC ERP contributors"
app_description = (
    "电商进销存: purchasing, stock, orders, fulfilment, after-sales and finance for multi-platform sellers"
)
app_email = "ec-erp@example.com"
app_license = "MIT"

before_install = "ec_erp.setup.install.before_install"
after_install = "ec_erp.setup.install.after_install"
after_migrate = "ec_erp.setup.install.after_migrate"

# What two or more forms share; a form's own script stands beside its DocType.
doctype_js = {
    "Listing": ["public/js/stock_told.js"],
    "Purchase Order": [
        "public/js/line_panel.js",
        "public/js/order_rows.js",
        "public/js/order_totals.js",
        "public/js/announce_inbound.js",
        "public/js/units.js",
    ],
    "Purchase Receipt": ["public/js/order_rows.js", "public/js/typed_prices.js", "public/js/units.js"],
    "Purchase Return": ["public/js/typed_prices.js"],
    "Sales Order": [
        "public/js/line_panel.js",
        "public/js/order_rows.js",
        "public/js/order_totals.js",
        "public/js/units.js",
    ],
    "SKU": ["public/js/exposure.js", "public/js/in_use.js"],
    "Stock Balance": ["public/js/exposure.js"],
    "Order Rule": ["public/js/publish_rules.js", "public/js/rule_conditions.js"],
    "Gift Rule": ["public/js/publish_rules.js", "public/js/rule_conditions.js"],
    "Rule Rehearsal": ["public/js/publish_rules.js"],
    "Stock Push": ["public/js/stock_told.js"],
    "Stock Transfer": ["public/js/announce_inbound.js"],
    "Storage Bin": ["public/js/in_use.js"],
    "Warehouse": ["public/js/in_use.js"],
    "Warehouse Zone": ["public/js/in_use.js"],
}

# The line above a form that says what happens next: DocType → function of the document.
next_step = {
    doctype: "ec_erp.documents.next_steps.line_of"
    for doctype in (
        "Bin Move",
        "Delivery Appointment",
        "Delivery Note",
        "Grade Change",
        "Landed Cost",
        "Parcel",
        "Payment Entry",
        "Payment Request",
        "Pick Task",
        "Purchase Order",
        "Purchase Receipt",
        "Purchase Request",
        "Purchase Return",
        "Purchase Suggestion",
        "Stock Count",
        "Stock Transfer",
        "Wave",
    )
}

doc_events = {
    doctype: {
        "after_insert": "ec_erp.documents.listeners.forget",
        "on_update": "ec_erp.documents.listeners.forget",
        "on_trash": "ec_erp.documents.listeners.forget",
    }
    for doctype in ("Server Script", "Notification", "Webhook")
} | {
    doctype: {event: "ec_erp.documents.kept.forget" for event in ("on_change", "on_trash", "after_rename")}
    for doctype in ("Accounting Period", "Document Naming Rule", "Warehouse Provider", "Wave Rule")
}

doc_events["SKU"] = {"on_change": "ec_erp.channels.flows.listings.follow_sku"}
_POLICY_CHANGED = "ec_erp.orders.flows.overdue.policy_changed"
doc_events["Customer"] = {
    "on_update": ["ec_erp.orders.flows.buyers.forget_customers", _POLICY_CHANGED],
    "on_trash": "ec_erp.orders.flows.buyers.forget_customers",
}

doc_events["Company"] = doc_events["Payment Terms"] = {"on_update": _POLICY_CHANGED}

scheduler_events = {
    "cron": {
        "*/5 * * * *": [
            "ec_erp.orders.flows.clock.run_due",
            "ec_erp.fulfilment.tasks.run_waves",
            "ec_erp.inventory.tasks.turn_quotas",
            "ec_erp.inventory.tasks.check_changed_stock",
            "ec_erp.channels.tasks.look_at_stock",
            "ec_erp.outer_warehouse.tasks.tell_providers",
        ],
        "* * * * *": ["ec_erp.channels.tasks.tell_shops"],
    },
    "hourly": ["ec_erp.fulfilment.tasks.book_cartons"],
    "hourly_long": ["ec_erp.inventory.tasks.make_checkpoints", "ec_erp.inventory.tasks.notice_alerts"],
    "daily": [
        "ec_erp.inventory.tasks.freeze_unsellable",
        "ec_erp.channels.tasks.forget_old_writes",
        "ec_erp.purchasing.tasks.mark_missed_appointments",
    ],
    "daily_long": ["ec_erp.inventory.tasks.check_all_stock", "ec_erp.orders.tasks.archive_due"],
}

ec_erp_orders_allocated = [
    "ec_erp.fulfilment.flows.outbound.make_drafts",
    "ec_erp.outer_warehouse.flows.queueing.push_orders",
]
# Called with released orders that a block stops or that are cancelled, and with those that may go on again.
ec_erp_orders_intercepted = [
    "ec_erp.fulfilment.flows.recalling.drop_cancelled",
    "ec_erp.outer_warehouse.flows.queueing.cancel_orders",
]
ec_erp_orders_released = ["ec_erp.outer_warehouse.flows.queueing.push_orders"]
# Called with the orders of platforms of which something has left, or whose delivery was cancelled.
ec_erp_orders_shipped = ["ec_erp.channels.flows.writing_back.report_shipments"]
ec_erp_orders_taken_back = ["ec_erp.channels.flows.writing_back.withdraw_shipments"]
ec_erp_orders_recalled = [
    "ec_erp.fulfilment.flows.recalling.drop_drafts",
    "ec_erp.outer_warehouse.flows.queueing.cancel_orders",
]
# Called with the documents that payments have settled in full: [(DocType, name)], moment.
ec_erp_documents_paid = ["ec_erp.orders.flows.going_on.documents_paid"]
# Called with the Payment Entries that are being posted (returning what of each was prepaid) and undone.
ec_erp_payments_made = ["ec_erp.purchasing.flows.payments.payments_made"]
ec_erp_payments_undone = [
    "ec_erp.purchasing.flows.payments.payments_undone",
    "ec_erp.orders.flows.instalments.payments_undone",
]
# Called with what is settled of the documents that payments were for and that are paid in parts (instalments, a deposit and the
# rest): {(DocType, name): amount}.
ec_erp_documents_settled = [
    "ec_erp.orders.flows.instalments.documents_settled",
    "ec_erp.orders.flows.presale.documents_settled",
]

# What stands in the way of disabling a warehouse, zone, bin or SKU that it names: documents by the values of open ones,
# tables by what of a row is done, and figures that must be zero.
ec_erp_open_documents = {
    "Sales Order": {
        "status": [
            "Unpaid",
            "To Process",
            "Preorder",
            "To Audit",
            "To Finance Audit",
            "Audited",
            "To Ship",
            "Picking",
            "Packed",
        ],
        "not_by": ["combo_sku"],  # its components stand in the rows
    },
    "Delivery Note": {"docstatus": [0]},
    "Wave": {"status": ["To Pick", "Picking", "Picked"]},
    "Pick Task": {"status": ["To Pick", "Picking"]},
    "Put Back Task": {"status": ["To Put Back"]},
    "Parcel": {"status": ["Packed", "Held", "Weighed"]},
    "Purchase Request": {"status": ["To Order", "Part Ordered"]},
    "Purchase Order": {"status": ["To Approve", "To Finance Approve", "Approved", "Part Received"]},
    "Delivery Appointment": {"status": ["Waiting", "Confirmed"]},
    "Purchase Receipt": {"status": ["To Inspect", "Inspected"]},
    "Purchase Return": {"status": ["Held"]},
    "Stock Transfer": {"status": ["Approved", "Out", "Part In"]},
    "Stock Count": {"status": ["To Count", "Counting", "Part", "To Settle"]},
    "Stock Quota": {"status": ["Created", "Active", "Suspended"]},
    "Provider Task": {"status": ["Queued", "Sent", "With Provider", "Part Confirmed", "Cancelling"]},
    "Company": {},
    "Shop": {"enabled": [1]},
    "Warehouse": {"disabled": [0]},
    "Storage Bin": {"disabled": [0], "only_for": ["Warehouse Zone"]},
}
ec_erp_done_of_rows = {
    "Sales Order Item": ["delivered_qty"],
    "Purchase Request Item": ["ordered_qty"],
    "Purchase Order Item": ["received_qty", "stopped_qty"],
}
ec_erp_held_figures = {"Stock Balance": ["on_hand", "reserved", "in_transit"]}

# Called with orders of which less is overdue now: f(names, code, note), when the work of their transaction is done.
ec_erp_debts_eased = ["ec_erp.orders.flows.overdue.debts_eased"]

# Functions returning figures of stock balances with the sums of documents that they must equal.
ec_erp_stock_sums = ["ec_erp.purchasing.store.checks.stock_sums", "ec_erp.stockroom.store.stock_sums"]

# Functions whose rows the inbox of exceptions unites.
ec_erp_exception_sources = [
    "ec_erp.inventory.flows.checking.exceptions",
    "ec_erp.channels.flows.listings.failed_orders",
    "ec_erp.channels.flows.writing_back.stuck_shipments",
    "ec_erp.channels.flows.publishing.stuck_stock",
    "ec_erp.channels.flows.exposure.exceptions",
    "ec_erp.outer_warehouse.flows.exceptions.exceptions",
    "ec_erp.fulfilment.flows.shortages.exceptions",
    "ec_erp.fulfilment.flows.waybills.running_out",
]

# How to speak to outside providers of warehouses: name → f(provider, envelope) -> Reply.
ec_erp_provider_adapters = {"Signed HTTP": "ec_erp.outer_warehouse.adapters.signed_http.send"}

# Functions f(SKUs) -> {StockKey: quantity} of goods that buyers send back and that have not arrived.
ec_erp_returns_on_the_way = ["ec_erp.channels.flows.returning.returns_on_the_way"]

# How to tell shops of stock: name → f(shop address, write) -> answer.
ec_erp_stock_writers = {"Signed HTTP": "ec_erp.channels.adapters.signed_http.send"}

# Called with a warehouse, places as (SKU, bin, batch), and the pick task that found too little there.
ec_erp_bins_short = ["ec_erp.stockroom.flows.short_bins.ask_for_count"]

# Functions f(warehouse, SKUs) -> [((SKU, bin, batch), quantity, moment)] of goods that lie in baskets instead of in their bins.
ec_erp_goods_in_baskets = ["ec_erp.fulfilment.flows.baskets.taken_out"]

# Functions that return the checks of the data-quality board.
ec_erp_quality_checks = [
    "ec_erp.catalog.flows.quality.catalog_checks",
    "ec_erp.purchasing.flows.quality.purchasing_checks",
    "ec_erp.channels.flows.quality.channel_checks",
]

fixtures = [
    {
        "dt": "Role",
        "filters": [
            [
                "name",
                "in",
                [
                    "EC Manager",
                    "Buyer",
                    "Warehouse Staff",
                    "Customer Service",
                    "Accountant",
                    "Shop Operator",
                    "Analyst",
                    "External System",
                ],
            ]
        ],
    }
]
