// Order Rule Version: going back to it.

frappe.ui.form.on("Order Rule Version", {
	refresh(frm) {
		frm.add_custom_button(__("Go Back to This Version"), () =>
			frappe.confirm(__("Orders will follow these rules again, and the rules are written back. Go on?"), async () => {
				const args = { version: frm.doc.name };
				const { message } = await frappe.call({ method: "ec_erp.orders.rules_api.roll_back_rules", args, freeze: true });
				frappe.set_route("Form", "Order Rule Version", message);
			}),
		);
	},
});
