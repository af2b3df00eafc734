// Stock Turnover: for how many days of sales stock was held.

frappe.query_reports["Stock Turnover"] = {
	filters: [
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date", default: frappe.datetime.add_days(frappe.datetime.get_today(), -89) },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date", default: frappe.datetime.get_today() },
		{ fieldname: "by", label: __("By"), fieldtype: "Select", options: "SKU\nCategory\nBrand\nClass\nWarehouse\nPlatform", default: "SKU" },
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "warehouse", label: __("Warehouse"), fieldtype: "Link", options: "Warehouse" },
		{ fieldname: "category", label: __("Category"), fieldtype: "Link", options: "Product Category" },
		{ fieldname: "brand", label: __("Brand"), fieldtype: "Link", options: "Brand" },
		{ fieldname: "goods_class", label: __("Class"), fieldtype: "Data" },
		{ fieldname: "sku", label: __("SKU"), fieldtype: "Link", options: "SKU" },
	],
};
