// What-if Replenishment: what is moved, and making a plan of it.

frappe.query_reports["What-if Replenishment"] = {
	filters: [
		{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company", default: frappe.defaults.get_user_default("company") },
		{ fieldname: "warehouse", label: __("Warehouse"), fieldtype: "Link", options: "Warehouse" },
		{ fieldname: "supplier", label: __("Supplier"), fieldtype: "Link", options: "Supplier" },
		{ fieldname: "category", label: __("Category"), fieldtype: "Link", options: "Product Category" },
		{ fieldname: "sku", label: __("SKU"), fieldtype: "Link", options: "SKU" },
		{ fieldname: "lead_days_more", label: __("Lead Time ± (Days)"), fieldtype: "Float" },
		{ fieldname: "growth_more", label: __("Growth ± (%)"), fieldtype: "Float" },
		{ fieldname: "uplift_percent", label: __("Promotion Sells More (%)"), fieldtype: "Float" },
		{ fieldname: "uplift_from", label: __("Promotion From"), fieldtype: "Date" },
		{ fieldname: "uplift_to", label: __("Promotion To"), fieldtype: "Date" },
		{ fieldname: "service_percent", label: __("Service Level (%)"), fieldtype: "Float" },
		{ fieldname: "budget", label: __("Budget for These Days"), fieldtype: "Float" },
		{ fieldname: "days", label: __("Look Ahead (Days)"), fieldtype: "Int", default: 60 },
		{ fieldname: "rows", label: __("Rows Shown"), fieldtype: "Int", default: 500 },
	],

	onload(report) {
		report.page.add_inner_button(__("Make a Purchase Plan"), () => {
			const filters = report.get_values();
			frappe.confirm(__("Ask for what the moved parameters would buy today? Drafts of purchase requests are made."), async () => {
				const method = "ec_erp.purchasing.api.make_plan_of_what_if";
				const { message: names } = await frappe.call({ method, args: { filters }, freeze: true });
				frappe.set_route("List", "Purchase Request", { name: ["in", names] });
			});
		});
	},
};
