"""The documented templates: columns under the names that an import knows without help, and example rows."""

TEMPLATE = {
    "sku": "BOLT-M8-40", "name": "Hexagon bolt M8 x 40", "summary": "DIN 933, zinc plated",
    "description": "Full thread, strength class 8.8.", "brand": "Nordschraube",
    "manufacturer_part_number": "933-8-40-8.8", "gtin": "4006381333931", "category": "Fasteners > Bolts",
    "status": "draft", "base_unit": "C62", "units": "C62=1 XBX=100", "components": "",
    "tax_category": "standard", "weight_grams": "21",
    "lead_days": "2", "origin": "DE", "customs_code": "73181588", "specifications": "Thread: M8\nLength: 40 [mm]",
    "price": "0.12", "price_from": "1", "price_base": "1", "stock": "5000", "bin": "A-12-3",
}  # fmt: skip
OPTIONS_TEMPLATE = (
    {"sku": "DESK-1", "group": "size", "group_name": "Size", "least": "1", "most": "1", "choice": "120",
     "choice_name": "120 cm", "amount": "", "currency": "", "percent": "", "weight_grams": "", "lead_days": "",
     "is_default": "true", "requires": "", "excludes": "EL"},
    {"sku": "DESK-1", "group": "size", "group_name": "Size", "least": "1", "most": "1", "choice": "160",
     "choice_name": "160 cm", "amount": "45", "currency": "EUR", "weight_grams": "6000"},
    {"sku": "DESK-1", "group": "extras", "group_name": "Extras", "least": "0", "most": "1", "choice": "EL",
     "choice_name": "Electric drive", "percent": "20", "lead_days": "8", "requires": "160"},
)  # fmt: skip
AGREED_TEMPLATE = (
    {"customer": "10001", "customer_group": "", "sku": "BOLT-M8-40", "unit": "C62", "minimum": "500", "multiple": "100",
     "maximum": "10000"},
    {"customer": "", "customer_group": "Installers", "sku": "BOLT-M8-40", "unit": "XBX", "minimum": "2"},
)  # fmt: skip
PRICES_TEMPLATE = (
    {"sku": "BOLT-M8-40", "price_list": "public", "from_quantity": "1", "price": "12.50", "per": "100", "unit": "",
     "valid_from": "", "valid_until": "", "currency": "EUR", "graduated": "false"},
    {"sku": "BOLT-M8-40", "price_list": "public", "from_quantity": "1000", "price": "11.00", "per": "100",
     "valid_from": "2030-03-01 06:00", "valid_until": "2030-04-01", "currency": "EUR"},
    {"sku": "DESK-1", "price_list": "public", "price": "on request"},
)  # fmt: skip
COSTS_TEMPLATE = (
    {"sku": "BOLT-M8-40", "cost": "0.062", "lowest_price": "0.08", "least_margin": "15", "from": "2030-01-01"},
)  # fmt: skip
