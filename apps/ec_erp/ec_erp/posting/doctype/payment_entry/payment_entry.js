// Payment Entry: choices that fit, and its postings.

frappe.ui.form.on("Payment Entry", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, is_group: 0, disabled: 0 } });
		frm.set_query("account", of_company);
		frm.set_query("counter_account", of_company);
		frm.set_query("reference_doctype", "references", () => ({
			filters: { name: ["in", ["Sales Order", "Payment Request", "Purchase Order", "Purchase Receipt"]] },
		}));
		frm.set_query("reference_name", "references", (_doc, cdt, cdn) => {
			const row = frappe.get_doc(cdt, cdn);
			const by_party = frm.doc.party ? { [(frm.doc.party_type || "").toLowerCase()]: frm.doc.party } : {};
			const open = row.reference_doctype === "Payment Request" ? { outstanding: ["!=", 0] } : { docstatus: 1 };
			return { filters: { company: frm.doc.company, ...by_party, ...open } };
		});
	},

	refresh(frm) {
		if (frm.doc.docstatus > 0) {
			const open = () => frappe.set_route("List", "GL Entry", { voucher_no: frm.doc.name });
			frm.add_custom_button(__("GL Entry"), open, __("View"));
		}
	},
});
