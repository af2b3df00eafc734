// Provider Message: applying what was kept once its problem is mended, or dismissing it.

frappe.ui.form.on("Provider Message", {
	refresh(frm) {
		if (frm.doc.status !== "Kept") return;
		if (frm.doc.problem) frm.set_intro(frm.doc.problem, "red");
		frm.add_custom_button(__("Apply Again"), () => change_message(frm, "apply_messages"));
		frm.add_custom_button(__("Dismiss"), () => {
			const field = { fieldname: "why", fieldtype: "Small Text", label: __("Why"), reqd: 1 };
			frappe.prompt([field], ({ why }) => change_message(frm, "dismiss_messages", { why }), __("Dismiss"));
		});
	},
});

async function change_message(frm, action, args = {}) {
	await frappe.call({ method: `ec_erp.outer_warehouse.api.${action}`, args: { names: [frm.doc.name], ...args }, freeze: true });
	frm.reload_doc();
}
