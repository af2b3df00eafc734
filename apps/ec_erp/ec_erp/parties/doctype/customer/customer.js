// Customer: how much may still be ordered on account, and what is overdue.

frappe.ui.form.on("Customer", {
	async refresh(frm) {
		const company = frappe.defaults.get_default("company");
		if (frm.is_new() || !company || !frappe.model.can_read("Sales Order")) {
			return;
		}
		const args = { customer: frm.doc.name, company };
		const { message: credit } = await frappe.call({ method: "ec_erp.orders.api.explain_credit", args });
		if (credit.text) {
			const is_late = credit.overdue > 0 || (credit.limit > 0 && credit.free < 0);
			frm.set_intro(credit.text, is_late ? "red" : "blue");
		}
	},
});
