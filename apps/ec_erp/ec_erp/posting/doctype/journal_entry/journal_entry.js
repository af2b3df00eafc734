// Journal Entry: accounts that can be posted to, and the difference while typing.

frappe.ui.form.on("Journal Entry", {
	setup(frm) {
		frm.set_query("account", "lines", () => ({
			filters: { company: frm.doc.company, is_group: 0, disabled: 0, account_type: ["!=", "Stock"] },
		}));
		frm.set_query("cost_center", "lines", () => ({ filters: { company: frm.doc.company, disabled: 0 } }));
		frm.set_query("party_type", "lines", () => ({ filters: { name: ["in", ["Customer", "Supplier"]] } }));
	},

	refresh(frm) {
		if (frm.doc.docstatus > 0) {
			const open = () => frappe.set_route("List", "GL Entry", { voucher_no: frm.doc.name });
			frm.add_custom_button(__("GL Entry"), open, __("View"));
		}
	},
});

frappe.ui.form.on("Journal Entry Line", { debit: add_up, credit: add_up, lines_remove: add_up });

function add_up(frm) {
	const total = (field) => (frm.doc.lines || []).reduce((sum, line) => sum + flt(line[field]), 0);
	frm.set_value({ total_debit: total("debit"), total_credit: total("credit") });
}
