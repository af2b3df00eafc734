// Purchase Receipt: choices that fit, and what comes next. Its rows: public/js/order_rows.js, which the hook `doctype_js` adds.

frappe.ui.form.on("Purchase Receipt", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, disabled: 0 } });
		frm.set_query("warehouse", of_company);
		frm.set_query("warehouse", "items", of_company);
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("purchase_order", () => ({
			filters: { docstatus: 1, status: ["in", ["Approved", "Part Received"]] },
		}));
		frm.set_query("delivery_appointment", () => ({
			filters: { docstatus: 1, status: ["in", ["Confirmed", "Received"]] },
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

frappe.ui.form.on("Purchase Receipt Item", { qty: show_accepted, rejected_qty: show_accepted });

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
