// The list of background jobs: run the chosen ones again, forget those that failed.
frappe.listview_settings["RQ Job"] = {
	hide_name_column: true,
	onload(listview) {
		const call = (method, args) =>
			frappe.call(`frappe.core.doctype.rq_job.rq_job.${method}`, args).then(() => listview.refresh());
		listview.page.add_actions_menu_item(__("Retry"), () =>
			Promise.all(listview.get_checked_items(true).map((job_id) => call("retry_job", { job_id })))
		);
		listview.page.add_inner_button(__("Remove failed jobs"), () => call("remove_failed_jobs", {}));
	},
};
