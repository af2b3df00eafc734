// Totals of an order while its lines are typed. They are a preview: the server counts them anew with every save.
frappe.provide("ec_erp.order_totals");

// Evaluated with the script of each DocType that shows totals, but the handlers are wanted once.
if (!ec_erp.order_totals.show) {
	const of_lines = (frm, fieldname) => (frm.doc.items || []).reduce((total, line) => total + flt(line[fieldname]), 0);
	const cents = (amount) => flt(amount, 2);

	// A new sales order gets its company's way with the first save; a purchase order has its own from the start.
	const ways = {};
	async function includes_tax(frm) {
		const { company } = frm.doc;
		if (frm.doctype === "Purchase Order" || !frm.is_new() || !company) {
			return Boolean(frm.doc.prices_include_tax);
		}
		ways[company] = ways[company] || frappe.db.get_value("Company", company, "prices_include_tax");
		const { message } = await ways[company];
		return Boolean(message.prices_include_tax);
	}

	// Tax that is in the amounts, or comes on top of them, by the rate of each line.
	const tax_of = (frm, included) =>
		(frm.doc.items || []).reduce((total, line) => {
			const rate = flt(line.tax_rate) / 100;
			return total + cents(flt(line.amount) * (included ? rate / (1 + rate) : rate));
		}, 0);

	const totals_of = {
		"Sales Order": (frm, included) => {
			const goods = cents(of_lines(frm, "amount"));
			const others = flt(frm.doc.shipping_fee) + flt(frm.doc.charges_total) - flt(frm.doc.discount_amount);
			const on_top = included ? 0 : tax_of(frm, included);
			return { goods_total: goods, grand_total: cents(goods + others + on_top) };
		},
		"Purchase Order": (frm, included) => {
			const amount = of_lines(frm, "amount");
			const tax = cents(tax_of(frm, included));
			const net = cents(included ? amount - tax : amount);
			return { net_total: net, total_tax: tax, grand_total: cents(net + tax) };
		},
	};

	ec_erp.order_totals.show = async function (frm) {
		if (frm.doc.docstatus === 0) {
			const included = await includes_tax(frm);
			await frm.set_value({ total_qty: of_lines(frm, "qty"), ...totals_of[frm.doctype](frm, included) });
		}
	};

	const { show } = ec_erp.order_totals;
	for (const doctype of Object.keys(totals_of)) {
		frappe.ui.form.on(`${doctype} Item`, { amount: show, qty: show, items_remove: show });
		frappe.ui.form.on(doctype, { shipping_fee: show, discount_amount: show, prices_include_tax: show });
	}
}
