// Publish Exposure: each SKU with the listings that show it; looks again when shops have confirmed something.

frappe.query_reports["Publish Exposure"] = {
	tree: true,
	initial_depth: 0,
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" },
		{ fieldname: "sku", label: __("SKU"), fieldtype: "Link", options: "SKU" },
		{ fieldname: "every", label: __("Also What Is Covered"), fieldtype: "Check" },
	],
	onload(report) {
		frappe.realtime.doctype_subscribe("Stock Push");
		frappe.realtime.on("list_update", ({ doctype }) => {
			if (doctype === "Stock Push" && frappe.query_report === report) {
				report.refresh();
			}
		});
	},
};
