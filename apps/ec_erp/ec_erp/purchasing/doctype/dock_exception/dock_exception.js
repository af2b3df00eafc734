// Dock Exception: only slots of its warehouse.

frappe.ui.form.on("Dock Exception", {
	setup(frm) {
		frm.set_query("dock_slot", () => ({ filters: { warehouse: frm.doc.warehouse } }));
	},
});
