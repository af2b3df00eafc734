// Purchase Order: choices that fit, prices of SKUs, and what comes next.

frappe.ui.form.on("Purchase Order", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, disabled: 0 } });
		frm.set_query("warehouse", of_company);
		frm.set_query("warehouse", "items", of_company);
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("supplier", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		show_approval(frm);
		show_closing(frm);
		if (frm.doc.docstatus !== 1 || !["Approved", "Part Received"].includes(frm.doc.status)) {
			return;
		}
		frm.add_custom_button(
			__("Purchase Receipt"),
			() => frappe.model.open_mapped_doc({ method: "ec_erp.purchasing.api.make_purchase_receipt", frm }),
			__("Create"),
		);
		frm.add_custom_button(__("Stop"), () => {
			frappe.confirm(__("Stop waiting for the rest of this order?"), async () => {
				await frappe.call({ method: "ec_erp.purchasing.api.stop_orders", args: { names: [frm.doc.name] } });
				frm.reload_doc();
			});
		});
	},

	async company(frm) {
		const { message: company } = await frappe.db.get_value("Company", frm.doc.company, "default_currency");
		await frm.set_value("currency", company.default_currency);
	},
});

frappe.ui.form.on("Purchase Order Item", {
	async sku(frm, cdt, cdn) {
		const row = frappe.get_doc(cdt, cdn);
		if (!row.sku) {
			return;
		}
		const before = flt(row.rate);
		const fields = ["tax_rate", "stock_uom", "sku_name"];
		const { message: sku } = await frappe.db.get_value("SKU", row.sku, fields);
		frappe.model.set_value(cdt, cdn, { tax_rate: sku.tax_rate, stock_uom: sku.stock_uom, sku_name: sku.sku_name });
		await ec_erp.units.choose(frm, row, "for_purchase");
		await show_price(frm, row, before);
	},
	async qty(frm, cdt, cdn) {
		const row = frappe.get_doc(cdt, cdn);
		if (row.price_origin) {
			await show_price(frm, row);
		}
		show_amount(frm, cdt, cdn);
	},
	rate(frm, cdt, cdn) {
		const row = frappe.get_doc(cdt, cdn);
		if (row.price_origin && flt(row.rate) !== row.asked_rate) {
			frappe.model.set_value(cdt, cdn, { price_origin: "", price_terms: "" });
		}
		show_amount(frm, cdt, cdn);
	},
	uom(frm, cdt, cdn) {
		return ec_erp.units.choose(frm, frappe.get_doc(cdt, cdn));
	},
	uom_qty: (frm, cdt, cdn) => ec_erp.units.take(frm, cdt, cdn, "uom_qty", "qty"),
	uom_rate: (frm, cdt, cdn) => ec_erp.units.take(frm, cdt, cdn, "uom_rate", "rate"),
});

// The supplier's price for the row's quantity, else the SKU's own; a price that somebody typed, also while it was asked for, stays.
async function show_price(frm, row, before = flt(row.rate)) {
	const { company, supplier, currency, order_datetime, prices_include_tax } = frm.doc;
	const head = { company, supplier, currency, order_datetime, prices_include_tax };
	const args = { sku: row.sku, qty: flt(row.qty) || 1, ...head };
	const { message: found } = await frappe.call({ method: "ec_erp.purchasing.api.get_price", args });
	if (found && flt(row.rate) === before) {
		row.asked_rate = found.rate;
		frappe.model.set_value(row.doctype, row.name, found);
	}
}

function show_approval(frm) {
	if (!["To Approve", "To Finance Approve"].includes(frm.doc.status)) {
		return;
	}
	frm.add_custom_button(__("Approve"), () => act(frm, "approve_orders", { names: [frm.doc.name] }));
	frm.add_custom_button(__("Reject"), () => {
		const reason = { fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 };
		frappe.prompt([reason], (values) => act(frm, "reject_order", { name: frm.doc.name, reason: values.reason }), __("Reject"));
	});
}

function show_closing(frm) {
	if (frm.doc.docstatus === 1 && ["Received", "Settled", "Stopped"].includes(frm.doc.status)) {
		frm.add_custom_button(__("Close"), () => act(frm, "close_orders", { names: [frm.doc.name] }));
	}
}

async function act(frm, method, args) {
	await frappe.call({ method: `ec_erp.purchasing.api.${method}`, args });
	frm.reload_doc();
}

function show_amount(frm, cdt, cdn) {
	const row = frappe.get_doc(cdt, cdn);
	frappe.model.set_value(cdt, cdn, "amount", flt(row.qty) * flt(row.rate));
	if (flt(row.uom_ratio)) {
		ec_erp.units.show(row);
	}
}

// The panel beside the line that is being typed: public/js/line_panel.js, which the hook `doctype_js` adds.
frappe.ui.form.on("Purchase Order", {
	onload(frm) {
		ec_erp.line_panel.show(frm, { party: "supplier", title: __("Last bought") });
	},
});
