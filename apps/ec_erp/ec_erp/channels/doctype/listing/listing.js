// Listing: what its shop is told of stock, and why.

frappe.ui.form.on("Listing", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.match_state !== "Matched") {
			return;
		}
		frm.add_custom_button(__("Why This Quantity"), async () => {
			const args = { listing: frm.doc.name };
			const { message: told } = await frappe.call({ method: "ec_erp.channels.api.explain_stock", args });
			const lines = told.why.map((why) => `<li>${frappe.utils.escape_html(why)}</li>`).join("");
			frappe.msgprint({ title: __("To publish: {0}", [told.qty]), message: `<ul>${lines}</ul>` });
		});
		frm.add_custom_button(__("Stock Policy"), () => frappe.new_doc("Stock Policy", { listing: frm.doc.name }));
	},
});
