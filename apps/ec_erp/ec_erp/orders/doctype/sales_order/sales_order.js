// Sales Order: choices that fit, prices of SKUs, and what comes next.

frappe.ui.form.on("Sales Order", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, disabled: 0 } });
		frm.set_query("warehouse", of_company);
		frm.set_query("warehouse", "items", of_company);
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("shop", () => ({ filters: { enabled: 1 } }));
		frm.set_query("charge_type", "charges", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		if (frm.doc.docstatus !== 1) {
			return;
		}
		if (frm.doc.status === "To Ship") {
			frm.add_custom_button(
				__("Delivery Note"),
				() => frappe.model.open_mapped_doc({ method: "ec_erp.fulfilment.api.make_delivery_note", frm }),
				__("Create"),
			);
		}
		const actions = { Unpaid: "pay_orders", "To Audit": "audit_orders" };
		const labels = { Unpaid: __("Mark as Paid"), "To Audit": __("Release") };
		if (actions[frm.doc.status]) {
			frm.add_custom_button(labels[frm.doc.status], () => act(frm, actions[frm.doc.status]));
		}
		if (["Part Reserved", "Not Reserved"].includes(frm.doc.stock_state) && frm.doc.status === "To Ship") {
			frm.add_custom_button(__("Reserve Missing Stock"), () => act(frm, "reserve_missing"));
		}
	},

	async shop(frm) {
		if (!frm.doc.shop) {
			return;
		}
		const fields = ["company", "currency", "default_warehouse", "default_customer"];
		const { message: shop } = await frappe.db.get_value("Shop", frm.doc.shop, fields);
		await frm.set_value({ company: shop.company, currency: shop.currency });
		if (!frm.doc.warehouse) {
			await frm.set_value("warehouse", shop.default_warehouse);
		}
		if (!frm.doc.customer) {
			await frm.set_value("customer", shop.default_customer);
		}
	},

	async company(frm) {
		const { message: company } = await frappe.db.get_value("Company", frm.doc.company, "default_currency");
		await frm.set_value("currency", company.default_currency);
	},
});

frappe.ui.form.on("Sales Order Item", {
	async sku(frm, cdt, cdn) {
		const row = frappe.get_doc(cdt, cdn);
		if (!row.sku) {
			return;
		}
		const fields = ["standard_rate", "tax_rate", "stock_uom", "sku_name"];
		const { message: sku } = await frappe.db.get_value("SKU", row.sku, fields);
		frappe.model.set_value(cdt, cdn, {
			rate: sku.standard_rate,
			tax_rate: sku.tax_rate,
			stock_uom: sku.stock_uom,
			sku_name: sku.sku_name,
		});
	},
	qty: show_amount,
	rate: show_amount,
	discount_amount: show_amount,
});

function show_amount(frm, cdt, cdn) {
	const row = frappe.get_doc(cdt, cdn);
	frappe.model.set_value(cdt, cdn, "amount", flt(row.qty) * flt(row.rate) - flt(row.discount_amount));
}

async function act(frm, action) {
	await frappe.call({ method: `ec_erp.orders.api.${action}`, args: { names: [frm.doc.name] }, freeze: true });
	frm.reload_doc();
}
