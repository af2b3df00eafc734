// Parcel: a held one may go with the weight it has; numbers are fetched again, given back or voided; a carton that was not booked is booked.

frappe.ui.form.on("Parcel", {
	refresh(frm) {
		const act = async (method, args) => {
			await frappe.call({ method: `ec_erp.fulfilment.api.${method}`, args });
			frm.reload_doc();
		};
		if (frm.doc.status === "Held") {
			frm.add_custom_button(__("Accept Weight"), () => act("accept_weight", { parcel: frm.doc.name }));
		}
		if (frm.doc.package && !frm.doc.package_entry && frm.doc.status !== "Cancelled") {
			frm.add_custom_button(__("Book Carton"), () => act("book_packages", { names: [frm.doc.name] }));
		}
		const gone = frm.doc.status === "Cancelled";
		if (!gone && frm.doc.delivery_note && ["Failed", "To Assign"].includes(frm.doc.waybill_state)) {
			frm.add_custom_button(__("Fetch Waybill"), () => act("fetch_waybills", { names: [frm.doc.delivery_note] }));
		}
		const here = !gone && frm.doc.status !== "Handed Over" && frm.doc.waybill_state === "Assigned";
		const kept = gone && frm.doc.waybill_no && ["To Recycle", "Failed"].includes(frm.doc.waybill_state);
		if (here || kept) {
			const ask = (question, args) =>
				frappe.confirm(question, () => act("cancel_waybills", { names: [frm.doc.name], ...args }));
			const number = frm.doc.waybill_no;
			frm.add_custom_button(__("Give Waybill Back"), () => ask(__("Give the number {0} back?", [number])));
			frm.add_custom_button(__("Void Waybill"), () => ask(__("Never use the number {0} again?", [number]), { void: 1 }));
		}
	},
});
