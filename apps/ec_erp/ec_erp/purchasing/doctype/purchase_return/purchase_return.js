// Purchase Return: receipts that goods can go back for, and its postings.

frappe.ui.form.on("Purchase Return", {
	setup(frm) {
		frm.set_query("purchase_receipt", () => ({ filters: { docstatus: 1, status: ["!=", "Returned"] } }));
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("warehouse", "items", () => ({ filters: { company: frm.doc.company, disabled: 0 } }));
	},

	refresh(frm) {
		if (frm.doc.docstatus === 0) {
			return;
		}
		if (frm.doc.docstatus === 1 && frm.doc.status === "Held") {
			frm.add_custom_button(__("Send Out"), async () => {
				const args = { names: [frm.doc.name] };
				await frappe.call({ method: "ec_erp.purchasing.api.send_out_returns", args });
				frm.reload_doc();
			});
		}
		for (const ledger of ["Stock Ledger Entry", "GL Entry"]) {
			const open = () => frappe.set_route("List", ledger, { voucher_no: frm.doc.name });
			frm.add_custom_button(__(ledger), open, __("View"));
		}
	},
});
