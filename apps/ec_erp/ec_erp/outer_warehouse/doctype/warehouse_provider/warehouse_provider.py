"""An outside provider that runs a warehouse (外仓服务商)."""

from frappe.model.document import Document

from ec_erp.outer_warehouse.flows import providing


class WarehouseProvider(Document):
    """An outside provider that runs a warehouse (外仓服务商)."""

    def validate(self) -> None:
        """Refuse settings that can't work; make a secret where there is none."""
        providing.check(self)
