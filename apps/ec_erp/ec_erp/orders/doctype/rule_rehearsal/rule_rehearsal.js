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
		frm.add_custom_button(__("Publish"), () => publish());
	},
});

function publish() {
	const field = { fieldname: "note", fieldtype: "Data", label: __("Note") };
	const send = async (values) => {
		const call = { method: "ec_erp.orders.rules_api.publish_rules", args: values, freeze: true };
		const { message: version } = await frappe.call(call);
		frappe.set_route("Form", "Order Rule Version", version);
	};
	frappe.prompt([field], send, __("Publish"));
}
