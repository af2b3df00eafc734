// Purchase Receipt: choices that fit, and what comes next.

frappe.ui.form.on("Purchase Receipt", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, disabled: 0 } });
		frm.set_query("warehouse", of_company);
		frm.set_query("warehouse", "items", of_company);
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("purchase_order", () => ({
			filters: { docstatus: 1, status: ["in", ["Approved", "Part Received"]] },
		}));
	},

	refresh(frm) {
		show_inspection(frm);
		if (frm.doc.docstatus !== 1) {
			return;
		}
		if (frm.doc.status !== "Returned") {
			frm.add_custom_button(
				__("Purchase Return"),
				() => frappe.model.open_mapped_doc({ method: "ec_erp.purchasing.api.make_purchase_return", frm }),
				__("Create"),
			);
		}
		frm.add_custom_button(
			__("Landed Cost"),
			() => frappe.model.open_mapped_doc({ method: "ec_erp.purchasing.api.make_landed_cost", frm }),
			__("Create"),
		);
		for (const ledger of ["Stock Ledger Entry", "GL Entry"]) {
			const open = () => frappe.set_route("List", ledger, { voucher_no: frm.doc.name });
			frm.add_custom_button(__(ledger), open, __("View"));
		}
	},
});

frappe.ui.form.on("Purchase Receipt Item", {
	async sku(frm, cdt, cdn) {
		const row = frappe.get_doc(cdt, cdn);
		if (row.sku) {
			await choose_unit(frm, row, "for_purchase");
		}
	},
	qty(frm, cdt, cdn) {
		show_accepted(frm, cdt, cdn);
		const row = frappe.get_doc(cdt, cdn);
		if (flt(row.uom_ratio)) {
			show_in_unit(row);
		}
	},
	rejected_qty: show_accepted,
	uom(frm, cdt, cdn) {
		return choose_unit(frm, frappe.get_doc(cdt, cdn));
	},
	uom_qty: (frm, cdt, cdn) => take_from_unit(frm, cdt, cdn, "uom_qty", "qty"),
	uom_rate: (frm, cdt, cdn) => take_from_unit(frm, cdt, cdn, "uom_rate", "rate"),
});

function show_accepted(frm, cdt, cdn) {
	const row = frappe.get_doc(cdt, cdn);
	frappe.model.set_value(cdt, cdn, "accepted_qty", Math.max(0, flt(row.qty) - flt(row.rejected_qty)));
}

function show_inspection(frm) {
	if (frm.doc.docstatus !== 0 || frm.is_new()) {
		return;
	}
	if (frm.doc.inspection === "Not Required") {
		frm.add_custom_button(__("Send to Inspection"), () => act(frm, "request_inspection", {}));
	}
	if (frm.doc.inspection === "To Inspect") {
		frm.add_custom_button(__("Record Inspection"), () => ask_for_findings(frm));
	}
}

// One question per row: how many pieces are bad, and why.
function ask_for_findings(frm) {
	const fields = frm.doc.items.flatMap((row) => [
		{ fieldname: `rejected_${row.idx}`, fieldtype: "Float", label: `${row.sku}: ${__("Rejected Quantity")} / ${row.qty}` },
		{ fieldname: `reason_${row.idx}`, fieldtype: "Data", label: __("Reason of Rejection") },
	]);
	const record = (values) => {
		const results = {};
		for (const row of frm.doc.items) {
			results[row.name] = {
				rejected_qty: flt(values[`rejected_${row.idx}`]),
				rejection_reason: values[`reason_${row.idx}`] || "",
			};
		}
		return act(frm, "record_inspection", { results });
	};
	frappe.prompt(fields, record, __("Record Inspection"));
}

async function act(frm, method, args) {
	await frappe.call({ method: `ec_erp.purchasing.api.${method}`, args: { name: frm.doc.name, ...args } });
	frm.reload_doc();
}

// Rows entered in another unit: quantity and price per stock unit follow; the other way round they are shown.
async function choose_unit(frm, row, first) {
	const { message: units } = await frappe.call({ method: "ec_erp.catalog.api.get_units", args: { sku: row.sku } });
	const chosen = first ? units.find((unit) => unit[first]) : units.find((unit) => unit.uom === row.uom);
	if (chosen || !first) {
		const ratio = chosen ? chosen.ratio : 0;
		await frappe.model.set_value(row.doctype, row.name, { uom: chosen ? chosen.uom : "", uom_ratio: ratio });
		show_in_unit(row);
	}
}

function show_in_unit(row) {
	const ratio = flt(row.uom_ratio);
	const values = ratio ? { uom_qty: flt(row.qty) / ratio, uom_rate: flt(row.rate) * ratio } : { uom_qty: null, uom_rate: null };
	frappe.model.set_value(row.doctype, row.name, values);
}

function take_from_unit(frm, cdt, cdn, from, to) {
	const row = frappe.get_doc(cdt, cdn);
	const ratio = flt(row.uom_ratio);
	const value = from === "uom_qty" ? flt(row[from]) * ratio : flt(row[from]) / ratio;
	if (ratio && row[from] !== null && Math.abs(value - flt(row[to])) > 1e-6) {
		frappe.model.set_value(cdt, cdn, to, value);
	}
}
