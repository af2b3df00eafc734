// Provider Tasks: trying many again at once.

frappe.listview_settings["Provider Task"] = {
	add_fields: ["message"],
	onload(listview) {
		listview.page.add_action_item(__("Try Again"), async () => {
			const names = listview.get_checked_items(true);
			const { message: tried } = await frappe.call({ method: "ec_erp.outer_warehouse.api.retry_tasks", args: { names }, freeze: true });
			frappe.show_alert(__("{0} of {1} are tried again", [tried.length, names.length]));
			listview.refresh();
		});
	},
};
