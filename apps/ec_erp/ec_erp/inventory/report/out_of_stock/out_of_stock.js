// Out of Stock: what is not there to be sold, and what was probably not sold for it.

frappe.query_reports["Out of Stock"] = {
	filters: [
		{ fieldname: "days", label: __("Days"), fieldtype: "Int", default: 30 },
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "warehouse", label: __("Warehouse"), fieldtype: "Link", options: "Warehouse" },
		{ fieldname: "category", label: __("Category"), fieldtype: "Link", options: "Product Category" },
		{ fieldname: "brand", label: __("Brand"), fieldtype: "Link", options: "Brand" },
		{ fieldname: "goods_class", label: __("Class"), fieldtype: "Data" },
		{ fieldname: "sku", label: __("SKU"), fieldtype: "Link", options: "SKU" },
	],
};
