// The chart of accounts as a tree, one company at a time.

frappe.treeview_settings["Account"] = {
	title: __("Chart of Accounts"),
	filters: [
		{
			fieldname: "company",
			fieldtype: "Link",
			options: "Company",
			label: __("Company"),
			default: frappe.defaults.get_user_default("company"),
		},
	],
	get_tree_nodes: "ec_erp.accounting.api.get_account_children",
	fields: [
		{ fieldtype: "Data", fieldname: "account_number", label: __("Account Code"), reqd: 1 },
		{ fieldtype: "Data", fieldname: "account_name", label: __("Account Name"), reqd: 1 },
		{ fieldtype: "Data", fieldname: "account_name_en", label: __("Account Name (English)") },
		{ fieldtype: "Check", fieldname: "is_group", label: __("Is Group") },
	],
};
