// Shipment Push: trying again, and settling by hand what a platform can't be told.

frappe.ui.form.on("Shipment Push", {
	refresh(frm) {
		const call = (action, args = {}) => settle(frm, action, args);
		if (["Queued", "Sent", "Failed"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Try Again"), () => call("retry_shipments"));
			frm.add_custom_button(__("Reported by Hand"), () => ask_why(__("Reported by Hand"), (why) => call("settle_shipments", { why })));
			frm.add_custom_button(__("Take Out"), () => ask_why(__("Take Out"), (why) => call("cancel_shipments", { why })));
		}
		if (frm.doc.withdrawn) {
			frm.set_intro(__("Its delivery was cancelled after the platform had been told"), "red");
			frm.add_custom_button(__("Seen To"), () => call("clear_withdrawn"));
		}
	},
});

function ask_why(title, then) {
	const field = { fieldname: "why", fieldtype: "Small Text", label: __("Why"), reqd: 1 };
	frappe.prompt([field], (values) => then(values.why), title);
}

async function settle(frm, action, args) {
	await frappe.call({ method: `ec_erp.channels.api.${action}`, args: { names: [frm.doc.name], ...args }, freeze: true });
	frm.reload_doc();
}
