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

	purchase_order: show_totals,
	company: show_totals,
	prices_include_tax: show_totals,

	refresh(frm) {
		if (frm.is_new() && frm.doc.items && frm.doc.items.length && !frm.doc.grand_total) {
			show_totals(frm);
		}
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
	qty: show_accepted,
	rejected_qty: show_accepted,
	sku: show_totals,
	accepted_qty: show_totals,
	rate: show_totals,
	tax_rate: show_totals,
	items_remove: show_totals,
});

function show_accepted(frm, cdt, cdn) {
	const row = frappe.get_doc(cdt, cdn);
	frappe.model.set_value(cdt, cdn, "accepted_qty", Math.max(0, flt(row.qty) - flt(row.rejected_qty)));
}

const OF_HEAD = ["purchase_order", "company", "prices_include_tax"];
const OF_ROWS = ["sku", "qty", "rejected_qty", "accepted_qty", "rate", "tax_rate", "purchase_order_item"];
const SHOWN_IN_ROWS = ["rate", "tax_rate", "amount", "net_amount", "tax_amount"];

// What the server has told and nobody changed is asked again, for another order may have other prices; so is nothing in a new row.
function given_in(row, before) {
	const told = before || {};
	const is_given = (fieldname) => told[fieldname] !== row[fieldname] && (row[fieldname] || before || !row.__islocal);
	return Object.fromEntries(OF_ROWS.filter(is_given).map((fieldname) => [fieldname, row[fieldname]]));
}

// The server prices rows as it will when they are saved: by the order's lines, else by the SKU, tax by its rate.
async function show_totals(frm) {
	if (frm.shows_prices || frm.doc.docstatus !== 0) {
		return;
	}
	frm.told_prices = frm.told_prices || {}; // by row
	let rows = [];
	let given = [];
	const found = await ec_erp.typed_prices.ask(frm, "ec_erp.purchasing.api.price_receipt", () => {
		rows = (frm.doc.items || []).filter((row) => row.sku && flt(row.qty) > 0);
		given = rows.map((row) => given_in(row, frm.told_prices[row.name]));
		const head = Object.fromEntries(OF_HEAD.map((fieldname) => [fieldname, frm.doc[fieldname]]));
		return { head, items: given };
	});
	if (found) {
		rows.forEach((row, at) => {
			const asked = ["rate", "tax_rate"].filter((fieldname) => !(fieldname in given[at]));
			frm.told_prices[row.name] = Object.fromEntries(asked.map((fieldname) => [fieldname, found.items[at][fieldname]]));
		});
		await show_priced(frm, rows, found);
	}
}

async function show_priced(frm, rows, { head, items, problems }) {
	frm.shows_prices = true;
	try {
		for (const [at, row] of rows.entries()) {
			const values = SHOWN_IN_ROWS.map((fieldname) => [fieldname, items[at][fieldname]]);
			await frappe.model.set_value(row.doctype, row.name, Object.fromEntries(values));
		}
		await frm.set_value(head);
	} finally {
		frm.shows_prices = false;
	}
	ec_erp.typed_prices.tell(problems);
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
