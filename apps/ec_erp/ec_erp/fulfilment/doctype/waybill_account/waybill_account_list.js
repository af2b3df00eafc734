// Waybill accounts: those that run out stand out.

frappe.listview_settings["Waybill Account"] = {
	add_fields: ["disabled", "last_number", "balance", "low_balance"],
	get_indicator(doc) {
		if (doc.disabled) {
			return [__("Disabled"), "gray", "disabled,=,1"];
		}
		const low = doc.last_number > 0 && doc.balance < doc.low_balance; // 0: the range has no end
		return low ? [__("Runs Out"), "orange", "disabled,=,0"] : [__("Enabled"), "green", "disabled,=,0"];
	},
};
