// SKU: what shops show of it beyond what there is.

frappe.ui.form.on("SKU", {
	onload(frm) {
		window.ec_erp_follow_exposure(frm);
	},
	refresh(frm) {
		if (!frm.is_new()) {
			window.ec_erp_show_exposure(frm, frm.doc.name);
		}
	},
});
