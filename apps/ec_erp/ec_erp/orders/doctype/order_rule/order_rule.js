// Order Rule: trying rules out, rehearsing and publishing them.

frappe.ui.form.on("Order Rule", {
	refresh(frm) {
		if (frm.is_new()) {
			return;
		}
		frm.add_custom_button(__("Try on an Order"), () => try_rules());
		frm.add_custom_button(__("Rehearse"), () => frappe.new_doc("Rule Rehearsal"));
		if (frm.doc.publish_state !== "Published") {
			frm.set_intro(__("Orders do not follow this yet: publish the rules"), "orange");
			frm.add_custom_button(__("Publish"), () => ec_erp.publish_rules(() => frm.reload_doc()));
		}
	},
});

function try_rules() {
	const field = { fieldname: "order", fieldtype: "Link", options: "Sales Order", label: __("Sales Order"), reqd: 1 };
	frappe.prompt(
		[field],
		async (values) => {
			const { message } = await frappe.call({ method: "ec_erp.orders.rules_api.try_rules", args: values });
			const text = frappe.utils.escape_html;
			const rows = message.outcome.map(
				(row) => `<tr><td>${text(row.part)}</td><td>${text(row.what)}</td><td>${row.why.map(text).join("<br>")}</td></tr>`,
			);
			frappe.msgprint({ title: __("Try on an Order"), message: `<table class="table">${rows.join("")}</table>` });
		},
		__("Try on an Order"),
	);
}
