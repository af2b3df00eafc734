// Stock Alerts: what is below or above its bounds.

frappe.query_reports["Stock Alerts"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "warehouse", label: __("Warehouse"), fieldtype: "Link", options: "Warehouse" },
		{ fieldname: "category", label: __("Category"), fieldtype: "Link", options: "Product Category" },
		{ fieldname: "brand", label: __("Brand"), fieldtype: "Link", options: "Brand" },
		{ fieldname: "goods_class", label: __("Class"), fieldtype: "Data" },
		{ fieldname: "sku", label: __("SKU"), fieldtype: "Link", options: "SKU" },
		{ fieldname: "every", label: __("Also What Is Within Its Bounds"), fieldtype: "Check" },
	],
};
