// Product: the matrix of its variants.

frappe.ui.form.on("Product", {
	refresh(frm) {
		if (frm.is_new()) {
			return;
		}
		frm.add_custom_button(__("Make Variants"), async () => {
			await frm.call("make_variants");
			frappe.set_route("List", "SKU", { product: frm.doc.name });
		});
	},
});
