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
];

frappe.listview_settings["Sales Order"] = {
	add_fields: ["exceptions", "is_blocked", "ship_by"],
	onload(listview) {
		BULK_ACTIONS.forEach(([action, asks_why]) => {
			listview.page.add_action_item(__(action), () => start_bulk(listview, action, asks_why));
		});
	},
};

function start_bulk(listview, action, asks_why) {
	const names = listview.get_checked_items(true);
	if (!names.length) {
		return;
	}
	if (!asks_why) {
		preview_bulk(listview, action, names, {});
		return;
	}
	const field = { fieldname: "note", fieldtype: "Small Text", label: __("Why"), reqd: 1 };
	frappe.prompt([field], (values) => preview_bulk(listview, action, names, values), __(action));
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
	const text = (value) => frappe.utils.escape_html(value || "");
	const body = rows.map(
		(row) => `<tr><td>${text(row.order)}</td><td>${text(row.changed)}</td><td>${text(row.message)}</td></tr>`,
	);
	const heads = [__("Sales Order"), __("Effect"), __("Message")].map((head) => `<th>${head}</th>`).join("");
	return `<table class="table table-sm"><thead><tr>${heads}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}
