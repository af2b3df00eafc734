// Listing: what its shop is told of stock, and why.

frappe.ui.form.on("Listing", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.match_state !== "Matched") {
			return;
		}
		frm.add_custom_button(__("Why This Quantity"), () => window.ec_erp_explain_stock(frm.doc.name));
		frm.add_custom_button(__("Stock Policy"), () => frappe.new_doc("Stock Policy", { listing: frm.doc.name }));
	},
});
