"""The documented template: columns under the names that an import knows without help, and an example row."""

TEMPLATE = {
    "sku": "BOLT-M8-40", "name": "Hexagon bolt M8 x 40", "summary": "DIN 933, zinc plated",
    "description": "Full thread, strength class 8.8.", "brand": "Nordschraube",
    "manufacturer_part_number": "933-8-40-8.8", "gtin": "4006381333931", "category": "Fasteners > Bolts",
    "status": "draft", "base_unit": "C62", "units": "C62=1 XBX=100", "components": "",
    "tax_category": "standard", "weight_grams": "21",
    "lead_days": "2", "origin": "DE", "customs_code": "73181588", "specifications": "Thread: M8\nLength: 40 [mm]",
    "price": "0.12", "price_from": "1", "price_base": "1", "stock": "5000", "bin": "A-12-3",
}  # fmt: skip
