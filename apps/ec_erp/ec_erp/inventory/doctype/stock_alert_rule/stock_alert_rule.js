// Stock Alert Rule: what it has noticed.

frappe.ui.form.on("Stock Alert Rule", {
	refresh(frm) {
		if (!frm.is_new()) {
			const open = () => frappe.set_route("List", "Stock Alert", { rule: frm.doc.name, status: "Open" });
			frm.add_custom_button(__("Stock Alert"), open, __("View"));
		}
	},
});
