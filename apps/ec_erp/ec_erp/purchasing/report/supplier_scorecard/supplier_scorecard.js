// Supplier Scorecard: what it looks at.

frappe.query_reports["Supplier Scorecard"] = {
	filters: [
		{ fieldname: "from_date", label: __("Since"), fieldtype: "Date" },
		{ fieldname: "supplier", label: __("Supplier"), fieldtype: "Link", options: "Supplier" },
		{ fieldname: "by_sku", label: __("By SKU"), fieldtype: "Check" },
	],
};
