"""The masters a new site starts with. Names are English keys; Chinese labels are translations."""

# (name, must be a whole number)
UNITS = (
    ("Piece", 1),
    ("Pair", 1),
    ("Set", 1),
    ("Box", 1),
    ("Carton", 1),
    ("Pack", 1),
    ("Bottle", 1),
    ("Bag", 1),
    ("Kilogram", 0),
    ("Gram", 0),
    ("Litre", 0),
    ("Metre", 0),
)

# (code, name)
PLATFORMS = (
    ("taobao", "Taobao / Tmall"),
    ("jd", "JD"),
    ("pinduoduo", "Pinduoduo"),
    ("doudian", "Douyin"),
    ("xiaohongshu", "Xiaohongshu"),
    ("kuaishou", "Kuaishou"),
    ("shopify", "Shopify"),
    ("woocommerce", "WooCommerce"),
    ("vendure", "Vendure"),
    ("own", "Own Shop"),
    ("file", "File Import"),
)

# How platforms take stock: primitive, whether a repeated key counts once, what becomes of too great a decrease, whether they
# can be asked. By their public documents; what a shop sees otherwise is a setting.
STOCK_PRIMITIVES = {
    "taobao": ("Delta", 1, "Clamps", 1),
    "jd": ("Set Quantity", 1, "Refuses", 1),
    "pinduoduo": ("Delta", 0, "Refuses", 1),
    "doudian": ("Delta", 1, "Refuses", 1),
    "xiaohongshu": ("Delta", 0, "Refuses", 1),
    "kuaishou": ("Delta", 0, "Refuses", 1),
    "shopify": ("Compare and Set", 1, "Refuses", 1),
    "woocommerce": ("Set Quantity", 0, "Refuses", 1),
    "vendure": ("Set Quantity", 0, "Refuses", 1),
}

# (reason, purpose, account role)
REASONS = (
    ("Opening Stock", "Receipt", "Opening Stock"),
    ("Found", "Receipt", "Stock Gain"),
    ("Other Receipt", "Receipt", "Stock Gain"),
    ("Write-off", "Issue", "Write-off"),
    ("Sample", "Issue", "Promotion"),
    ("Gift", "Issue", "Promotion"),
    ("Internal Use", "Issue", "Other Expense"),
    ("Packaging", "Issue", "Other Expense"),
)

# (code, name, account role)
CHARGE_TYPES = (
    ("SHIPPING", "Shipping", "Shipping Income"),
    ("PACKAGING", "Packaging", "Shipping Income"),
    ("SERVICE", "Service Fee", "Other Income"),
    ("MANUAL", "Manual Item", "Other Income"),
    ("SAMPLES", "Samples", "Other Income"),
    ("DONATION", "Donation", "Other Income"),
    ("DISCOUNT", "Discount", "Discounts"),
    ("BANK", "Bank Charges", "Bank Charges"),
    ("PLATFORM", "Platform Fee", "Platform Fees"),
)

ROOT_CATEGORY = "All Categories"

CARRIERS = (
    "SF Express",
    "ZTO Express",
    "YTO Express",
    "Yunda Express",
    "STO Express",
    "JD Logistics",
    "China Post EMS",
)
