// Rows of orders and receipts that are being typed: what a SKU brings along, its unit, its price, its amount.
// For child rows with `sku`, `qty`, `rate` and the fields of units.js; priced ones have `price_origin` and `price_terms`, too.
frappe.provide("ec_erp.order_rows");

// Evaluated with the script of each DocType that has such rows, but the handlers are wanted once.
if (!ec_erp.order_rows.show_price) {
	// By DocType: the unit a row begins with, who knows its price, and what of the document that price depends on.
	const ABOUT = {
		"Sales Order": {
			unit: "for_sale",
			prices: "ec_erp.orders.api.get_price",
			head: ["company", "currency", "customer", "shop", "price_list", "order_datetime"],
		},
		"Purchase Order": {
			unit: "for_purchase",
			prices: "ec_erp.purchasing.api.get_price",
			head: ["company", "supplier", "currency", "order_datetime", "prices_include_tax"],
		},
		"Purchase Receipt": { unit: "for_purchase" },
	};

	// The price for the row's quantity; one that somebody typed, also while it was asked for, stays.
	ec_erp.order_rows.show_price = async function (frm, row, before = flt(row.rate)) {
		const { prices, head } = ABOUT[frm.doctype];
		const of_head = Object.fromEntries(head.map((fieldname) => [fieldname, frm.doc[fieldname]]));
		const args = { sku: row.sku, qty: flt(row.qty) || 1, ...of_head };
		const { message: found } = await frappe.call({ method: prices, args });
		if (found && flt(row.rate) === before) {
			row.asked_rate = found.rate;
			frappe.model.set_value(row.doctype, row.name, found);
		}
	};

	const take_sku = async (frm, row) => {
		const before = flt(row.rate);
		const fields = ["tax_rate", "stock_uom", "sku_name"];
		const { message: sku } = await frappe.db.get_value("SKU", row.sku, fields);
		frappe.model.set_value(row.doctype, row.name, { tax_rate: sku.tax_rate, stock_uom: sku.stock_uom, sku_name: sku.sku_name });
		await ec_erp.units.choose(frm, row, ABOUT[frm.doctype].unit);
		await ec_erp.order_rows.show_price(frm, row, before);
	};

	const show_unit = (row) => {
		if (flt(row.uom_ratio)) {
			ec_erp.units.show(row);
		}
	};

	const show_amount = (_frm, cdt, cdn) => {
		const row = frappe.get_doc(cdt, cdn);
		frappe.model.set_value(cdt, cdn, "amount", flt(row.qty) * flt(row.rate) - flt(row.discount_amount));
		show_unit(row);
	};

	const in_units = {
		uom: (frm, cdt, cdn) => ec_erp.units.choose(frm, frappe.get_doc(cdt, cdn)),
		uom_qty: (frm, cdt, cdn) => ec_erp.units.take(frm, cdt, cdn, "uom_qty", "qty"),
		uom_rate: (frm, cdt, cdn) => ec_erp.units.take(frm, cdt, cdn, "uom_rate", "rate"),
	};

	const priced = {
		async sku(frm, cdt, cdn) {
			const row = frappe.get_doc(cdt, cdn);
			if (row.sku) {
				await take_sku(frm, row);
			}
		},
		async qty(frm, cdt, cdn) {
			const row = frappe.get_doc(cdt, cdn);
			if (row.price_origin) {
				await ec_erp.order_rows.show_price(frm, row);
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
		discount_amount: show_amount,
	};

	const received = {
		async sku(frm, cdt, cdn) {
			const row = frappe.get_doc(cdt, cdn);
			if (row.sku) {
				await ec_erp.units.choose(frm, row, ABOUT[frm.doctype].unit);
			}
		},
		qty: (_frm, cdt, cdn) => show_unit(frappe.get_doc(cdt, cdn)),
	};

	for (const [doctype, { prices }] of Object.entries(ABOUT)) {
		frappe.ui.form.on(`${doctype} Item`, { ...(prices ? priced : received), ...in_units });
	}
}
