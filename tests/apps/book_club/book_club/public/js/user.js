frappe.ui.form.on("User", {
	library_card(frm) {
		frm.set_value("library_card", (frm.doc.library_card || "").toUpperCase());
	},
});
