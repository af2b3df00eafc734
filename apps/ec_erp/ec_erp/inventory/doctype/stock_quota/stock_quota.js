// Stock Quota: shops of the company, moving what is left to another quota, giving it back.

frappe.ui.form.on("Stock Quota", {
	setup(frm) {
		frm.set_query("sku", () => ({ filters: { disabled: 0, is_combo: 0 } }));
		frm.set_query("shop", () => ({ filters: frm.doc.company ? { company: frm.doc.company } : {} }));
	},

	refresh(frm) {
		if (frm.is_new() || frm.doc.status !== "Active") {
			return;
		}
		frm.add_custom_button(__("Move to Another Quota"), () => ask_where_to(frm), __("Actions"));
		frm.add_custom_button(__("Release Quota"), () => act(frm, "release_quotas", { names: [frm.doc.name] }), __("Actions"));
	},
});

function ask_where_to(frm) {
	const { sku, warehouse, name } = frm.doc;
	const same_goods = { sku, warehouse, status: "Active", name: ["!=", name] };
	const fields = [
		{ fieldname: "target", fieldtype: "Link", options: "Stock Quota", label: __("Stock Quota"), reqd: 1,
			get_query: () => ({ filters: same_goods }) },
		{ fieldname: "qty", fieldtype: "Float", label: __("Quantity"), default: frm.doc.left_qty, reqd: 1 },
	];
	frappe.prompt(fields, (values) => act(frm, "move_quota", { source: name, ...values }), __("Move to Another Quota"));
}

async function act(frm, method, args) {
	await frappe.call({ method: `ec_erp.inventory.api.${method}`, args });
	frm.reload_doc();
}
