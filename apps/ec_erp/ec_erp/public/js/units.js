// Rows entered in another unit: quantity and price per stock unit follow; the other way round they are shown.
// For child rows with `sku`, `qty`, `rate` and `uom`, `uom_ratio`, `uom_qty`, `uom_rate` (the same in that unit).
frappe.provide("ec_erp.units");

// Take the row's unit or, with `first` (`for_sale`, `for_purchase`), the unit its SKU is usually sold or bought in.
ec_erp.units.choose = async function (frm, row, first) {
	const { message: units } = await frappe.call({ method: "ec_erp.catalog.api.get_units", args: { sku: row.sku } });
	const chosen = first ? units.find((unit) => unit[first]) : units.find((unit) => unit.uom === row.uom);
	if (chosen || !first) {
		const ratio = chosen ? chosen.ratio : 0;
		await frappe.model.set_value(row.doctype, row.name, { uom: chosen ? chosen.uom : "", uom_ratio: ratio });
		ec_erp.units.show(row);
	}
};

ec_erp.units.show = function (row) {
	const ratio = flt(row.uom_ratio);
	const values = ratio ? { uom_qty: flt(row.qty) / ratio, uom_rate: flt(row.rate) * ratio } : { uom_qty: null, uom_rate: null };
	frappe.model.set_value(row.doctype, row.name, values);
};

// What was typed in the unit (`from`) becomes what the row counts in (`to`); the tolerance ends the ping-pong of both.
ec_erp.units.take = function (frm, cdt, cdn, from, to) {
	const row = frappe.get_doc(cdt, cdn);
	const ratio = flt(row.uom_ratio);
	const value = from === "uom_qty" ? flt(row[from]) * ratio : flt(row[from]) / ratio;
	if (ratio && row[from] !== null && Math.abs(value - flt(row[to])) > 1e-6) {
		frappe.model.set_value(cdt, cdn, to, value);
	}
};
