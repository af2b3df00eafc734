// Stock Transfer: choices that fit, and the steps of its way.

frappe.ui.form.on("Stock Transfer", {
	setup(frm) {
		const of_company = () => ({ filters: { disabled: 0, ...(frm.doc.company ? { company: frm.doc.company } : {}) } });
		frm.set_query("from_warehouse", of_company);
		frm.set_query("to_warehouse", of_company);
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("bin", "items", () => ({ filters: { warehouse: frm.doc.from_warehouse, disabled: 0 } }));
		frm.set_query("to_bin", "items", () => ({ filters: { warehouse: frm.doc.to_warehouse, disabled: 0 } }));
	},

	refresh(frm) {
		if (frm.doc.docstatus !== 1) {
			return;
		}
		const step = (label, method, args) =>
			frm.add_custom_button(label, async () => {
				await frm.call(method, args);
				frm.reload_doc();
			});
		if (frm.doc.status === "Approved") {
			step(__("Send"), "send");
		}
		if (["Out", "Part In"].includes(frm.doc.status)) {
			step(__("Receive"), "receive");
			step(__("Settle: Lost"), "settle", { difference: "Loss" });
			step(__("Settle: Send Back"), "settle", { difference: "Back" });
		}
		for (const ledger of ["Stock Ledger Entry", "GL Entry"]) {
			const open = () => frappe.set_route("List", ledger, { voucher_no: frm.doc.name });
			frm.add_custom_button(__(ledger), open, __("View"));
		}
	},
});
