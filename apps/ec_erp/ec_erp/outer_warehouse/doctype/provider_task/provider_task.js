// Provider Task: trying again, and settling by hand what a provider can't be told.

frappe.ui.form.on("Provider Task", {
	refresh(frm) {
		if (["Queued", "Sent", "Failed"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Try Again"), () => change_task(frm, "retry_tasks"));
			frm.add_custom_button(__("Told by Other Means"), () => with_reason(__("Told by Other Means"), (why) => change_task(frm, "settle_tasks", { why })));
		}
		if (["Queued", "Sent", "Failed", "Short"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Take Out"), () => with_reason(__("Take Out"), (why) => change_task(frm, "withdraw_tasks", { why })));
		}
	},
});

function with_reason(title, then) {
	const field = { fieldname: "why", fieldtype: "Small Text", label: __("Why"), reqd: 1 };
	frappe.prompt([field], (values) => then(values.why), title);
}

async function change_task(frm, action, args = {}) {
	await frappe.call({ method: `ec_erp.outer_warehouse.api.${action}`, args: { names: [frm.doc.name], ...args }, freeze: true });
	frm.reload_doc();
}
