// Stock Ledger Entries: the list with reasons is a report.

frappe.listview_settings["Stock Ledger Entry"] = {
	onload(listview) {
		listview.page.add_inner_button(__("With Reasons"), () => frappe.set_route("query-report", "Stock Movements"));
	},
};
