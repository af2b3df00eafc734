// Stock Counts: a count that is not booked yet shows how far the counting is.

frappe.listview_settings["Stock Count"] = {
	has_indicator_for_draft: true,
};
