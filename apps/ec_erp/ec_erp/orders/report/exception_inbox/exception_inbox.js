// Exception Inbox: by owner, reason and shop; taking an exception and doing what is suggested about it.

frappe.query_reports["Exception Inbox"] = {
	filters: [
		{
			fieldname: "owner_role",
			label: __("Owner"),
			fieldtype: "Select",
			options: ["", "Customer Service", "Shop Operator", "Warehouse Staff", "Accountant", "Buyer"],
		},
		{ fieldname: "shop", label: __("Shop"), fieldtype: "Link", options: "Shop" },
		{ fieldname: "assigned_to", label: __("Assigned To"), fieldtype: "Link", options: "User" },
		{ fieldname: "blocking", label: __("Stops the Order"), fieldtype: "Check" },
		{ fieldname: "overdue", label: __("Overdue"), fieldtype: "Check" },
	],

	onload(report) {
		report.page.add_inner_button(__("Take"), () => choose(report, __("Take"), take));
		report.page.add_inner_button(__("Do as Suggested"), () => choose(report, __("Do as Suggested"), follow));
	},
};

// One exception of orders, or all of its reason that the report shows.
function choose(report, title, run) {
	const rows = report.data.filter((row) => row.reference_doctype === "Sales Order");
	if (!rows.length) {
		frappe.msgprint(__("No exception of an order is shown"));
		return;
	}
	const options = rows.map((row, at) => ({ value: String(at), label: `${row.reference_name} · ${row.code}` }));
	const fields = [
		{ fieldname: "at", fieldtype: "Select", label: __("Exception"), options, default: "0", reqd: 1 },
		{ fieldname: "all", fieldtype: "Check", label: __("All shown with this reason") },
	];
	const go = ({ at, all }) => {
		const { reason, reference_name: name } = rows[Number(at)];
		const same = rows.filter((row) => row.reason === reason).map((row) => row.reference_name);
		return run(report, reason, all ? same : [name]);
	};
	frappe.prompt(fields, go, title, title);
}

async function take(report, code, names) {
	const args = { names, code, user: frappe.session.user };
	const { message: count } = await frappe.call({ method: "ec_erp.orders.inbox_api.assign_exceptions", args, freeze: true });
	frappe.show_alert({ message: __("{0} exceptions are yours", [count]), indicator: "green" });
	report.refresh();
}

async function follow(report, code, names) {
	const method = "ec_erp.orders.inbox_api.fix_exceptions";
	const { message: planned } = await frappe.call({ method, args: { names, code, preview: 1 }, freeze: true });
	const possible = planned.filter((row) => row.done).map((row) => row.order);
	if (!possible.length) {
		frappe.msgprint({ title: __("Nothing can be done by itself"), message: results(planned), indicator: "orange" });
		return;
	}
	frappe.confirm(__("{0} orders will change. Go on?", [possible.length]) + results(planned), async () => {
		const { message: done } = await frappe.call({ method, args: { names: possible, code }, freeze: true });
		frappe.msgprint({ title: __("Results"), message: results(done) });
		report.refresh();
	});
}

function results(rows) {
	const text = frappe.utils.escape_html;
	const lines = rows.map((row) => `<li>${text(row.order)}: ${text(row.done ? row.changed || __("Nothing changes") : row.message)}</li>`);
	return `<ul>${lines.join("")}</ul>`;
}
