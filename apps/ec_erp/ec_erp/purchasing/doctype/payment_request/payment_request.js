// Payment Request: paying what is outstanding.

frappe.ui.form.on("Payment Request", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.status === "Cancelled") {
			return;
		}
		if (frm.doc.outstanding) {
			const create = () =>
				frappe.model.open_mapped_doc({ method: "ec_erp.purchasing.api.make_payment_entry", frm });
			frm.add_custom_button(__("Payment Entry"), create, __("Create"));
		}
		if (frm.doc.offset_amount) {
			const open = () => frappe.set_route("List", "GL Entry", { voucher_no: frm.doc.name });
			frm.add_custom_button(__("GL Entry"), open, __("View"));
		}
	},
});
