// Stock Count: choices that fit, and the steps of counting.

frappe.ui.form.on("Stock Count", {
	setup(frm) {
		frm.set_query("warehouse", () => ({ filters: { disabled: 0 } }));
		frm.set_query("zone", () => ({ filters: { warehouse: frm.doc.warehouse } }));
		frm.set_query("bin", "items", () => ({ filters: { warehouse: frm.doc.warehouse } }));
	},

	refresh(frm) {
		if (frm.is_new() || frm.doc.docstatus !== 0) {
			return;
		}
		const take = async (method, args) => {
			await frm.call(method, args);
			frm.reload_doc();
		};
		const step = (label, method) => frm.add_custom_button(label, () => take(method));
		if (frm.doc.status === "Draft") {
			step(__("Start"), "start");
		}
		if (["To Count", "Counting", "Part"].includes(frm.doc.status)) {
			step(__("Finish Round"), "finish");
		}
		if (["To Count", "Counting", "Part"].includes(frm.doc.status) && frm.doc.to_count) {
			const sure = __("{0} places that nobody has counted will count as empty, and what the books have there as missing. Go on?", [
				frm.doc.to_count,
			]);
			frm.add_custom_button(__("Missing Counts as Nothing"), () => frappe.confirm(sure, () => take("finish", { missing_is_zero: 1 })));
		}
	},
});

frappe.ui.form.on("Stock Count Item", {
	counted_qty(frm, cdt, cdn) {
		frappe.model.set_value(cdt, cdn, "counted_at", frappe.datetime.now_datetime());
	},
});
