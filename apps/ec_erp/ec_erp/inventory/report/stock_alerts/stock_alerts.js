// Stock Alerts: what is below or above its bounds.

frappe.query_reports["Stock Alerts"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "warehouse", label: __("Warehouse"), fieldtype: "Link", options: "Warehouse" },
		{ fieldname: "category", label: __("Category"), fieldtype: "Link", options: "Product Category" },
		{ fieldname: "sku", label: __("SKU"), fieldtype: "Link", options: "SKU" },
		{ fieldname: "every", label: __("Also What Is Within Its Bounds"), fieldtype: "Check" },
	],
};
