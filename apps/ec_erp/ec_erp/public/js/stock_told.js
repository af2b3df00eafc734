// What a shop is to show of a listing, why, and what it was told last.

window.ec_erp_explain_stock = async function (listing) {
	const { message: told } = await frappe.call({ method: "ec_erp.channels.api.explain_stock", args: { listing } });
	const escape = frappe.utils.escape_html;
	const lines = told.why.map((why) => `<li>${escape(why)}</li>`).join("");
	const head = [__("Sent At"), __("Kind"), __("To Show"), __("Change"), __("Status"), __("Answer of the Shop")];
	const rows = told.told.map((one) => [one.sent_at.slice(0, 19), one.kind, one.qty, one.change, one.status, one.message || ""]);
	const cells = (row, tag) => `<tr>${row.map((value) => `<${tag}>${escape(String(value))}</${tag}>`).join("")}</tr>`;
	const table = rows.length
		? `<h5>${__("Told Last")}</h5><table class="table table-bordered">${cells(head, "th")}${rows.map((row) => cells(row, "td")).join("")}</table>`
		: "";
	frappe.msgprint({ title: __("To publish: {0}", [told.qty]), message: `<ul>${lines}</ul>${table}` });
};
