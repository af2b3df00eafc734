// Rule Rehearsal: from what it has found to publishing the rules.

frappe.ui.form.on("Rule Rehearsal", {
	refresh(frm) {
		if (frm.is_new()) {
			return;
		}
		frm.add_custom_button(__("Rehearse Again"), async () => {
			await frm.call("rehearse");
			frm.reload_doc();
		});
		frm.add_custom_button(__("Publish"), () =>
			ec_erp.publish_rules((version) => frappe.set_route("Form", "Order Rule Version", version)),
		);
	},
});
