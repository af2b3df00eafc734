// Delivery Cycle: skipping, postponing and stopping deliveries, making the orders that are due, paying back.

frappe.ui.form.on("Delivery Cycle", {
	refresh(frm) {
		if (frm.doc.status === "Active" && frappe.model.can_submit("Sales Order")) {
			frm.add_custom_button(__("Skip a Delivery"), () => skip_delivery(frm));
			frm.add_custom_button(__("Postpone a Delivery"), () => postpone_delivery(frm));
			frm.add_custom_button(__("Make Due Orders"), () => act_on_cycle(frm, "make_deliveries", { names: [frm.doc.name] }));
			frm.add_custom_button(__("Stop Deliveries"), () => stop_deliveries(frm));
		}
		if (frm.doc.refund_amount && frappe.model.can_create("Payment Entry")) {
			frm.add_custom_button(__("Pay Back"), () => pay_back(frm));
		}
	},
});

// The deliveries that have no order yet, as the options of a field.
function planned_field(frm) {
	const planned = frm.doc.turns.filter((turn) => turn.state === "Planned");
	const label = (turn) => `${turn.number}: ${frappe.datetime.str_to_user(turn.due_date)}`;
	const options = planned.map((turn) => ({ value: String(turn.number), label: label(turn) }));
	return { fieldname: "number", fieldtype: "Select", label: __("Delivery Number"), options, default: options[0].value, reqd: 1 };
}

function why_field(needed) {
	return { fieldname: "note", fieldtype: "Small Text", label: __("Why"), reqd: needed ? 1 : 0 };
}

function skip_delivery(frm) {
	const skip = (values) => act_on_cycle(frm, "skip_delivery", { name: frm.doc.name, ...values });
	frappe.prompt([planned_field(frm), why_field(false)], skip, __("Skip a Delivery"));
}

function postpone_delivery(frm) {
	const day = { fieldname: "day", fieldtype: "Date", label: __("New Day"), reqd: 1 };
	const postpone = (values) => act_on_cycle(frm, "postpone_delivery", { name: frm.doc.name, ...values });
	frappe.prompt([planned_field(frm), day, why_field(false)], postpone, __("Postpone a Delivery"));
}

function stop_deliveries(frm) {
	const stop = (values) => act_on_cycle(frm, "stop_deliveries", { name: frm.doc.name, ...values });
	frappe.prompt([why_field(true)], stop, __("Stop Deliveries"));
}

async function act_on_cycle(frm, action, args) {
	await frappe.call({ method: `ec_erp.orders.cycle_api.${action}`, args, freeze: true });
	frm.reload_doc();
}

async function pay_back(frm) {
	const args = { name: frm.doc.name };
	const { message } = await frappe.call({ method: "ec_erp.orders.cycle_api.make_refund", args, freeze: true });
	frappe.set_route("Form", "Payment Entry", message);
}
