// Purchase Order: choices that fit, and what comes next. Its rows: public/js/order_rows.js, which the hook `doctype_js` adds.

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
		frm.add_custom_button(
			__("Delivery Appointment"),
			() => frappe.model.open_mapped_doc({ method: "ec_erp.purchasing.api.make_delivery_appointment", frm }),
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

// The panel beside the line that is being typed: public/js/line_panel.js, which the hook `doctype_js` adds.
frappe.ui.form.on("Purchase Order", {
	onload(frm) {
		ec_erp.line_panel.show(frm, { party: "supplier", title: __("Last bought") });
	},
});
