// What shops show of a SKU beyond what there is, on the forms where people look at its stock; it follows what shops confirm.

window.ec_erp_show_exposure = async function (frm, sku, company) {
	if (!frappe.model.can_read("Stock Push")) {
		return;
	}
	const args = { sku, company, every: 1 };
	const { message } = await frappe.call({ method: "ec_erp.channels.api.get_exposure", args });
	const rows = message || [];
	if (!rows.length) {
		return;
	}
	const sum = (field) => rows.reduce((total, row) => total + row[field], 0);
	frm.dashboard.add_indicator(__("Published: {0}", [sum("published")]), "blue");
	frm.dashboard.add_indicator(__("Exposure: {0}", [sum("exposure")]), sum("exposure") > 0 ? "orange" : "green");
	frm.add_custom_button(__("Publish Exposure"), () => frappe.set_route("query-report", "Publish Exposure", { sku, every: 1 }));
};

window.ec_erp_follow_exposure = function (frm) {
	frappe.realtime.doctype_subscribe("Stock Push");
	frappe.realtime.on("list_update", ({ doctype }) => {
		if (doctype === "Stock Push" && window.cur_frm === frm && !frm.is_dirty()) {
			frm.reload_doc();
		}
	});
};
