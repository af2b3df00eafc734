// Purchase Suggestion: what becomes of it.

frappe.ui.form.on("Purchase Suggestion", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status !== "Open") {
			return;
		}
		const act = async (action) => {
			await frappe.call({ method: `ec_erp.purchasing.api.${action}`, args: { names: [frm.doc.name] } });
			frm.reload_doc();
		};
		if (frm.doc.kind === "Purchase") {
			frm.add_custom_button(__("Purchase Order"), () => act("make_orders_of_suggestions"), __("Create"));
			frm.add_custom_button(__("Purchase Request"), () => act("make_requests_of_suggestions"), __("Create"));
		}
		if (frm.doc.kind === "Transfer") {
			frm.add_custom_button(__("Stock Transfer"), () => act("make_transfers_of_suggestions"), __("Create"));
		}
		frm.add_custom_button(__("Dismiss"), () => act("dismiss_suggestions"));
	},
});
