// Stock Balance: what the form's figures come to, what buyers send back, and what shops show of the SKU beyond what there is.

frappe.ui.form.on("Stock Balance", {
	onload(frm) {
		window.ec_erp_follow_exposure(frm);
	},
	async refresh(frm) {
		window.ec_erp_show_exposure(frm, frm.doc.sku, frm.doc.company);
		const args = { skus: [frm.doc.sku], warehouses: [frm.doc.warehouse] };
		const { message } = await frappe.call({ method: "ec_erp.inventory.api.get_availability", args });
		const row = (message || [])[0];
		if (!row) {
			return;
		}
		frm.dashboard.add_indicator(__("Shippable: {0}", [row.shippable]), "blue");
		frm.dashboard.add_indicator(__("Free: {0}", [row.free]), row.free < 0 ? "red" : "green");
		frm.dashboard.add_indicator(__("Returns on the Way: {0}", [row.returning]), "gray");
	},
});
