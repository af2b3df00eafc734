// Purchase Receipt: choices that fit, and what comes next.

frappe.ui.form.on("Purchase Receipt", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, disabled: 0 } });
		frm.set_query("warehouse", of_company);
		frm.set_query("warehouse", "items", of_company);
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("purchase_order", () => ({
			filters: { docstatus: 1, status: ["in", ["Approved", "Part Received"]] },
		}));
	},

	refresh(frm) {
		if (frm.doc.docstatus !== 1) {
			return;
		}
		if (frm.doc.status !== "Returned") {
			frm.add_custom_button(
				__("Purchase Return"),
				() => frappe.model.open_mapped_doc({ method: "ec_erp.purchasing.api.make_purchase_return", frm }),
				__("Create"),
			);
		}
		for (const ledger of ["Stock Ledger Entry", "GL Entry"]) {
			const open = () => frappe.set_route("List", ledger, { voucher_no: frm.doc.name });
			frm.add_custom_button(__(ledger), open, __("View"));
		}
	},
});

frappe.ui.form.on("Purchase Receipt Item", {
	qty: show_accepted,
	rejected_qty: show_accepted,
});

function show_accepted(frm, cdt, cdn) {
	const row = frappe.get_doc(cdt, cdn);
	frappe.model.set_value(cdt, cdn, "accepted_qty", Math.max(0, flt(row.qty) - flt(row.rejected_qty)));
}
