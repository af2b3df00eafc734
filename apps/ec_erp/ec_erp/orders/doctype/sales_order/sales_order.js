// Sales Order: choices that fit, what comes next and why, and the actions of each status.
// Its rows: public/js/order_rows.js, which the hook `doctype_js` adds.

frappe.ui.form.on("Sales Order", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, disabled: 0 } });
		frm.set_query("warehouse", of_company);
		frm.set_query("warehouse", "items", of_company);
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("shop", () => ({ filters: { enabled: 1 } }));
		frm.set_query("charge_type", "charges", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		show_explanation(frm);
		show_instalments(frm);
		show_profit_terms(frm);
		if (frm.doc.docstatus === 1) {
			add_actions(frm);
		}
		if (frm.doc.docstatus > 0 && frm.has_perm("create")) {
			frm.add_custom_button(__("Copy as Draft"), () => make_of(frm, "copy_order"), __("Actions"));
		}
		if (frm.doc.docstatus === 2 && frm.has_perm("submit")) {
			frm.add_custom_button(__("Bring Back"), () => bring_back(frm), __("Actions"));
		}
	},

	async shop(frm) {
		if (!frm.doc.shop) {
			return;
		}
		const fields = ["company", "currency", "default_customer"];
		const { message: shop } = await frappe.db.get_value("Shop", frm.doc.shop, fields);
		await frm.set_value({ company: shop.company, currency: shop.currency });
		if (!frm.doc.customer) {
			await frm.set_value("customer", shop.default_customer);
		}
	},

	price_list: ask_prices_again,
	customer: ask_prices_again,

	async company(frm) {
		const { message: company } = await frappe.db.get_value("Company", frm.doc.company, "default_currency");
		await frm.set_value("currency", company.default_currency);
	},
});

async function ask_prices_again(frm) {
	for (const row of frm.doc.items || []) {
		if (row.sku && row.price_origin && frm.doc.docstatus === 0) {
			await ec_erp.order_rows.show_price(frm, row);
		}
	}
}

const BEFORE_WAREHOUSE = ["Unpaid", "Preorder", "To Process", "To Audit", "To Finance Audit", "Audited"];
const WAREHOUSE = ["To Ship", "Picking", "Packed"];
const FINANCE = ["Accountant", "EC Manager", "System Manager"];

// Only what the status allows and the person may do stands here; the server checks both again.
function add_actions(frm) {
	const handles = frm.has_perm("submit");
	if (handles) {
		add_main_action(frm);
		add_stopping(frm);
		add_warehouse_actions(frm);
		add_changes(frm);
	}
	if ([...BEFORE_WAREHOUSE, "To Ship"].includes(frm.doc.status) && (handles || frappe.user.has_role("Warehouse Staff"))) {
		on_actions(frm, __("Change Carrier"), () => change_carrier(frm));
	}
	add_finance_actions(frm);
	add_reason_actions(frm);
}

function on_actions(frm, label, run) {
	frm.add_custom_button(label, run, __("Actions"));
}

function add_main_action(frm) {
	const { status, payment_type, payment_state } = frm.doc;
	const main = {
		Unpaid: [__("Mark as Paid"), "pay_orders"],
		Preorder: [__("Mark as Paid"), "pay_orders"],
		"To Audit": [__("Release"), "audit_orders"],
	}[status];
	if (main && !(status === "Preorder" && payment_state === "Paid")) {
		frm.add_custom_button(main[0], () => act(frm, main[1]));
	}
	if (status === "Unpaid" && payment_type === "Deposit") {
		on_actions(frm, __("Mark Deposit as Paid"), () => act(frm, "pay_deposits"));
	}
	if (status === "Preorder" && !frm.doc.presale_released) {
		on_actions(frm, __("Release Presale"), () => act(frm, "release_presale"));
	}
}

function add_stopping(frm) {
	const { status, stock_state } = frm.doc;
	if (["To Process", "To Audit", "To Finance Audit", "Audited"].includes(status)) {
		on_actions(frm, __("Process Again"), () => act(frm, "process_orders"));
	}
	if (![...BEFORE_WAREHOUSE, ...WAREHOUSE].includes(status)) {
		return;
	}
	if (["Part Reserved", "Not Reserved"].includes(stock_state)) {
		on_actions(frm, __("Reserve Missing Stock"), () => act(frm, "reserve_missing"));
	}
	on_actions(frm, __("Take Out Refunded"), () => take_out_refunded(frm));
	if ((frm.doc.blocks || []).some((row) => row.code === "Gift Wrong")) {
		on_actions(frm, __("Take Out Unearned Gifts"), () => ask_why(frm, __("Take Out Unearned Gifts"), "take_out_gifts"));
	}
	if ((frm.doc.blocks || []).some((row) => row.code === "Address Changed")) {
		on_actions(frm, __("Take Over the New Address"), () => take_over_address(frm));
	}
	on_actions(frm, __("Stop"), () => ask_why(frm, __("Stop"), "block_orders"));
}

function add_warehouse_actions(frm) {
	const status = frm.doc.status;
	if (WAREHOUSE.includes(status)) {
		on_actions(frm, __("Recall"), () => ask_why(frm, __("Recall"), "recall_orders"));
	}
	if (["Shipped", "Done"].includes(status)) {
		on_actions(frm, __("Send Again"), () => send_again(frm));
	}
}

function add_changes(frm) {
	const { status, origin, sealed } = frm.doc;
	const rows = frm.doc.items || [];
	if (status === "Split" && !frm.doc.delivery_cycle) {
		on_actions(frm, __("Undo the Split"), () => act_on_one(frm, "undo_split"));
	}
	if (!BEFORE_WAREHOUSE.includes(status)) {
		return;
	}
	if (origin === "Merge") {
		on_actions(frm, __("Undo the Merge"), () => undo_merge(frm));
	}
	if (["To Process", "To Audit"].includes(status) && !sealed && (rows.length > 1 || rows.some((row) => flt(row.qty) > 1))) {
		on_actions(frm, __("Split Off Lines"), () => split_off(frm));
	}
	on_actions(frm, __("Edit Lines"), () => edit_lines(frm));
	on_actions(frm, __("Change the Order Type"), () => convert(frm));
	on_actions(frm, __("Edit Receiver"), () => edit_receiver(frm));
	on_actions(frm, __("Change Warehouse"), () => change_warehouse(frm));
}

function add_finance_actions(frm) {
	const { status, payment_state } = frm.doc;
	const is_finance = frappe.user.has_role(FINANCE);
	if (status === "To Finance Audit" && is_finance) {
		frm.add_custom_button(__("Finance Audit"), () => act(frm, "finance_audit_orders"));
	}
	if (["Shipped", "Done"].includes(status) && payment_state === "Collect" && is_finance) {
		const field = { fieldname: "reference", fieldtype: "Data", label: __("Payment Reference") };
		const collect = () => frappe.prompt([field], (values) => act(frm, "collect_payments", values), __("Payment Collected"));
		on_actions(frm, __("Payment Collected"), collect);
	}
	if (payment_state === "On Account" && status !== "Cancelled" && is_finance) {
		on_actions(frm, __("Agree on Instalments"), () => agree_instalments(frm));
	}
	add_archive(frm);
	if (WAREHOUSE.includes(status) && !frm.doc.is_blocked && frappe.model.can_create("Delivery Note")) {
		frm.add_custom_button(__("Delivery Note"), () => open_delivery(frm), __("Create"));
	}
}

function add_archive(frm) {
	if (frm.doc.archived) {
		on_actions(frm, __("Bring Back from the Archive"), () => act(frm, "bring_back_orders"));
	} else if (["Done", "Cancelled", "Merged", "Split"].includes(frm.doc.status)) {
		on_actions(frm, __("Archive"), () => act(frm, "archive_orders"));
	}
}

// The draft that was made on release, where there is one: a second one would deliver the same goods.
async function open_delivery(frm) {
	const filters = { sales_order: frm.doc.name, docstatus: 0, is_return: 0, stage: ["!=", "To Put Back"] };
	const { message: draft } = await frappe.db.get_value("Delivery Note", filters, "name");
	if (draft && draft.name) {
		frappe.set_route("Form", "Delivery Note", draft.name);
		return;
	}
	frappe.model.open_mapped_doc({ method: "ec_erp.fulfilment.api.make_delivery_note", frm });
}

// Who handles orders may take reasons off, those of finance are finance's; others those that are theirs to decide.
function add_reason_actions(frm) {
	const told = (frm.doc.__onload && frm.doc.__onload.explanation) || { exceptions: [] };
	const reasons = told.exceptions.filter((reason) => reason.mine);
	if (![...BEFORE_WAREHOUSE, ...WAREHOUSE].includes(frm.doc.status) || !reasons.length) {
		return;
	}
	const options = reasons.map((reason) => ({ value: reason.reason, label: reason.code }));
	const fields = [
		{ fieldname: "code", fieldtype: "Select", label: __("Exception"), options, default: options[0].value, reqd: 1 },
		{ fieldname: "note", fieldtype: "Small Text", label: __("Why"), reqd: 1 },
	];
	const let_go = (values) => act(frm, "unblock_orders", values);
	on_actions(frm, __("Let Go On"), () => frappe.prompt(fields, let_go, __("Let Go On")));
}

function send_again(frm) {
	const fields = [
		{ fieldname: "reason", fieldtype: "Small Text", label: __("Why"), reqd: 1 },
		{ fieldname: "lines_section", fieldtype: "Section Break", label: __("Quantities (none: all that has left)") },
		...quantity_fields(frm),
	];
	const send = async ({ reason, ...quantities }) => {
		const args = { name: frm.doc.name, reason, lines: chosen_quantities(quantities) };
		const { message } = await frappe.call({ method: "ec_erp.orders.api.resend_order", args, freeze: true });
		frappe.set_route("Form", "Sales Order", Object.keys(message)[0]);
	};
	frappe.prompt(fields, send, __("Send Again"));
}

function quantity_fields(frm) {
	return frm.doc.items.map((row) => ({
		fieldname: row.name,
		fieldtype: "Float",
		label: `${row.sku} ${row.sku_name || ""} (${row.qty})`,
		default: 0,
	}));
}

function chosen_quantities(values) {
	return Object.fromEntries(Object.entries(values).filter(([, qty]) => flt(qty) > 0));
}

async function act(frm, action, args = {}) {
	await frappe.call({
		method: `ec_erp.orders.api.${action}`,
		args: { names: [frm.doc.name], ...args },
		freeze: true,
	});
	frm.reload_doc();
}

async function act_on_one(frm, action, args = {}) {
	await frappe.call({ method: `ec_erp.orders.api.${action}`, args: { name: frm.doc.name, ...args }, freeze: true });
	frm.reload_doc();
}

function split_off(frm) {
	const split = async (values) => {
		const args = { name: frm.doc.name, lines: chosen_quantities(values) };
		await frappe.call({ method: "ec_erp.orders.api.split_order", args, freeze: true });
		frappe.set_route("List", "Sales Order", { split_from: frm.doc.name });
	};
	frappe.prompt(quantity_fields(frm), split, __("Split Off Lines"));
}

async function make_of(frm, action, args = {}) {
	const call = { method: `ec_erp.orders.api.${action}`, args: { name: frm.doc.name, ...args }, freeze: true };
	const { message } = await frappe.call(call);
	frappe.set_route("Form", "Sales Order", typeof message === "string" ? message : Object.keys(message)[0]);
}

function bring_back(frm) {
	const field = { fieldname: "note", fieldtype: "Small Text", label: __("Why"), reqd: 1 };
	frappe.prompt([field], (values) => make_of(frm, "restore_order", values), __("Bring Back"));
}

function convert(frm) {
	const again = "eval:doc.order_type !== 'Sale'";
	const types = ["Sale", "Resend", "Replacement"].filter((type) => type !== frm.doc.order_type);
	const of_buyer = { customer: frm.doc.customer, company: frm.doc.company, docstatus: 1, delivered_percent: [">", 0] };
	const fields = [
		{ fieldname: "order_type", fieldtype: "Select", label: __("Order Type"), options: types, default: types[0], reqd: 1 },
		{
			fieldname: "original",
			fieldtype: "Link",
			options: "Sales Order",
			label: __("Resend Of"),
			depends_on: again,
			mandatory_depends_on: again,
			get_query: () => ({ filters: of_buyer }),
		},
		{ fieldname: "note", fieldtype: "Small Text", label: __("Why"), reqd: 1 },
	];
	frappe.prompt(fields, (values) => act_on_one(frm, "convert_order", values), __("Change the Order Type"));
}

function take_out_refunded(frm) {
	const why = { fieldname: "note", fieldtype: "Small Text", label: __("Why"), reqd: 1 };
	const take_out = ({ note, ...values }) => act_on_one(frm, "refund_lines", { lines: chosen_quantities(values), note });
	frappe.prompt([why, ...quantity_fields(frm)], take_out, __("Take Out Refunded"));
}

async function undo_merge(frm) {
	const args = { name: frm.doc.name };
	const { message: back } = await frappe.call({ method: "ec_erp.orders.api.undo_merge", args, freeze: true });
	frappe.set_route("List", "Sales Order", { name: ["in", Object.keys(back)] });
}

// Quantities, and prices for those who may change them; a row without quantity goes, one SKU may come in.
function edit_lines(frm) {
	const prices = frappe.user.has_role(["EC Manager", "System Manager"]);
	const head = (row) => `${row.idx}. ${row.sku || ""} ${row.sku_name || ""}`;
	const fields = frm.doc.items.flatMap((row) => [
		{ fieldname: `row_${row.idx}`, fieldtype: "Section Break", label: head(row) },
		{ fieldname: `qty_${row.idx}`, fieldtype: "Float", label: __("Quantity (0 takes it out)"), default: row.qty },
		{ fieldname: `column_${row.idx}`, fieldtype: "Column Break" },
		{ fieldname: `rate_${row.idx}`, fieldtype: "Float", label: __("Price"), default: row.rate, read_only: prices ? 0 : 1 },
	]);
	const added = [
		{ fieldname: "new_section", fieldtype: "Section Break", label: __("Add a SKU") },
		{ fieldname: "new_sku", fieldtype: "Link", options: "SKU", label: __("SKU"), get_query: () => ({ filters: { disabled: 0 } }) },
		{ fieldname: "new_column", fieldtype: "Column Break" },
		{ fieldname: "new_qty", fieldtype: "Float", label: __("Quantity"), default: 1 },
		{ fieldname: "why_section", fieldtype: "Section Break" },
		{ fieldname: "note", fieldtype: "Small Text", label: __("Why") },
	];
	const save = (values) => edit(frm, {}, values.note, changed_lines(frm, values));
	frappe.prompt([...fields, ...added], save, __("Edit Lines"));
}

function changed_lines(frm, values) {
	const lines = [];
	for (const row of frm.doc.items) {
		const line = { name: row.name };
		for (const field of ["qty", "rate"]) {
			const value = values[`${field}_${row.idx}`];
			if (value !== undefined && value !== null && flt(value) !== flt(row[field])) {
				line[field] = flt(value);
			}
		}
		if (Object.keys(line).length > 1) {
			lines.push(line);
		}
	}
	return values.new_sku ? [...lines, { sku: values.new_sku, qty: flt(values.new_qty) || 1 }] : lines;
}

function ask_why(frm, title, action) {
	const field = { fieldname: "note", fieldtype: "Small Text", label: __("Why"), reqd: 1 };
	frappe.prompt([field], (values) => act(frm, action, values), title);
}

function edit_receiver(frm) {
	const parts = ["name", "phone", "province", "city", "district", "address"];
	const fields = parts.map((part) => {
		const fieldname = `receiver_${part}`;
		const meta = frm.meta.fields.find((field) => field.fieldname === fieldname);
		return { fieldname, fieldtype: "Data", label: __(meta.label), default: frm.doc[fieldname] };
	});
	fields.push({ fieldname: "note", fieldtype: "Small Text", label: __("Why") });
	frappe.prompt(fields, ({ note, ...changes }) => edit(frm, changes, note), __("Edit Receiver"));
}

function change_warehouse(frm) {
	const field = {
		fieldname: "warehouse",
		fieldtype: "Link",
		options: "Warehouse",
		label: __("Warehouse"),
		reqd: 1,
		get_query: () => ({ filters: { company: frm.doc.company, disabled: 0 } }),
	};
	const note = { fieldname: "note", fieldtype: "Small Text", label: __("Why") };
	frappe.prompt([field, note], (values) => edit(frm, { warehouse: values.warehouse }, values.note), __("Change Warehouse"));
}

async function take_over_address(frm) {
	const args = { names: [frm.doc.name], code: "Address Changed" };
	const { message } = await frappe.call({ method: "ec_erp.orders.inbox_api.fix_exceptions", args, freeze: true });
	message.filter((row) => !row.done).forEach((row) => frappe.msgprint(frappe.utils.escape_html(row.message)));
	frm.reload_doc();
}

function change_carrier(frm) {
	const field = { fieldname: "carrier", fieldtype: "Link", options: "Carrier", label: __("Carrier"), reqd: 1 };
	const note = { fieldname: "note", fieldtype: "Small Text", label: __("Why") };
	const save = (values) => edit(frm, { carrier: values.carrier }, values.note);
	frappe.prompt([field, note], save, __("Change Carrier"));
}

async function edit(frm, changes, note, lines = []) {
	await frappe.call({
		method: "ec_erp.orders.api.edit_order",
		args: { name: frm.doc.name, changes, lines, note: note || "" },
		freeze: true,
	});
	frm.reload_doc();
}

// What is paid later, and when; overdue ones stand out.
function show_instalments(frm) {
	const rows = (frm.doc.__onload && frm.doc.__onload.instalments) || [];
	const text = (value) => frappe.utils.escape_html(String(value));
	const day = (row) =>
		row.due_date ? frappe.datetime.str_to_user(row.due_date) : __("{0} days after the shipment", [row.after_shipment_days]);
	const state = (row) => (row.overdue_days ? __("Overdue for {0} days", [row.overdue_days]) : __(row.status));
	const colour = (row) => (row.overdue_days ? "red" : row.status === "Paid" ? "green" : "orange");
	const money = (amount) => format_currency(amount, frm.doc.currency);
	const heads = [__("Number"), __("Due"), __("Amount"), __("Paid"), __("Outstanding"), __("Status")];
	const body = rows.map((row) => {
		const amounts = [row.amount, row.paid_amount, row.outstanding_amount].map((amount) => `<td>${text(money(amount))}</td>`);
		const pill = `<td><span class="indicator-pill ${colour(row)}">${text(state(row))}</span></td>`;
		return `<tr><td>${row.number}</td><td>${text(day(row))}</td>${amounts.join("")}${pill}</tr>`;
	});
	const head = heads.map((label) => `<th>${text(label)}</th>`).join("");
	const table = `<table class="table table-sm"><thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`;
	frm.get_field("instalments_table").$wrapper.html(rows.length ? table : "");
}

function agree_instalments(frm) {
	const known = (frm.doc.__onload && frm.doc.__onload.instalments) || [];
	const lines = known.map((row) => `${row.due_date || frappe.datetime.get_today()} ${row.amount}`).join("\n");
	const fields = [
		{
			fieldname: "lines",
			fieldtype: "Small Text",
			label: __("Day and amount, one instalment per line"),
			default: lines || `${frappe.datetime.get_today()} ${frm.doc.grand_total}`,
			reqd: 1,
		},
		{ fieldname: "note", fieldtype: "Small Text", label: __("Why") },
	];
	const agree = async (values) => {
		const parts = values.lines.split("\n").map((line) => line.trim().split(/\s+/)).filter((part) => part.length > 1);
		const rows = parts.map(([due_date, amount]) => ({ due_date, amount: flt(amount) }));
		const args = { name: frm.doc.name, rows, note: values.note || "" };
		await frappe.call({ method: "ec_erp.orders.instalment_api.agree_instalments", args, freeze: true });
		frm.reload_doc();
	};
	frappe.prompt(fields, agree, __("Agree on Instalments"));
}

// What the estimated profit is made of, below it; only who may see the profit is sent its terms.
function show_profit_terms(frm) {
	const terms = frm.doc.profit_terms ? JSON.parse(frm.doc.profit_terms) : {};
	const labels = {
		net_sales: __("Net Sales"),
		goods_cost: __("Goods Cost"),
		freight: __("Freight"),
		commission: __("Commission"),
		payment_fee: __("Payment Fee"),
	};
	const told = Object.keys(labels)
		.filter((term) => terms[term])
		.map((term) => `${labels[term]} ${format_currency(terms[term], frm.doc.currency)}`);
	frm.set_df_property("estimated_profit", "description", told.join(" · "));
}

function show_explanation(frm) {
	const told = frm.doc.__onload && frm.doc.__onload.explanation;
	if (!told || frm.is_new()) {
		return;
	}
	const who = told.role ? ` (${told.role})` : "";
	const promise = told.promise ? ` · ${__("Ship By")} ${frappe.datetime.str_to_user(told.promise.ship_by)}: ${told.promise.urgency}` : "";
	const urgent = told.promise && told.promise.colour === "red" ? "red" : told.colour;
	frm.set_intro(frappe.utils.escape_html(told.next + who + promise), urgent);
	const wrapper = frm.get_field("explanation").$wrapper;
	wrapper.html(exceptions_html(told.exceptions) + history_html(told.history));
}

function exceptions_html(exceptions) {
	const text = frappe.utils.escape_html;
	const rows = exceptions.map(
		(row) =>
			`<li><b>${text(row.code)}</b>: ${text(row.suggestion)} (${text(row.owner)})${row.note ? ` – ${text(row.note)}` : ""}</li>`,
	);
	return rows.length ? `<ul>${rows.join("")}</ul>` : "";
}

function history_html(history) {
	const text = frappe.utils.escape_html;
	const rows = history.map((entry) => {
		const why = entry.decisions
			.map((found) => `<div>${text(found.stage)}: ${text(found.what)}${reasons_html(found.why)}</div>`)
			.join("");
		const moment = frappe.datetime.str_to_user(entry.at);
		const what = [entry.kind, entry.code, entry.path].filter(Boolean).map(text).join(" · ");
		return `<tr><td>${text(moment)}</td><td>${text(entry.user || "")}</td><td>${what}${why}</td><td>${text(entry.note)}</td></tr>`;
	});
	const heads = [__("At"), __("By"), __("What"), __("Why")].map((head) => `<th>${head}</th>`).join("");
	return `<table class="table table-sm"><thead><tr>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function reasons_html(reasons) {
	return reasons.length ? `<ul>${reasons.map((why) => `<li>${frappe.utils.escape_html(why)}</li>`).join("")}</ul>` : "";
}

// The panel beside the line that is being typed: public/js/line_panel.js, which the hook `doctype_js` adds.
frappe.ui.form.on("Sales Order", {
	onload(frm) {
		ec_erp.line_panel.show(frm, { party: "shop", title: __("Last sold") });
	},
});
