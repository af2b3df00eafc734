// A page of a print that was opened to be printed at once.
addEventListener('load', () => window.print());
