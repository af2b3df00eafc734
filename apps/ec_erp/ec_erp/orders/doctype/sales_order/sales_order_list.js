// Sales Orders: doing one thing to many, with a preview of the effect first.

const BULK_ACTIONS = [
	["Mark as Paid", false],
	["Process Again", false],
	["Release", false],
	["Finance Audit", false],
	["Reserve Missing Stock", false],
	["Release Presale", false],
	["Recall", true],
	["Stop", true],
	["Let Go On", true],
	["Mark Deposit as Paid", false],
	["Take Out Refunded", true],
	["Take Out Unearned Gifts", true],
	["Take Over the New Address", true],
	["Cancel", false],
	["Archive", false],
	["Bring Back from the Archive", false],
];

frappe.listview_settings["Sales Order"] = {
	add_fields: ["exceptions", "is_blocked", "ship_by"],
	filters: [["archived", "=", 0]],
	onload(listview) {
		listview.page.add_action_item(__("Merge"), () => merge_checked(listview));
		listview.page.add_action_item(__("Do with Many"), () => start_bulk(listview));
	},
};

async function merge_checked(listview) {
	const names = listview.get_checked_items(true);
	if (names.length < 2) {
		frappe.msgprint(__("Choose at least two orders of one buyer"));
		return;
	}
	const { message: planned } = await frappe.call({ method: "ec_erp.orders.api.preview_merge", args: { names }, freeze: true });
	const merge = async () => {
		const { message: made } = await frappe.call({ method: "ec_erp.orders.api.merge_orders", args: { names }, freeze: true });
		frappe.set_route("Form", "Sales Order", made);
	};
	frappe.confirm(__("Make one order of these {0}?", [names.length]) + merge_html(planned), merge);
}

function merge_html(planned) {
	const sum = { name: __("One order from {0}", [planned.warehouse]), units: planned.units, grand_total: planned.grand_total };
	return table_html([...planned.orders, sum], [
		[__("Sales Order"), (row) => row.name],
		[__("Total Quantity"), (row) => String(row.units)],
		[__("Grand Total"), (row) => format_currency(row.grand_total, planned.currency)],
		[__("Waiting That Ends"), (row) => (row.hold_until ? frappe.datetime.str_to_user(row.hold_until) : "")],
	]);
}

function start_bulk(listview) {
	const names = listview.get_checked_items(true);
	if (!names.length) {
		return;
	}
	const asking = BULK_ACTIONS.filter(([, asks_why]) => asks_why).map(([action]) => action);
	const needs_why = `eval:${JSON.stringify(asking)}.includes(doc.action)`;
	const options = BULK_ACTIONS.map(([action]) => ({ value: action, label: __(action, null, "Order Bulk Run") }));
	const fields = [
		{ fieldname: "action", fieldtype: "Select", label: __("Action"), options, reqd: 1 },
		{ fieldname: "note", fieldtype: "Small Text", label: __("Why"), depends_on: needs_why, mandatory_depends_on: needs_why },
	];
	const preview = ({ action, note }) => preview_bulk(listview, action, names, note ? { note } : {});
	frappe.prompt(fields, preview, __("{0} orders", [names.length]));
}

async function preview_bulk(listview, action, names, values) {
	const args = { action, names, arguments: values };
	const { message: rows } = await frappe.call({ method: "ec_erp.orders.inbox_api.preview_bulk", args, freeze: true });
	const refused = rows.filter((row) => !row.done).length;
	const head = __("{0} orders will change, {1} are refused. Go on?", [rows.length - refused, refused]);
	frappe.confirm(head + results_html(rows), () => run_bulk(listview, args));
}

async function run_bulk(listview, args) {
	const { message: run } = await frappe.call({ method: "ec_erp.orders.inbox_api.run_bulk", args, freeze: true });
	listview.refresh();
	if (run.status === "Waiting") {
		frappe.set_route("Form", "Order Bulk Run", run.name);
		return;
	}
	frappe.msgprint({ title: __("Results"), message: results_html(run.rows) });
}

function results_html(rows) {
	return table_html(rows, [
		[__("Sales Order"), (row) => row.order],
		[__("Effect"), (row) => row.changed],
		[__("Message"), (row) => row.message],
	]);
}

function table_html(rows, all) {
	const columns = all.filter(([, value]) => rows.some(value));
	const cell = (value) => `<td>${frappe.utils.escape_html(value || "")}</td>`;
	const body = rows.map((row) => `<tr>${columns.map(([, value]) => cell(value(row))).join("")}</tr>`);
	const heads = columns.map(([head]) => `<th>${head}</th>`).join("");
	return `<table class="table table-sm"><thead><tr>${heads}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}
