// A background job's form: run again what failed, stop what is being done.
frappe.ui.form.on("RQ Job", {
	refresh(frm) {
		frm.disable_form();
		const ask = (method) =>
			frappe
				.call(`frappe.core.doctype.rq_job.rq_job.${method}`, { job_id: frm.doc.name })
				.then(() => frm.reload_doc());
		if (frm.doc.status === "failed") frm.add_custom_button(__("Retry"), () => ask("retry_job"));
		if (frm.doc.status === "started") frm.add_custom_button(__("Stop"), () => ask("stop_job"));
	},
});
