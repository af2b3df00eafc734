// Delivery Appointment: confirming many at once.

frappe.listview_settings["Delivery Appointment"] = {
	onload(listview) {
		listview.page.add_actions_menu_item(__("Confirm"), async () => {
			const args = { names: listview.get_checked_items(true) };
			await frappe.call({ method: "ec_erp.purchasing.api.confirm_appointments", args });
			listview.refresh();
		});
	},
};
