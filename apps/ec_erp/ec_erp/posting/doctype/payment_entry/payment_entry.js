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

frappe.ui.form.on("Payment Entry Reference", {
	// What the document asks for, and what is left of the payment for it.
	async reference_name(frm, cdt, cdn) {
		const row = frappe.get_doc(cdt, cdn);
		const { reference_doctype, reference_name } = row;
		if (!reference_doctype || !reference_name) {
			await frappe.model.set_value(cdt, cdn, { total_amount: 0, outstanding_amount: 0, allocated_amount: 0 });
			return;
		}
		const others = frm.doc.references.filter((other) => other.name !== row.name);
		const allocated = others.reduce((sum, other) => sum + flt(other.allocated_amount), 0);
		const { payment_type, paid_amount } = frm.doc;
		const { message: found } = await frappe.call({
			method: "ec_erp.posting.api.propose_allocation",
			args: { reference_doctype, reference_name, payment_type, paid_amount: flt(paid_amount), allocated },
		});
		if (found && row.reference_name === reference_name) {
			await frappe.model.set_value(cdt, cdn, found);
		}
	},
});
