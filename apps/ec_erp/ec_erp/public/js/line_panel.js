// What belongs to the line of an order that is being typed: stock by warehouse, and what the SKU cost in earlier orders.
// For forms with a table `items` whose rows have `sku`, `qty` and `rate`. Only a desk that shows such a panel has `set_line_info`.
frappe.provide("ec_erp.line_panel");

const STOCK_SHOWN = 6;
const PRICES_SHOWN = 5;

// `about` names the field of the order that says with whom it was (`party`), and the heading of its prices (`title`).
ec_erp.line_panel.show = function (frm, about) {
	if (frm.set_line_info) {
		frm.set_line_info("items", (row) => about_line(frm, row, about));
	}
};

async function about_line(frm, row, about) {
	if (!row.sku) {
		return [];
	}
	const [stock, prices] = await Promise.all([stock_of(row.sku), earlier_prices(frm, row.sku, about.party)]);
	return [
		{ title: __("Stock of {0}", [row.sku]), facts: stock },
		{ title: about.title, facts: prices },
	].filter((group) => group.facts.length);
}

async function stock_of(sku) {
	const fields = ["warehouse", "available", "on_hand", "on_order"];
	const asked = { filters: { sku }, fields, order_by: "available desc", limit: STOCK_SHOWN };
	const balances = await frappe.db.get_list("Stock Balance", asked);
	return balances.map((balance) => ({
		label: balance.warehouse,
		value: __("{0} available, {1} on order", [balance.available, balance.on_order]),
		indicator: balance.available > 0 ? "green" : "red",
	}));
}

async function earlier_prices(frm, sku, party) {
	const lines = `${frm.doctype} Item`;
	const orders = await frappe.db.get_list(frm.doctype, {
		filters: [
			[lines, "sku", "=", sku],
			[frm.doctype, "docstatus", "=", 1],
			[frm.doctype, "name", "!=", frm.doc.name],
		],
		fields: ["name", "order_datetime", party, `\`tab${lines}\`.\`rate\` as rate`, `\`tab${lines}\`.\`qty\` as qty`],
		order_by: "order_datetime desc",
		limit: PRICES_SHOWN,
	});
	return orders.map((order) => ({
		label: `${frappe.datetime.str_to_user(order.order_datetime).split(" ")[0]} ${order[party] || ""}`.trim(),
		value: `${format_currency(order.rate, frm.doc.currency)} × ${order.qty}`,
		href: frappe.utils.get_form_link(frm.doctype, order.name),
	}));
}
