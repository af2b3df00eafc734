// Publishing the rules of orders: what changes is shown first, because all rules are published together.

frappe.provide("ec_erp");

ec_erp.publish_rules = async function (done) {
	const { message: changes } = await frappe.call({ method: "ec_erp.orders.rules_api.get_pending_changes" });
	if (!changes.length) {
		frappe.msgprint(__("Nothing has changed since the rules were published"));
		return;
	}
	const list = changes.map((change) => `<li>${frappe.utils.escape_html(change)}</li>`).join("");
	const fields = [
		{ fieldname: "changes", fieldtype: "HTML", options: `<p>${__("All of this is published together:")}</p><ul>${list}</ul>` },
		{ fieldname: "note", fieldtype: "Data", label: __("Note") },
	];
	const send = async ({ note }) => {
		const call = { method: "ec_erp.orders.rules_api.publish_rules", args: note ? { note } : {}, freeze: true };
		const { message: version } = await frappe.call(call);
		done(version);
	};
	frappe.prompt(fields, send, __("Publish"), __("Publish"));
};
