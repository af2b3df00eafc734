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

	// Rows can be ticked, here and on other desks.
	get_datatable_options: (options) => ({ ...options, checkboxColumn: true }),

	onload(report) {
		report.page.add_inner_button(__("Take"), () => choose(report, __("Take"), take));
		report.page.add_inner_button(__("Do as Suggested"), () => choose(report, __("Do as Suggested"), follow));
	},
};

const of_orders = (rows) => rows.filter((row) => row.reference_doctype === "Sales Order");

// What is ticked; without ticks one exception of orders, or all of its reason that the report shows.
function choose(report, title, run) {
	const rows = of_orders(report.data);
	if (!rows.length) {
		frappe.msgprint(__("No exception of an order is shown"));
		return;
	}
	const ticked = of_orders(report.datatable.rowmanager.getCheckedRows().map((at) => report.data[at]));
	if (ticked.length) {
		run(report, by_reason(ticked));
		return;
	}
	const options = rows.map((row, at) => ({ value: String(at), label: `${row.reference_name} · ${row.code}` }));
	const fields = [
		{ fieldname: "at", fieldtype: "Select", label: __("Exception"), options, default: "0", reqd: 1 },
		{ fieldname: "all", fieldtype: "Check", label: __("All shown with this reason") },
	];
	const go = ({ at, all }) => {
		const chosen = rows[Number(at)];
		return run(report, by_reason(all ? rows.filter((row) => row.reason === chosen.reason) : [chosen]));
	};
	frappe.prompt(fields, go, title, title);
}

// [{code, names}]: the server takes the orders of one reason at a time.
function by_reason(rows) {
	const codes = [...new Set(rows.map((row) => row.reason))];
	return codes.map((code) => ({
		code,
		names: rows.filter((row) => row.reason === code).map((row) => row.reference_name),
	}));
}

async function of_all(groups, method, more) {
	const answers = await Promise.all(groups.map((group) => frappe.call({ method, args: { ...group, ...more }, freeze: true })));
	return answers.map(({ message }) => message);
}

async function take(report, groups) {
	const counts = await of_all(groups, "ec_erp.orders.inbox_api.assign_exceptions", { user: frappe.session.user });
	const count = counts.reduce((sum, one) => sum + one, 0);
	frappe.show_alert({ message: __("{0} exceptions are yours", [count]), indicator: "green" });
	report.refresh();
}

async function follow(report, groups) {
	const method = "ec_erp.orders.inbox_api.fix_exceptions";
	const planned = await of_all(groups, method, { preview: 1 });
	const possible = groups
		.map(({ code }, at) => ({ code, names: planned[at].filter((row) => row.done).map((row) => row.order) }))
		.filter(({ names }) => names.length);
	if (!possible.length) {
		frappe.msgprint({ title: __("Nothing can be done by itself"), message: results(planned.flat()), indicator: "orange" });
		return;
	}
	const count = new Set(possible.flatMap(({ names }) => names)).size;
	frappe.confirm(__("{0} orders will change. Go on?", [count]) + results(planned.flat()), async () => {
		const done = await of_all(possible, method, {});
		frappe.msgprint({ title: __("Results"), message: results(done.flat()) });
		report.refresh();
	});
}

function results(rows) {
	const text = frappe.utils.escape_html;
	const lines = rows.map((row) => `<li>${text(row.order)}: ${text(row.done ? row.changed || __("Nothing changes") : row.message)}</li>`);
	return `<ul>${lines.join("")}</ul>`;
}
