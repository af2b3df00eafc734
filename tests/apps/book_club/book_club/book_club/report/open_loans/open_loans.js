frappe.query_reports["Open Loans"] = {
	filters: [
		{ fieldname: "member", label: __("Member"), fieldtype: "Link", options: "User" },
		{ fieldname: "day", label: __("Day"), fieldtype: "Date", default: frappe.datetime.get_today() },
	],
};
