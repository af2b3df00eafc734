// Ship-By Promises: by shop, warehouse and urgency.

frappe.query_reports["Ship-By Promises"] = {
	filters: [
		{ fieldname: "shop", label: __("Shop"), fieldtype: "Link", options: "Shop" },
		{ fieldname: "warehouse", label: __("Warehouse"), fieldtype: "Link", options: "Warehouse" },
		{
			fieldname: "urgency",
			label: __("Urgency"),
			fieldtype: "Select",
			options: ["", "Late", "At Risk", "Soon", "In Time"],
		},
	],
	formatter(value, row, column, data, default_formatter) {
		const text = default_formatter(value, row, column, data);
		const colour = column.fieldname === "urgency" && data && data.colour;
		return colour ? `<span class="indicator-pill ${colour}">${text}</span>` : text;
	},
};
