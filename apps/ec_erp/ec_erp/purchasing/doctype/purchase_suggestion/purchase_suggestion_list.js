// Purchase Suggestion: calculating all of them, and making many into orders.

frappe.listview_settings["Purchase Suggestion"] = {
	onload(listview) {
		const act = async (action, args) => {
			const { message: names } = await frappe.call({ method: `ec_erp.purchasing.api.${action}`, args });
			frappe.show_alert({ message: __("{0} suggestions", [(names || []).length]), indicator: "green" });
			listview.refresh();
		};
		const chosen = () => ({ names: listview.get_checked_items(true) });
		listview.page.add_inner_button(__("Calculate Suggestions"), () => act("calculate_suggestions", {}));
		listview.page.add_actions_menu_item(__("Create Purchase Orders"), () => act("make_orders_of_suggestions", chosen()));
		listview.page.add_actions_menu_item(__("Create Purchase Requests"), () => act("make_requests_of_suggestions", chosen()));
		listview.page.add_actions_menu_item(__("Create Stock Transfers"), () => act("make_transfers_of_suggestions", chosen()));
		listview.page.add_actions_menu_item(__("Dismiss"), () => act("dismiss_suggestions", chosen()));
	},
};
