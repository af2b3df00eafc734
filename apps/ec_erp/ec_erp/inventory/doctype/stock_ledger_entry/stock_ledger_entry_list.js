// Stock Ledger Entries: the list with reasons is a report.

frappe.listview_settings["Stock Ledger Entry"] = {
	onload(listview) {
		listview.page.add_inner_button(__("With Reasons"), () => {
			frappe.set_route("query-report", "Stock Movements", listview.get_filters_for_args ? report_filters(listview) : {});
		});
	},
};

function report_filters(listview) {
	const wanted = {};
	for (const [, field, comparison, value] of listview.get_filters_for_args()) {
		if (comparison === "=" && ["sku", "warehouse", "company", "voucher_type"].includes(field)) {
			wanted[field] = value;
		}
	}
	return wanted;
}
