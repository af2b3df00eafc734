// Purchase Return: receipts that goods can go back for, what they are worth while rows are typed, and its postings.

frappe.ui.form.on("Purchase Return", {
	setup(frm) {
		frm.set_query("purchase_receipt", () => ({ filters: { docstatus: 1, status: ["!=", "Returned"] } }));
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("warehouse", "items", () => ({ filters: { company: frm.doc.company, disabled: 0 } }));
	},

	purchase_receipt: show_price,

	refresh(frm) {
		if (frm.doc.docstatus === 0) {
			if (frm.is_new() && frm.doc.purchase_receipt && !frm.doc.grand_total) {
				show_price(frm);
			}
			return;
		}
		if (frm.doc.docstatus === 1 && frm.doc.status === "Held") {
			frm.add_custom_button(__("Send Out"), async () => {
				const args = { names: [frm.doc.name] };
				await frappe.call({ method: "ec_erp.purchasing.api.send_out_returns", args });
				frm.reload_doc();
			});
		}
		for (const ledger of ["Stock Ledger Entry", "GL Entry"]) {
			const open = () => frappe.set_route("List", ledger, { voucher_no: frm.doc.name });
			frm.add_custom_button(__(ledger), open, __("View"));
		}
	},
});

frappe.ui.form.on("Purchase Return Item", {
	sku: show_price,
	qty: show_price,
	items_remove: show_price,
});

// The server prices rows as it will when they are saved: by what is left of the received lines, to the cent.
async function show_price(frm) {
	if (frm.doc.docstatus !== 0 || !frm.doc.purchase_receipt) {
		return;
	}
	let rows = [];
	const found = await ec_erp.typed_prices.ask(frm, "ec_erp.purchasing.api.price_return", () => {
		rows = (frm.doc.items || []).filter((row) => row.sku);
		const items = rows.map(({ sku, qty, purchase_receipt_item }) => ({ sku, qty: flt(qty), purchase_receipt_item }));
		return { purchase_receipt: frm.doc.purchase_receipt, items };
	});
	if (!found) {
		return;
	}
	await (rows.length ? show_rows(rows, found.items) : take_rows(frm, found.items));
	await frm.set_value(found.head);
	ec_erp.typed_prices.tell(found.problems);
}

// Rows that somebody types keep what they say.
function show_rows(rows, priced) {
	const shown = ["rate", "tax_rate", "amount", "net_amount", "tax_amount", "purchase_receipt_item"];
	return Promise.all(
		rows.map((row, at) => {
			const values = Object.fromEntries(shown.map((fieldname) => [fieldname, priced[at][fieldname]]));
			values.warehouse = row.warehouse || priced[at].warehouse;
			return frappe.model.set_value(row.doctype, row.name, values);
		}),
	);
}

// Without rows everything that is left goes back.
function take_rows(frm, priced) {
	frm.clear_table("items");
	for (const values of priced) {
		frm.add_child("items", values);
	}
	frm.refresh_field("items");
}
