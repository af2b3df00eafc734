// Shipment Pushes: trying many again at once.

frappe.listview_settings["Shipment Push"] = {
	add_fields: ["withdrawn", "message"],
	onload(listview) {
		listview.page.add_action_item(__("Try Again"), async () => {
			const names = listview.get_checked_items(true);
			const { message: tried } = await frappe.call({ method: "ec_erp.channels.api.retry_shipments", args: { names }, freeze: true });
			frappe.show_alert(__("{0} of {1} are tried again", [tried.length, names.length]));
			listview.refresh();
		});
	},
};
