// Custom Field: the places where it can stand are the fields of its DocType.
frappe.ui.form.on("Custom Field", {
	refresh: show_places,
	dt: show_places,
});

function show_places(frm) {
	if (!frm.doc.dt) {
		return;
	}
	frappe.model.with_doctype(frm.doc.dt, () => {
		const places = frappe.get_meta(frm.doc.dt).fields.map((field) => ({
			value: field.fieldname,
			label: field.label ? `${__(field.label, null, frm.doc.dt)} (${field.fieldname})` : field.fieldname,
		}));
		frm.set_df_property("insert_after", "options", [{ value: "", label: "" }, ...places]);
	});
}
