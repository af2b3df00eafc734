// Stock Transfer: choices that fit, and the steps of its way.

frappe.ui.form.on("Stock Transfer", {
	setup(frm) {
		const of_company = () => ({ filters: { disabled: 0, ...(frm.doc.company ? { company: frm.doc.company } : {}) } });
		frm.set_query("from_warehouse", of_company);
		frm.set_query("to_warehouse", of_company);
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("bin", "items", () => ({ filters: { warehouse: frm.doc.from_warehouse, disabled: 0 } }));
		frm.set_query("to_bin", "items", () => ({ filters: { warehouse: frm.doc.to_warehouse, disabled: 0 } }));
	},

	refresh(frm) {
		if (frm.doc.docstatus !== 1) {
			return;
		}
		const step = (label, method, args) =>
			frm.add_custom_button(label, async () => {
				await frm.call(method, args);
				frm.reload_doc();
			});
		if (frm.doc.status === "Approved") {
			step(__("Send"), "send");
		}
		if (["Out", "Part In"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Receive"), () => receive(frm));
			step(__("Settle: Lost"), "settle", { difference: "Loss" });
			step(__("Settle: Send Back"), "settle", { difference: "Back" });
		}
		for (const ledger of ["Stock Ledger Entry", "GL Entry"]) {
			const open = () => frappe.set_route("List", ledger, { voucher_no: frm.doc.name });
			frm.add_custom_button(__(ledger), open, __("View"));
		}
	},
});

// What came, by row; the rest stays on its way until it comes, too, or the difference is settled.
function receive(frm) {
	const rest = (row) => flt(row.sent_qty) - flt(row.received_qty) - flt(row.lost_qty) - flt(row.back_qty);
	const rows = frm.doc.items.filter((row) => rest(row) > 0);
	const fields = rows.map((row) => ({
		fieldname: row.name,
		fieldtype: "Float",
		label: `${row.sku} ${row.sku_name || ""} (${rest(row)})`,
		default: rest(row),
	}));
	const take_in = async (quantities) => {
		await frm.call("receive", { quantities });
		frm.reload_doc();
	};
	frappe.prompt(fields, take_in, __("Quantities that came"), __("Receive"));
}
