"""What the demo seller trades in. All names are invented; barcodes lie in the range for use inside a shop (prefix 2).

Invariant: plain data, no decisions.
"""

from dataclasses import dataclass

COMPANY = "青禾家居（演示）"
ABBR = "QH"
BRANDS = ("青禾", "山岚", "小满", "木里")

# (name, type, province, city, priority)
WAREHOUSES = (
    ("杭州主仓", "Own", "浙江省", "杭州市", 1),
    ("义乌分仓", "Own", "浙江省", "金华市", 2),
    ("杭州次品仓", "Defective", "浙江省", "杭州市", 9),
)


@dataclass(frozen=True)
class DemoShop:
    """A shop: name, platform, when it puts stock aside, its share of orders, prefix of its order numbers."""

    name: str
    platform: str
    reserve_on: str
    share: int
    prefix: str


SHOPS = (
    DemoShop("青禾淘宝店", "taobao", "Order", 34, "TB"),
    DemoShop("青禾京东店", "jd", "Order", 20, "JD"),
    DemoShop("青禾拼多多店", "pinduoduo", "Pay", 22, "PD"),
    DemoShop("青禾抖音店", "doudian", "Order", 16, "DY"),
    DemoShop("青禾小红书店", "xiaohongshu", "Audit", 8, "XH"),
)

# (name, contact, days to deliver, payment terms)
SUPPLIERS = (
    ("临海竹木制品厂", "何师傅", 5, 30),
    ("诸暨织造工坊", "陈经理", 7, 30),
    ("义乌日用百货行", "周小姐", 3, 15),
    ("潮州陶瓷作坊", "林先生", 10, 45),
    ("永康五金加工厂", "应师傅", 6, 30),
    ("台州注塑厂", "金经理", 4, 15),
)

# category -> parent
CATEGORIES = {
    "家居收纳": "All Categories",
    "厨房用品": "All Categories",
    "餐具水具": "All Categories",
    "家纺布艺": "All Categories",
    "文具桌面": "All Categories",
}


@dataclass(frozen=True)
class DemoProduct:
    """A product; ``supplier`` is a place in the list, variants are (suffix, name, price), cost is a share of the price."""

    code: str
    name: str
    category: str
    brand: str
    supplier: int
    attribute: str
    variants: tuple[tuple[str, str, float], ...]
    cost_share: float
    weight_g: int


_SIZES = (("S", "小号"), ("M", "中号"), ("L", "大号"))


def _sized(*prices: float) -> tuple[tuple[str, str, float], ...]:
    return tuple((suffix, name, price) for (suffix, name), price in zip(_SIZES, prices, strict=True))


def _coloured(price: float, *colours: tuple[str, str]) -> tuple[tuple[str, str, float], ...]:
    return tuple((suffix, name, price) for suffix, name in colours)


_WHITE, _GREY, _GREEN = ("WH", "米白"), ("GR", "浅灰"), ("GN", "豆绿")
_BLUE, _PINK, _OAK = ("BL", "雾蓝"), ("PK", "藕粉"), ("OK", "原木色")

PRODUCTS = (
    DemoProduct("SN01", "棉麻收纳篮", "家居收纳", "青禾", 1, "尺寸", _sized(29.9, 39.9, 49.9), 0.42, 320),
    DemoProduct("SN02", "抽屉分隔盒", "家居收纳", "小满", 5, "颜色", _coloured(15.9, _WHITE, _GREY, _GREEN), 0.38, 180),
    DemoProduct("SN03", "折叠收纳箱", "家居收纳", "青禾", 5, "尺寸", _sized(35.9, 45.9, 59.9), 0.45, 900),
    DemoProduct("SN04", "磁吸冰箱架", "家居收纳", "山岚", 4, "颜色", _coloured(39.9, _WHITE, _GREY, _BLUE), 0.44, 450),
    DemoProduct("CF01", "竹砧板", "厨房用品", "木里", 0, "尺寸", _sized(32.9, 45.9, 59.9), 0.40, 1100),
    DemoProduct("CF02", "硅胶锅铲", "厨房用品", "小满", 2, "颜色", _coloured(19.9, _GREY, _GREEN, _PINK), 0.35, 120),
    DemoProduct("CF03", "不锈钢沥水篮", "厨房用品", "山岚", 4, "尺寸", _sized(22.9, 29.9, 36.9), 0.43, 380),
    DemoProduct("CF04", "密封储物罐", "厨房用品", "青禾", 5, "尺寸", _sized(12.9, 16.9, 21.9), 0.37, 260),
    DemoProduct("CJ01", "釉下彩饭碗", "餐具水具", "山岚", 3, "颜色", _coloured(18.9, _WHITE, _GREEN, _BLUE), 0.41, 300),
    DemoProduct("CJ02", "浅口餐盘", "餐具水具", "山岚", 3, "尺寸", _sized(16.9, 22.9, 29.9), 0.41, 420),
    DemoProduct("CJ03", "马克杯", "餐具水具", "青禾", 3, "颜色", _coloured(26.9, _WHITE, _GREEN, _PINK), 0.36, 350),
    DemoProduct("CJ04", "玻璃冷水壶", "餐具水具", "小满", 2, "尺寸", _sized(39.9, 49.9, 59.9), 0.46, 800),
    DemoProduct("CJ05", "实木餐垫", "餐具水具", "木里", 0, "颜色", _coloured(12.9, _OAK, _GREY, _GREEN), 0.34, 90),
    DemoProduct("JF01", "纯棉毛巾", "家纺布艺", "青禾", 1, "颜色", _coloured(17.9, _WHITE, _BLUE, _PINK), 0.39, 110),
    DemoProduct("JF02", "华夫格浴巾", "家纺布艺", "青禾", 1, "颜色", _coloured(49.9, _WHITE, _GREY, _GREEN), 0.41, 420),
    DemoProduct("JF03", "亚麻抱枕套", "家纺布艺", "小满", 1, "颜色", _coloured(29.9, _GREY, _GREEN, _PINK), 0.37, 150),
    DemoProduct("JF04", "加厚门垫", "家纺布艺", "木里", 1, "尺寸", _sized(25.9, 35.9, 45.9), 0.44, 700),
    DemoProduct("WJ01", "木质笔筒", "文具桌面", "木里", 0, "颜色", _coloured(24.9, _OAK, _WHITE, _GREY), 0.36, 210),
    DemoProduct("WJ02", "桌面理线夹", "文具桌面", "小满", 2, "颜色", _coloured(9.9, _WHITE, _GREY, _BLUE), 0.30, 40),
    DemoProduct("WJ03", "周计划台历", "文具桌面", "青禾", 2, "颜色", _coloured(21.9, _WHITE, _GREEN, _PINK), 0.33, 240),
)

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
PHONE_PREFIXES = ("133", "135", "138", "139", "150", "158", "177", "186", "189")

# (province, city, district)
PLACES = (
    ("浙江省", "杭州市", "余杭区"),
    ("上海市", "上海市", "徐汇区"),
    ("江苏省", "苏州市", "吴中区"),
    ("广东省", "深圳市", "南山区"),
    ("北京市", "北京市", "朝阳区"),
    ("四川省", "成都市", "武侯区"),
    ("湖北省", "武汉市", "洪山区"),
    ("山东省", "青岛市", "市南区"),
    ("陕西省", "西安市", "雁塔区"),
    ("福建省", "厦门市", "思明区"),
)

BUYER_MESSAGES = ("请尽快发货，谢谢", "送人的，麻烦包装好一点", "周末送货", "", "", "", "", "", "")
