// Put Back Task: scanning it, or saying that everything lies where it came from.

frappe.ui.form.on("Put Back Task", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status !== "To Put Back") {
			return;
		}
		frm.add_custom_button(__("Scan"), () => window.open("/scan#putback"));
		frm.add_custom_button(__("Goods Are Put Back"), () => {
			frappe.confirm(__("Do all goods lie in the bins they came from?"), async () => {
				const args = { names: [frm.doc.name] };
				await frappe.call({ method: "ec_erp.fulfilment.api.finish_putting_back", args });
				frm.reload_doc();
			});
		});
	},
});
