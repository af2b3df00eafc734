// Stock Entry: choices that fit, and its postings.

frappe.ui.form.on("Stock Entry", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, disabled: 0 } });
		frm.set_query("warehouse", of_company);
		frm.set_query("warehouse", "items", of_company);
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("reason", () => ({ filters: { disabled: 0 } }));
		frm.set_query("account", () => ({ filters: { company: frm.doc.company, is_group: 0, disabled: 0 } }));
	},

	refresh(frm) {
		if (frm.doc.docstatus === 0) {
			return;
		}
		for (const ledger of ["Stock Ledger Entry", "GL Entry"]) {
			const open = () => frappe.set_route("List", ledger, { voucher_no: frm.doc.name });
			frm.add_custom_button(__(ledger), open, __("View"));
		}
	},

	async reason(frm) {
		const { message: reason } = await frappe.db.get_value("Stock Reason", frm.doc.reason, "purpose");
		await frm.set_value("purpose", reason.purpose);
	},
});
