frappe.ui.form.on("Book Loan", {
	setup(frm) {
		frm.set_query("book", "items", () => ({ filters: { copies: [">", 0] } }));
	},
	lent_on(frm) {
		if (frm.doc.lent_on) frm.set_value("due_on", frappe.datetime.add_days(frm.doc.lent_on, 14));
	},
});
