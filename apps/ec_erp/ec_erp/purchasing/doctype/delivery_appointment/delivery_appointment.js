// Delivery Appointment: choices that fit, goods of purchase orders, free slots, and what the warehouse does with it.

frappe.ui.form.on("Delivery Appointment", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, disabled: 0 } });
		frm.set_query("warehouse", of_company);
		frm.set_query("dock_slot", () => ({ filters: { warehouse: frm.doc.warehouse, disabled: 0 } }));
		frm.set_query("supplier", () => ({ filters: { disabled: 0 } }));
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("purchase_order", "items", () => ({ filters: expected_orders(frm) }));
	},

	refresh(frm) {
		if (frm.doc.docstatus === 0) {
			frm.add_custom_button(__("Get Goods of an Order"), () => ask_for_order(frm));
			frm.add_custom_button(__("Choose a Free Slot"), () => choose_slot(frm));
		}
		if (frm.doc.docstatus === 1) {
			add_decisions(frm);
		}
	},

	async dock_slot(frm) {
		if (frm.doc.dock_slot) {
			const { message: slot } = await frappe.db.get_value("Dock Slot", frm.doc.dock_slot, ["from_time", "to_time"]);
			await frm.set_value({ from_time: slot.from_time, to_time: slot.to_time });
		}
	},
});

function expected_orders(frm) {
	const filters = { docstatus: 1, status: ["in", ["Approved", "Part Received"]] };
	return frm.doc.supplier ? { ...filters, supplier: frm.doc.supplier } : filters;
}

function ask_for_order(frm) {
	const order = {
		fieldname: "order",
		fieldtype: "Link",
		options: "Purchase Order",
		label: __("Purchase Order"),
		reqd: 1,
		get_query: () => ({ filters: expected_orders(frm) }),
	};
	frappe.prompt([order], (values) => add_goods(frm, values.order), __("Get Goods of an Order"));
}

async function add_goods(frm, order) {
	const args = { order, appointment: frm.is_new() ? "" : frm.doc.name };
	const { message: rows } = await frappe.call({ method: "ec_erp.purchasing.api.get_open_lines", args });
	const known = new Set((frm.doc.items || []).map((row) => row.purchase_order_item));
	const kept = (frm.doc.items || []).filter((row) => row.sku);
	if (kept.length !== (frm.doc.items || []).length) {
		frm.doc.items = kept; // the empty row that a new form begins with
	}
	for (const row of rows.filter((one) => !known.has(one.purchase_order_item))) {
		frm.add_child("items", row);
	}
	frm.refresh_field("items");
	if (!frm.doc.supplier) {
		const { message: head } = await frappe.db.get_value("Purchase Order", order, ["supplier", "company", "warehouse"]);
		await frm.set_value({ supplier: head.supplier, company: head.company, warehouse: frm.doc.warehouse || head.warehouse });
	}
}

async function choose_slot(frm) {
	if (!frm.doc.warehouse) {
		frappe.msgprint(__("Choose a warehouse first"));
		return;
	}
	const cartons = (frm.doc.items || []).reduce((total, row) => total + flt(row.cartons), 0);
	const args = { warehouse: frm.doc.warehouse, day: frm.doc.appointment_date, cartons };
	const { message: free } = await frappe.call({ method: "ec_erp.purchasing.api.get_free_slots", args });
	if (!free.length) {
		frappe.msgprint(__("No slot of {0} is free in the next two weeks", [frm.doc.warehouse]));
		return;
	}
	const label = (one) => `${one.day} ${one.from_time.slice(0, 5)}–${one.to_time.slice(0, 5)} ${one.dock_slot}`;
	const choice = { fieldname: "slot", fieldtype: "Select", label: __("Dock Slot"), options: free.map(label).join("\n"), reqd: 1 };
	const take = ({ slot }) => {
		const chosen = free.find((one) => label(one) === slot);
		return frm.set_value({ appointment_date: chosen.day, dock_slot: chosen.dock_slot });
	};
	frappe.prompt([choice], take, __("Choose a Free Slot"));
}

// Only what the state allows stands here; the server checks it again.
function add_decisions(frm) {
	const { status } = frm.doc;
	if (frm.has_perm("submit") && status === "Waiting") {
		frm.add_custom_button(__("Confirm"), () => act(frm, "confirm_appointments", {}));
	}
	if (frm.has_perm("submit") && ["Waiting", "Confirmed"].includes(status)) {
		frm.add_custom_button(__("Reject"), () => {
			const reason = { fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 };
			frappe.prompt([reason], (values) => act(frm, "reject_appointments", { reason: values.reason }), __("Reject"));
		});
	}
	if (frm.has_perm("submit") && status === "Confirmed" && !frm.doc.arrived_at) {
		frm.add_custom_button(__("Has Arrived"), () => act(frm, "arrive_with_appointments", {}));
	}
	if (["Confirmed", "Received"].includes(status) && frappe.model.can_create("Purchase Receipt")) {
		frm.add_custom_button(__("Purchase Receipt"), () => make_receipts(frm), __("Create"));
	}
}

async function act(frm, method, args) {
	await frappe.call({ method: `ec_erp.purchasing.api.${method}`, args: { names: [frm.doc.name], ...args } });
	frm.reload_doc();
}

async function make_receipts(frm) {
	const method = "ec_erp.purchasing.api.make_receipts_of_appointment";
	const { message: names } = await frappe.call({ method, args: { name: frm.doc.name } });
	if (names.length === 1) {
		frappe.set_route("Form", "Purchase Receipt", names[0]);
	} else {
		frappe.set_route("List", "Purchase Receipt", { name: ["in", names] });
	}
}
