// Company: only its own accounts and warehouses can be chosen.

frappe.ui.form.on("Company", {
	setup(frm) {
		const own = () => ({ filters: { company: frm.doc.name, is_group: 0, disabled: 0 } });
		for (const field of frm.meta.fields.filter((each) => each.options === "Account")) {
			frm.set_query(field.fieldname, own);
		}
		frm.set_query("default_warehouse", () => ({ filters: { company: frm.doc.name, disabled: 0 } }));
	},
});
