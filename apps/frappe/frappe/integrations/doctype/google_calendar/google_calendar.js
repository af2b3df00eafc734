// A calendar at Google: let this site in, and fetch what changed there.
frappe.ui.form.on("Google Calendar", {
	refresh(frm) {
		if (frm.is_new() || !frm.doc.pull_from_google_calendar) return;
		frm.add_custom_button(__("Sync Calendar"), () =>
			frappe
				.call("frappe.integrations.doctype.google_calendar.google_calendar.sync", { g_calendar: frm.doc.name })
				.then((answer) => answer.message && frappe.show_alert(answer.message))
		);
	},
	authorize_google_calendar_access(frm) {
		frappe
			.call("frappe.integrations.doctype.google_calendar.google_calendar.authorize_access", {
				g_calendar: frm.doc.name,
			})
			.then((answer) => window.open(answer.message.url));
	},
});
