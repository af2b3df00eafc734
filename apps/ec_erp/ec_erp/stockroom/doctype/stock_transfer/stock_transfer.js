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
		if (frm.doc.status === "Approved") {
			frm.add_custom_button(__("Send"), () => take(frm, "send"));
		}
		if (["Out", "Part In"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Receive"), () => receive(frm));
			// Asked first, and not where "Send" stood a moment ago: a second tap must not write goods off.
			const missing = frm.doc.items.reduce((sum, row) => sum + rest(row), 0);
			const settle = (label, sure, difference) =>
				frm.add_custom_button(label, () => frappe.confirm(sure, () => take(frm, "settle", { difference })), __("Settle"));
			settle(__("Lost"), __("Book {0} units that did not come as lost? Their value is written off.", [missing]), "Loss");
			const back = __("Book {0} units that did not come back into {1}?", [missing, frm.doc.from_warehouse]);
			settle(__("Send Back"), back, "Back");
		}
		for (const ledger of ["Stock Ledger Entry", "GL Entry"]) {
			const open = () => frappe.set_route("List", ledger, { voucher_no: frm.doc.name });
			frm.add_custom_button(__(ledger), open, __("View"));
		}
	},
});

async function take(frm, method, args) {
	await frm.call(method, args);
	frm.reload_doc();
}

// What of a row is still on its way.
function rest(row) {
	return flt(row.sent_qty) - flt(row.received_qty) - flt(row.lost_qty) - flt(row.back_qty);
}

// What came, by row; the rest stays on its way until it comes, too, or the difference is settled.
function receive(frm) {
	const rows = frm.doc.items.filter((row) => rest(row) > 0);
	const fields = rows.map((row) => ({
		fieldname: row.name,
		fieldtype: "Float",
		label: `${row.sku} ${row.sku_name || ""} (${rest(row)})`,
		default: rest(row),
	}));
	frappe.prompt(fields, (quantities) => take(frm, "receive", { quantities }), __("Quantities that came"), __("Receive"));
}
