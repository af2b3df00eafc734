// Customize Form: shows what a DocType is like as soon as it is chosen, and keeps what was changed.
frappe.ui.form.on("Customize Form", {
	onload(frm) {
		frm.disable_save();
	},

	refresh(frm) {
		frm.disable_save();
		if (!frm.doc.doc_type || !(frm.doc.fields || []).length) {
			return;
		}
		const doctype = frm.doc.doc_type;
		frm.page.set_primary_action(__("Save"), () => keep(frm));
		frm.add_custom_button(__("Open the list"), () => frappe.set_route("List", doctype));
		frm.add_custom_button(__("Back to the app's form"), () => {
			frappe.confirm(__("Take back all that was changed in the form of {0}?", [__(doctype)]), () => step(frm, "reset_to_defaults"));
		});
	},

	async doc_type(frm) {
		if (frm.doc.doc_type) {
			await step(frm, "fetch_to_customize");
		}
	},
});

async function keep(frm) {
	await step(frm, "save_customization");
	frappe.show_alert({ message: __("The form of {0} is changed", [__(frm.doc.doc_type)]), indicator: "green" });
}

async function step(frm, method) {
	await frm.call({ doc: frm.doc, method, freeze: true });
	frm.doc.__unsaved = 0; // nothing of this form is stored as such
	frm.refresh();
}
