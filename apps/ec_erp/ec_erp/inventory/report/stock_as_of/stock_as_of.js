// Stock As Of: which moment, and of what.

frappe.query_reports["Stock As Of"] = {
	filters: [
		{ fieldname: "moment", label: __("Moment"), fieldtype: "Datetime", default: frappe.datetime.now_datetime() },
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "warehouse", label: __("Warehouse"), fieldtype: "Link", options: "Warehouse" },
		{ fieldname: "sku", label: __("SKU"), fieldtype: "Link", options: "SKU" },
	],
};
