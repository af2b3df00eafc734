// Provider Snapshot: the difference to the books, and the count that settles it.

frappe.ui.form.on("Provider Snapshot", {
	refresh(frm) {
		frm.add_custom_button(__("Show Differences"), () => frappe.set_route("query-report", "Outer Stock Difference", { provider: frm.doc.provider }));
		if (frm.doc.stock_count) return;
		frm.add_custom_button(__("Make Stock Count"), async () => {
			const { message: count } = await frappe.call({ method: "ec_erp.outer_warehouse.api.make_count", args: { snapshot: frm.doc.name }, freeze: true });
			frappe.set_route("Form", "Stock Count", count);
		});
	},
});
