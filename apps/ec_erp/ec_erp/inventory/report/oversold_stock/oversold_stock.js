// Oversold Stock: orders in the order in which they will be short.

frappe.query_reports["Oversold Stock"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "warehouse", label: __("Warehouse"), fieldtype: "Link", options: "Warehouse" },
		{ fieldname: "category", label: __("Category"), fieldtype: "Link", options: "Product Category" },
		{ fieldname: "brand", label: __("Brand"), fieldtype: "Link", options: "Brand" },
		{ fieldname: "goods_class", label: __("Class"), fieldtype: "Data" },
		{ fieldname: "sku", label: __("SKU"), fieldtype: "Link", options: "SKU" },
	],
};
