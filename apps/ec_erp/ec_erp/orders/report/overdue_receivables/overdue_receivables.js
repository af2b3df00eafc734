// Overdue Receivables: by customer, shop, company and day.

frappe.query_reports["Overdue Receivables"] = {
	filters: [
		{ fieldname: "customer", label: __("Customer"), fieldtype: "Link", options: "Customer" },
		{ fieldname: "shop", label: __("Shop"), fieldtype: "Link", options: "Shop" },
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "as_of", label: __("As Of"), fieldtype: "Date" },
		{ fieldname: "with_not_due", label: __("With Those Not Due"), fieldtype: "Check" },
	],
};
