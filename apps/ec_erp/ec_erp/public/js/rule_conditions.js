// Conditions of rules: people choose and read fields by their labels; the rule keeps their names.
"use strict";

frappe.provide("ec_erp");

if (!ec_erp.condition_fields) {
	ec_erp.condition_fields = { labels: null };

	ec_erp.condition_fields.load = async function () {
		if (!this.labels) {
			const { message } = await frappe.call({ method: "ec_erp.orders.rules_api.get_condition_fields" });
			this.labels = message || {};
		}
		return this.labels;
	};

	const rows_of = (frm) => frm.fields_dict.conditions.grid;

	const events = {
		setup(frm) {
			frm.set_query("field", "conditions", (doc, cdt, cdn) => ({
				query: "ec_erp.orders.rules_api.search_condition_fields",
				params: { scope: frappe.get_doc(cdt, cdn).scope },
			}));
		},
		async refresh(frm) {
			const labels = await ec_erp.condition_fields.load();
			const label = (value, field, options, row) => frappe.utils.escape_html(labels[row?.scope]?.[value] || value || "");
			rows_of(frm).update_docfield_property("field", "formatter", label);
			frm.refresh_field("conditions");
		},
	};
	frappe.ui.form.on("Order Rule", events);
	frappe.ui.form.on("Gift Rule", events);

	frappe.ui.form.on("Order Rule Condition", {
		// A label that was typed becomes the field's name.
		async field(frm, cdt, cdn) {
			const row = frappe.get_doc(cdt, cdn);
			const known = (await ec_erp.condition_fields.load())[row.scope] || {};
			const typed = (row.field || "").trim();
			const named = known[typed] ? typed : Object.keys(known).find((field) => known[field] === typed);
			if (named && named !== row.field) {
				frappe.model.set_value(cdt, cdn, "field", named);
			}
		},
	});
}
