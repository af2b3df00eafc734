// Instalments: those that are overdue stand out.

frappe.listview_settings["Order Instalment"] = {
	hide_name_column: true,
	add_fields: ["due_date", "outstanding_amount"],
	get_indicator(doc) {
		const today = frappe.datetime.get_today();
		if (doc.status !== "Paid" && doc.due_date && doc.due_date < today) {
			return [__("Past Due"), "red", `status,!=,Paid|due_date,<,${today}`];
		}
		const colours = { Unpaid: "orange", "Part Paid": "blue", Paid: "green" };
		return [__(doc.status), colours[doc.status], `status,=,${doc.status}`];
	},
};
