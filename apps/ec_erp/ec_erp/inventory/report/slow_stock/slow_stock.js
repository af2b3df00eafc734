// Slow Stock: what did not sell for long, or lasts too long.

frappe.query_reports["Slow Stock"] = {
	filters: [
		{ fieldname: "days", label: __("Days Without a Sale"), fieldtype: "Int", default: 90 },
		{ fieldname: "slow_cover", label: __("Lasts Longer Than (Days)"), fieldtype: "Int", default: 180 },
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "warehouse", label: __("Warehouse"), fieldtype: "Link", options: "Warehouse" },
		{ fieldname: "category", label: __("Category"), fieldtype: "Link", options: "Product Category" },
		{ fieldname: "brand", label: __("Brand"), fieldtype: "Link", options: "Brand" },
		{ fieldname: "goods_class", label: __("Class"), fieldtype: "Data" },
		{ fieldname: "sku", label: __("SKU"), fieldtype: "Link", options: "SKU" },
	],
};
