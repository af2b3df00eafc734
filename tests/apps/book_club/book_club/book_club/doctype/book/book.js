frappe.ui.form.on("Book", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.add_custom_button(__("Lend"), () => {
			frappe.new_doc("Book Loan", { book: frm.doc.name });
		});
	},
});
