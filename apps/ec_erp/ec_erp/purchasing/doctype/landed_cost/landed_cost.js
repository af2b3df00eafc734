// Landed Cost: receipts and accounts that fit, and its postings.

frappe.ui.form.on("Landed Cost", {
	setup(frm) {
		const posted = () => ({ filters: { company: frm.doc.company, docstatus: 1, status: ["!=", "Returned"] } });
		const account = () => ({ filters: { company: frm.doc.company, is_group: 0, disabled: 0 } });
		frm.set_query("purchase_receipt", "receipts", posted);
		frm.set_query("account", "charges", account);
	},

	refresh(frm) {
		if (frm.doc.docstatus === 0) {
			return;
		}
		for (const ledger of ["Stock Ledger Entry", "GL Entry"]) {
			const open = () => frappe.set_route("List", ledger, { voucher_no: frm.doc.name });
			frm.add_custom_button(__(ledger), open, __("View"));
		}
		const requests = () => frappe.set_route("List", "Payment Request", { reference_name: frm.doc.name });
		frm.add_custom_button(__("Payment Request"), requests, __("View"));
	},
});
