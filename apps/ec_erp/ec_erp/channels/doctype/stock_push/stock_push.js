// Stock Push: why so many, and telling the shop again.

frappe.ui.form.on("Stock Push", {
	refresh(frm) {
		frm.add_custom_button(__("Why This Quantity"), () => ec_erp_explain_stock(frm.doc.listing));
		frm.add_custom_button(__("Tell Again"), async () => {
			await frappe.call({ method: "ec_erp.channels.api.retry_stock", args: { names: [frm.doc.name] }, freeze: true });
			frm.reload_doc();
		});
	},
});

async function ec_erp_explain_stock(listing) {
	const { message: told } = await frappe.call({ method: "ec_erp.channels.api.explain_stock", args: { listing } });
	const lines = told.why.map((why) => `<li>${frappe.utils.escape_html(why)}</li>`).join("");
	frappe.msgprint({ title: __("To publish: {0}", [told.qty]), message: `<ul>${lines}</ul>` });
}
