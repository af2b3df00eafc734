// Stock Push: why so many, and telling the shop again.

frappe.ui.form.on("Stock Push", {
	refresh(frm) {
		frm.add_custom_button(__("Why This Quantity"), () => window.ec_erp_explain_stock(frm.doc.listing));
		frm.add_custom_button(__("Tell Again"), async () => {
			await frappe.call({ method: "ec_erp.channels.api.retry_stock", args: { names: [frm.doc.name] }, freeze: true });
			frm.reload_doc();
		});
	},
});
