// Stock Ledger Entry: why goods moved.

frappe.ui.form.on("Stock Ledger Entry", {
	refresh(frm) {
		const { reason } = frm.doc.__onload || {};
		if (reason) {
			frm.dashboard.add_indicator(__("Reason: {0}", [reason]), "blue");
		}
	},
});
