// Parcel: a held one may go with the weight it has; a failed number is fetched again; a carton that was not booked is booked.

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
		if (frm.doc.waybill_state === "Failed") {
			frm.add_custom_button(__("Fetch Waybill"), () => act("fetch_waybills", { names: [frm.doc.delivery_note] }));
		}
	},
});
