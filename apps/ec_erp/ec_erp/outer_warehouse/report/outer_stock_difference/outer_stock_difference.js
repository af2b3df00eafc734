// Outer Stock Difference: which provider; the count that settles its newest snapshot.

frappe.query_reports["Outer Stock Difference"] = {
	filters: [
		{ fieldname: "provider", label: __("Provider"), fieldtype: "Link", options: "Warehouse Provider" },
		{ fieldname: "all_rows", label: __("Also What Agrees"), fieldtype: "Check", default: 0 },
	],
	onload(report) {
		report.page.add_inner_button(__("Make Stock Count"), () => count_one(report));
	},
};

// A count settles one provider's newest snapshot: of several, somebody says which.
function count_one(report) {
	const open = (report.data || []).filter((row) => row.snapshot && row.to_settle);
	const snapshots = new Map(open.map((row) => [row.provider, row.snapshot]));
	if (!snapshots.size) {
		return frappe.show_alert(__("Nothing is to settle"));
	}
	if (snapshots.size === 1) {
		return make_count([...snapshots.values()][0]);
	}
	const options = [...snapshots.keys()];
	const field = { fieldname: "provider", fieldtype: "Select", label: __("Provider"), options, default: options[0], reqd: 1 };
	frappe.prompt([field], ({ provider }) => make_count(snapshots.get(provider)), __("Make Stock Count"));
}

async function make_count(snapshot) {
	const call = { method: "ec_erp.outer_warehouse.api.make_count", args: { snapshot }, freeze: true };
	const { message: count } = await frappe.call(call);
	frappe.set_route("Form", "Stock Count", count);
}
