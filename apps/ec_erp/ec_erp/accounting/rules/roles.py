"""The accounts a company names for postings, and the short words that masters use for some of them.

Invariant: every role is a Company field; every word in a Select field of Charge Type or Stock Reason has its role here.
"""

ACCOUNT_ROLES = (
    "stock_account",
    "grni_account",
    "price_variance_account",
    "write_off_account",
    "stock_gain_account",
    "opening_stock_account",
    "promotion_account",
    "resend_account",
    "gift_account",
    "other_expense_account",
    "receivable_account",
    "payable_account",
    "prepaid_account",
    "bank_account",
    "revenue_account",
    "cogs_account",
    "output_tax_account",
    "shipping_income_account",
    "discount_account",
    "other_income_account",
    "bank_charges_account",
    "platform_fee_account",
)

SHIPPING = "shipping_income_account"
COST_OF_SALES, GOODS_SENT_AGAIN = "cogs_account", "resend_account"
GIFTS, PROMOTION = "gift_account", "promotion_account"

# Company.gift_cost: where the cost of gifts goes.
PROMOTION_EXPENSE, SPREAD = "Promotion Expense", "Spread over the Order"

# Charge Type.account_role
CHARGE_ROLES = {
    "Shipping Income": SHIPPING,
    "Other Income": "other_income_account",
    "Discounts": "discount_account",
    "Bank Charges": "bank_charges_account",
    "Platform Fees": "platform_fee_account",
}

# Stock Reason.account_role
REASON_ROLES = {
    "Write-off": "write_off_account",
    "Stock Gain": "stock_gain_account",
    "Opening Stock": "opening_stock_account",
    "Promotion": "promotion_account",
    "Other Expense": "other_expense_account",
}
