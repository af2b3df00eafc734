// Stock Movements: of what, when and why.

frappe.query_reports["Stock Movements"] = {
	filters: [
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date", default: frappe.datetime.add_days(frappe.datetime.get_today(), -6) },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date", default: frappe.datetime.get_today() },
		{ fieldname: "reason", label: __("Reason"), fieldtype: "Link", options: "Stock Reason" },
		{ fieldname: "voucher_type", label: __("Document Type"), fieldtype: "Link", options: "DocType" },
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "warehouse", label: __("Warehouse"), fieldtype: "Link", options: "Warehouse" },
		{ fieldname: "category", label: __("Category"), fieldtype: "Link", options: "Product Category" },
		{ fieldname: "sku", label: __("SKU"), fieldtype: "Link", options: "SKU" },
	],
};
