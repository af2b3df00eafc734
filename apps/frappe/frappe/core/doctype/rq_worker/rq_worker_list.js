// The list of background workers: which of them have something to do.
frappe.listview_settings["RQ Worker"] = {
	hide_name_column: true,
	get_indicator(doc) {
		const known = {
			busy: [__("At work"), "orange"],
			idle: [__("Waits for jobs"), "green"],
		};
		const [label, colour] = known[doc.status] || [doc.status, "gray"];
		return [label, colour, `status,=,${doc.status}`];
	},
};
