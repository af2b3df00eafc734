// Gift Rule: publishing it.

frappe.ui.form.on("Gift Rule", {
	setup(frm) {
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("instead", "items", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		if (frm.is_new()) {
			return;
		}
		frm.add_custom_button(__("Rehearse"), () => frappe.new_doc("Rule Rehearsal"));
		if (frm.doc.publish_state !== "Published") {
			frm.set_intro(__("Orders do not follow this yet: publish the rules"), "orange");
			frm.add_custom_button(__("Publish"), () => ec_erp.publish_rules(() => frm.reload_doc()));
		}
	},
});
