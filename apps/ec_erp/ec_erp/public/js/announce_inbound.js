// Purchase orders and transfers to a warehouse that a provider runs: telling the provider what will come.

for (const doctype of ["Purchase Order", "Stock Transfer"]) {
	frappe.ui.form.on(doctype, {
		refresh(frm) {
			if (frm.doc.docstatus !== 1 || !["Approved", "Part Received", "Out", "Part In"].includes(frm.doc.status)) return;
			frm.add_custom_button(
				__("Tell the Provider"),
				async () => {
					const args = { doctype: frm.doc.doctype, name: frm.doc.name };
					const { message: task } = await frappe.call({ method: "ec_erp.outer_warehouse.api.announce_inbound", args, freeze: true });
					frappe.set_route("Form", "Provider Task", task);
				},
				__("Actions"),
			);
		},
	});
}
