// Wave: running the rules now.

frappe.listview_settings["Wave"] = {
	onload(listview) {
		listview.page.add_inner_button(__("Run Wave Rules"), async () => {
			await frappe.call({ method: "ec_erp.fulfilment.api.run_wave_rules", args: {} });
			listview.refresh();
		});
	},
};
