// Stock Incident: what it means, what to do, and the way to the goods concerned.

frappe.ui.form.on("Stock Incident", {
	refresh(frm) {
		const told = frm.doc.__onload || {};
		if (told.meaning && frm.doc.status === "Open") {
			frm.set_intro(__("{0}. {1}", [told.meaning, told.advice]), "orange");
		}
		const goods = { sku: frm.doc.sku, warehouse: frm.doc.warehouse };
		for (const doctype of ["Stock Balance", "Stock Ledger Entry", "Stock Reservation", "Stock Quota"]) {
			frm.add_custom_button(__(doctype), () => frappe.set_route("List", doctype, goods), __("View"));
		}
	},
});
