// Before a warehouse, zone, bin or SKU is disabled: what stands in the way is told with links while the box is ticked, not when it
// is saved; where goods would be frozen, the user is asked.
"use strict";

(function () {
	const FROZEN = { "Storage Bin": "bin" };

	async function ask(frm) {
		if (!frm.doc.disabled || frm.is_new()) {
			return;
		}
		const leave_on = () => frm.set_value("disabled", 0);
		const args = { doctype: frm.doctype, name: frm.doc.name };
		const { message } = await frappe.call({ method: "ec_erp.documents.api.get_in_use", args });
		if (message?.length) {
			await leave_on();
			const rows = message.map((text) => `<p>${text}</p>`).join("");
			frappe.msgprint({ title: __("Still in use"), message: rows, indicator: "orange" });
			return;
		}
		const lying = FROZEN[frm.doctype] ? await frappe.db.count("Bin Balance", { filters: { bin: frm.doc.name, on_hand: ["!=", 0] } }) : 0;
		if (lying) {
			const sure = __("Goods lie in {0} ({1} kinds). They stay there but can't be sold until it is enabled again. Disable it?", [
				frm.doc.name,
				lying,
			]);
			frappe.confirm(sure, () => {}, leave_on);
		}
	}

	for (const doctype of ["Warehouse", "Warehouse Zone", "Storage Bin", "SKU"]) {
		if (!(window.ec_erp_asks_before_disabling ??= new Set()).has(doctype)) {
			window.ec_erp_asks_before_disabling.add(doctype);
			frappe.ui.form.on(doctype, { disabled: ask });
		}
	}
})();
