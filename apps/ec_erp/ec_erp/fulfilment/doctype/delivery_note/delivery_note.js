// Delivery Note: choices that fit, and what comes next.

frappe.ui.form.on("Delivery Note", {
	setup(frm) {
		const of_company = () => ({ filters: { company: frm.doc.company, disabled: 0 } });
		frm.set_query("warehouse", of_company);
		frm.set_query("warehouse", "items", of_company);
		frm.set_query("sku", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("carrier", () => ({ filters: { disabled: 0 } }));
		frm.set_query("sales_order", () => ({ filters: { docstatus: 1, status: "To Ship" } }));
		frm.set_query("return_against", () => ({ filters: { docstatus: 1, is_return: 0, customer: frm.doc.customer } }));
	},

	refresh(frm) {
		show_next_step(frm);
		if (frm.doc.checked && !frm.doc.is_return) {
			frm.add_custom_button(__("Recording of the Check"), () => open_recording(frm), __("View"));
		}
		if (frm.doc.docstatus !== 1) {
			return;
		}
		if (!frm.doc.is_return && frm.doc.status !== "Returned") {
			frm.add_custom_button(
				__("Return"),
				() => frappe.model.open_mapped_doc({ method: "ec_erp.fulfilment.api.make_return", frm }),
				__("Create"),
			);
		}
		for (const ledger of ["Stock Ledger Entry", "GL Entry"]) {
			const open = () => frappe.set_route("List", ledger, { voucher_no: frm.doc.name });
			frm.add_custom_button(__(ledger), open, __("View"));
		}
	},
});

async function open_recording(frm) {
	const args = { name: frm.doc.name };
	const { message: link } = await frappe.call({ method: "ec_erp.fulfilment.api.get_check_video", args });
	if (link) {
		window.open(link, "_blank", "noopener");
	} else {
		const message = __("No recording is known: the Fulfilment Settings say where recordings are");
		frappe.show_alert({ message, indicator: "orange" });
	}
}

// What the warehouse does next with a draft.
const NEXT_STEPS = {
	"To Wave": [__("Make Wave"), "make_wave"],
	Checked: [__("Pack"), "pack"],
	Packed: [__("Hand Over"), "ship"],
	"To Put Back": [__("Goods Are Put Back"), "put_back"],
};

function show_next_step(frm) {
	const step = frm.doc.docstatus === 0 && NEXT_STEPS[frm.doc.stage];
	if (!step) {
		return;
	}
	const [label, method] = step;
	frm.add_custom_button(label, async () => {
		if (method === "pack") {
			return ask_for_carton(frm);
		}
		await frappe.call({ method: `ec_erp.fulfilment.api.${method}`, args: { names: [frm.doc.name] } });
		if (method === "put_back") {
			frappe.set_route("List", "Delivery Note");
		} else {
			frm.reload_doc();
		}
	});
}

// Show the cartons that are recommended; one that the packer names takes their place.
async function ask_for_carton(frm) {
	const { message: parcels } = await frappe.call({
		method: "ec_erp.fulfilment.api.recommend_packages",
		args: { name: frm.doc.name },
	});
	const pack = async (packages = {}) => {
		await frappe.call({ method: "ec_erp.fulfilment.api.pack", args: { names: [frm.doc.name], packages } });
		frm.reload_doc();
	};
	if (!parcels.some((parcel) => parcel.why)) {
		return pack();
	}
	const shown = parcels.map((parcel) => `${parcel.goods}: ${parcel.why}`).join("; ");
	const carton = {
		fieldname: "carton",
		fieldtype: "Link",
		options: "SKU",
		label: __("Another Carton"),
		description: shown,
		get_query: () => ({ filters: { is_package: 1, disabled: 0 } }),
	};
	frappe.prompt([carton], (values) => pack(values.carton ? { [frm.doc.name]: values.carton } : {}), __("Pack"), __("Pack"));
}
