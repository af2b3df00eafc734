// Payment Request: paying many, one payment per supplier.

frappe.listview_settings["Payment Request"] = {
	onload(listview) {
		listview.page.add_actions_menu_item(__("Create Payments"), async () => {
			const { message: names } = await frappe.call({
				method: "ec_erp.purchasing.api.make_payments_of_requests",
				args: { names: listview.get_checked_items(true) },
			});
			frappe.show_alert({ message: __("{0} draft payments", [names.length]), indicator: "green" });
			frappe.set_route("List", "Payment Entry", { name: ["in", names] });
		});
	},
};
