// A background job's form: run again what failed, stop what is being done.
frappe.ui.form.on("RQ Job", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.status === "failed") {
			frm.add_custom_button(__("Retry"), () => frm.call("retry_job").then(() => frm.reload_doc()));
		}
		if (frm.doc.status === "started") {
			frm.add_custom_button(__("Stop"), () => frm.call("stop_job").then(() => frm.reload_doc()));
		}
	},
});
