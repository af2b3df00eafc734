// Purchase Request: choices that fit, and orders made of it.

frappe.ui.form.on("Purchase Request", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, disabled: 0 } });
		frm.set_query("warehouse", of_company);
		frm.set_query("warehouse", "items", of_company);
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("supplier", "items", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		if (frm.doc.docstatus !== 1 || !["To Order", "Part Ordered"].includes(frm.doc.status)) {
			return;
		}
		frm.add_custom_button(__("Create Purchase Orders"), async () => {
			const method = "ec_erp.purchasing.api.make_orders_of_requests";
			const { message: names } = await frappe.call({ method, args: { names: [frm.doc.name] } });
			frappe.set_route("List", "Purchase Order", { name: ["in", names] });
		});
	},
});
