// Payment Entry: choices that fit, and its postings.

frappe.ui.form.on("Payment Entry", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, is_group: 0, disabled: 0 } });
		frm.set_query("account", of_company);
		frm.set_query("counter_account", of_company);
		frm.set_query("reference_doctype", "references", () => ({
			filters: { name: ["in", ["Sales Order", "Purchase Order", "Purchase Receipt"]] },
		}));
		frm.set_query("reference_name", "references", () => ({ filters: { docstatus: 1, company: frm.doc.company } }));
	},

	refresh(frm) {
		if (frm.doc.docstatus > 0) {
			const open = () => frappe.set_route("List", "GL Entry", { voucher_no: frm.doc.name });
			frm.add_custom_button(__("GL Entry"), open, __("View"));
		}
	},
});
