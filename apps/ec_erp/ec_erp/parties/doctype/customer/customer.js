// Customer: how much may still be ordered on account.

frappe.ui.form.on("Customer", {
	async refresh(frm) {
		const company = frappe.defaults.get_default("company");
		if (frm.is_new() || !company || flt(frm.doc.credit_limit) <= 0 || !frappe.model.can_read("Sales Order")) {
			return;
		}
		const args = { customer: frm.doc.name, company };
		const { message: credit } = await frappe.call({ method: "ec_erp.orders.api.explain_credit", args });
		frm.set_intro(credit.text, credit.free < 0 ? "red" : "blue");
	},
});
