// Payment Entry: choices that fit, and its postings.

frappe.ui.form.on("Payment Entry", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, is_group: 0, disabled: 0 } });
		frm.set_query("account", of_company);
		frm.set_query("counter_account", of_company);
		frm.set_query("reference_doctype", "references", () => ({
			filters: { name: ["in", ["Sales Order", "Payment Request", "Purchase Order", "Purchase Receipt"]] },
		}));
		frm.set_query("reference_name", "references", (doc) => {
			const { company, payment_type, currency, party, party_type } = doc;
			const by_party = party ? { [(party_type || "").toLowerCase()]: party } : {};
			return { query: "ec_erp.posting.api.payable_documents", filters: { company, payment_type, currency, ...by_party } };
		});
	},

	async paid_amount(frm) {
		await spread(frm);
		await sum_up(frm);
	},

	payment_type: (frm) => spread(frm),

	refresh(frm) {
		if (frm.doc.docstatus > 0) {
			const open = () => frappe.set_route("List", "GL Entry", { voucher_no: frm.doc.name });
			frm.add_custom_button(__("GL Entry"), open, __("View"));
		}
	},
});

frappe.ui.form.on("Payment Entry Reference", {
	// What the document asks for, and what is left of the payment for it.
	async reference_name(frm, cdt, cdn) {
		const row = frappe.get_doc(cdt, cdn);
		const { reference_doctype, reference_name } = row;
		if (!reference_doctype || !reference_name) {
			await frappe.model.set_value(cdt, cdn, { total_amount: 0, outstanding_amount: 0, allocated_amount: 0 });
			return;
		}
		const [found] = await proposals(frm, [row]);
		if (!found || row.reference_name !== reference_name) {
			return;
		}
		if (found.open_amount === 0) {
			const back = found.outstanding_amount !== 0;
			await frappe.model.set_value(cdt, cdn, "reference_name", "");
			frappe.msgprint(
				back
					? __("Nothing was paid for {0}, so nothing goes back", [reference_name])
					: __("{0} is fully paid: there is nothing left to pay", [reference_name]),
			);
			return;
		}
		await propose(frm, row, found);
	},

	allocated_amount: (frm) => sum_up(frm),
	references_remove: (frm) => sum_up(frm),
});

async function sum_up(frm) {
	const total_allocated = frm.doc.references.reduce((sum, row) => sum + flt(row.allocated_amount), 0);
	const unallocated_amount = frm.doc.paid_amount ? flt(frm.doc.paid_amount) - total_allocated : 0;
	await frm.set_value({ total_allocated, unallocated_amount });
}

// Amounts that nobody has typed follow the payment; a typed one stays.
async function spread(frm) {
	const rows = frm.doc.references.filter((row) => is_proposed(frm, row));
	const found = rows.length ? await proposals(frm, rows) : [];
	for (const [at, row] of rows.entries()) {
		if (found[at] && is_proposed(frm, row)) {
			await propose(frm, row, found[at]);
		}
	}
}

// What the server would give to these rows beside what the others have.
async function proposals(frm, rows) {
	const open = new Set(rows.map((row) => row.name));
	const all = frm.doc.references.filter((row) => row.reference_doctype && row.reference_name);
	const references = all.map(({ name, reference_doctype, reference_name, allocated_amount }) => {
		return { reference_doctype, reference_name, allocated_amount: open.has(name) ? null : flt(allocated_amount) };
	});
	const args = { payment_type: frm.doc.payment_type, paid_amount: flt(frm.doc.paid_amount), references };
	const { message } = await frappe.call({ method: "ec_erp.posting.api.propose_allocations", args });
	const by_row = new Map(all.map((row, at) => [row.name, message[at]]));
	return rows.map((row) => by_row.get(row.name)).map((found) => (found && "open_amount" in found ? found : null));
}

async function propose(frm, row, { total_amount, outstanding_amount, allocated_amount }) {
	frm.proposed_amounts = { ...frm.proposed_amounts, [row.name]: allocated_amount };
	await frappe.model.set_value(row.doctype, row.name, { total_amount, outstanding_amount, allocated_amount });
}

function is_proposed(frm, row) {
	const proposed = (frm.proposed_amounts || {})[row.name];
	return proposed !== undefined && flt(row.allocated_amount) === proposed;
}
