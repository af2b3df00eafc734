// Exception Inbox: by owner, reason and shop.

frappe.query_reports["Exception Inbox"] = {
	filters: [
		{
			fieldname: "owner_role",
			label: __("Owner"),
			fieldtype: "Select",
			options: ["", "Customer Service", "Shop Operator", "Warehouse Staff", "Accountant", "Buyer"],
		},
		{ fieldname: "shop", label: __("Shop"), fieldtype: "Link", options: "Shop" },
		{ fieldname: "assigned_to", label: __("Assigned To"), fieldtype: "Link", options: "User" },
		{ fieldname: "blocking", label: __("Blocks"), fieldtype: "Check" },
		{ fieldname: "overdue", label: __("Overdue"), fieldtype: "Check" },
	],
};
