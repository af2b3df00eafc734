frappe.provide("book_club");

book_club.available = (book) => book.copies - book.lent;
