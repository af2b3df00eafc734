// Delivery Appointment: who comes when, as a calendar.

frappe.views.calendar["Delivery Appointment"] = {
	field_map: { start: "begins_at", end: "ends_at", id: "name", title: "supplier" },
	get_events_method: "frappe.desk.calendar.get_events",
};
