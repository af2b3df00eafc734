// Pick Task: looking once more for what lay nowhere.

frappe.ui.form.on("Pick Task", {
	refresh(frm) {
		if (frm.doc.status !== "Short") return;
		frm.add_custom_button(__("Fetch Again"), async () => {
			const args = { names: [frm.doc.name] };
			const { message: made } = await frappe.call({ method: "ec_erp.fulfilment.api.fetch_again", args, freeze: true });
			const task = made[frm.doc.name];
			if (task) return frappe.set_route("Form", "Pick Task", task);
			frappe.show_alert(__("It lies nowhere still"));
		});
	},
});
