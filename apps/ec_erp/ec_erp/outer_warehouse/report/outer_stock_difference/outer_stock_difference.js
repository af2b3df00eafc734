// Outer Stock Difference: which provider; the count that settles its newest snapshot.

frappe.query_reports["Outer Stock Difference"] = {
	filters: [
		{ fieldname: "provider", label: __("Provider"), fieldtype: "Link", options: "Warehouse Provider" },
		{ fieldname: "all_rows", label: __("Also What Agrees"), fieldtype: "Check", default: 0 },
	],
	onload(report) {
		report.page.add_inner_button(__("Make Stock Count"), async () => {
			const [first] = (report.data || []).filter((row) => row.snapshot && row.to_settle);
			if (!first) return frappe.show_alert(__("Nothing is to settle"));
			const { message: count } = await frappe.call({ method: "ec_erp.outer_warehouse.api.make_count", args: { snapshot: first.snapshot }, freeze: true });
			frappe.set_route("Form", "Stock Count", count);
		});
	},
};
