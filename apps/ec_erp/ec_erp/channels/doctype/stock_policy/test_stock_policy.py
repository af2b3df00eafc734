"""Stock policies: one for each scope, and each for what exists."""

from ec_erp.documents.errors import DocumentRefused
from ec_erp.testing import TradeCase, again, make


class TestStockPolicy(TradeCase):
    """Two shops, one of which offers a SKU."""

    def setUp(self):
        super().setUp()
        terms = {"platform": "own", "company": self.company, "default_warehouse": self.warehouse}
        self.shop, self.other = (make("Shop", shop_name=f"{name} {self.a}", **terms).name for name in ("One", "Two"))
        self.listing = make("Listing", shop=self.shop, platform_item_id="I", sku=self.a).name

    def policy(self, name, **fields):
        return make("Stock Policy", policy_name=f"{name} {self.a}", **fields)

    def test_two_policies_for_the_same_are_refused(self):
        first = self.policy("First", shop=self.shop)
        with self.refused(DocumentRefused, first.name, "same"):
            self.policy("Second", shop=self.shop)
        second = self.policy("Second", shop=self.shop, sku=self.a)
        again(first).update({"disabled": 1}).save()
        self.policy("Third", shop=self.shop)
        with self.refused(DocumentRefused, "same"):
            again(first).update({"disabled": 0}).save()
        again(second).update({"percent": 50}).save()

    def test_a_policy_of_a_listing_is_for_its_shop_and_sku(self):
        for wrong in ({"shop": self.other}, {"sku": self.b}):
            with self.refused(DocumentRefused, "belongs to"):
                self.policy("Wrong", listing=self.listing, **wrong)
        self.policy("Right", listing=self.listing, shop=self.shop, sku=self.a)
