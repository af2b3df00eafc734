// Data Quality: choose a check to see what it has found; mend it by the proposals, after a look at them.

frappe.query_reports["Data Quality"] = {
	filters: [
		{
			fieldname: "check",
			label: __("Standing Check"),
			fieldtype: "Select",
			options: [
				"",
				"Duplicate Barcode",
				"Missing Weight",
				"Missing Tax Class",
				"Broken Combo",
				"Wrong Shelf Life",
				"Missing Cost",
				"No Supplier Price",
				"Unmapped Listing",
				"Odd Units per Item",
			],
		},
	],

	onload(report) {
		report.page.add_inner_button(__("Mend by Proposals"), () => mend(report));
	},
};

const MOST_SHOWN = 20;

// The documents whose rows are ticked; none: all that the check has found.
function ticked(report) {
	const rows = report.datatable.rowmanager.getCheckedRows();
	return rows.map((at) => report.datatable.datamanager.data[at].reference_name);
}

async function mend(report) {
	const check = report.get_values().check;
	if (!check) {
		frappe.msgprint(__("Choose a check first"));
		return;
	}
	const method = "ec_erp.catalog.api.mend_data";
	const { message: planned } = await frappe.call({ method, args: { check, names: ticked(report), preview: 1 } });
	if (!planned.length) {
		frappe.msgprint(__("Nothing here can be mended by itself: open the documents"));
		return;
	}
	const shown = planned.slice(0, MOST_SHOWN).map((row) => `${frappe.utils.escape_html(row.name)}: ${frappe.utils.escape_html(row.changed)}`);
	if (planned.length > MOST_SHOWN) {
		shown.push(__("and {0} more", [planned.length - MOST_SHOWN]));
	}
	frappe.confirm([__("{0} documents will be changed", [planned.length]), ...shown].join("<br>"), async () => {
		const { message: done } = await frappe.call({ method, args: { check, names: planned.map((row) => row.name) } });
		const failed = done.filter((row) => !row.done);
		frappe.msgprint(
			failed.length
				? failed.map((row) => `${frappe.utils.escape_html(row.name)}: ${frappe.utils.escape_html(row.message)}`).join("<br>")
				: __("{0} documents mended", [done.length]),
		);
		report.refresh();
	});
}
