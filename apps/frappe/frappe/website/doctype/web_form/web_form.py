"""Controller of the DocType Web Form."""

import re

from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists


class WebForm(Document):
    """A form on the public site that makes or edits documents."""

    def autoname(self) -> None:
        """Name a form as it stands in an address: the words of its title joined by hyphens."""
        words = re.sub(r"[^\w]+", "-", self.title.lower()).strip("-")
        self.name = append_number_if_name_exists("Web Form", words, separator="-")
