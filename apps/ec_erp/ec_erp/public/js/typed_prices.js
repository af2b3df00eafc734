// Prices and totals of documents that the server prices while their rows are typed, as it will when they are saved.
frappe.provide("ec_erp.typed_prices");

// Evaluated with the script of each DocType that asks, but one state of questions is wanted.
if (!ec_erp.typed_prices.ask) {
	const WAIT_MS = 150; // rows change in bursts: a unit brings a quantity, which brings what is accepted

	// Ask when nothing has changed for a moment; undefined where a later question has taken this one's place.
	ec_erp.typed_prices.ask = async function (frm, method, make_args) {
		const question = (frm.price_question || 0) + 1;
		frm.price_question = question;
		await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
		if (question !== frm.price_question || frm.doc.docstatus !== 0) {
			return undefined;
		}
		const { message: found } = await frappe.call({ method, args: make_args() });
		return question === frm.price_question ? found : undefined;
	};

	ec_erp.typed_prices.tell = function (problems) {
		if (problems.length) {
			frappe.show_alert({ message: problems.join("<br>"), indicator: "orange" });
		}
	};
}
