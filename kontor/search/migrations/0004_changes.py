from django.db import migrations

TABLE = """
CREATE TABLE search_change (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX search_change_order ON search_change (xid, seq);
CREATE INDEX search_change_at ON search_change USING brin (at);
COMMENT ON TABLE search_change IS
    'Products whose entry in the search indexes of the nodes is out of date; read in the order (xid, seq).';

CREATE FUNCTION search_note_products() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO search_change (product_id) SELECT id FROM fresh WHERE status = 'active';
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO search_change (product_id) SELECT id FROM stale WHERE status = 'active';
    ELSE
        INSERT INTO search_change (product_id)
        SELECT n.id FROM fresh n JOIN stale o ON o.id = n.id
        WHERE (n.status = 'active' OR o.status = 'active')
          AND (n.status, n.category_id, n.family_id, n.sku, n.name, n.summary, n.description, n.brand,
               n.manufacturer_part_number, n.gtin, n.specifications, n.attributes, n.assortments, n.kind)
          IS DISTINCT FROM
              (o.status, o.category_id, o.family_id, o.sku, o.name, o.summary, o.description, o.brand,
               o.manufacturer_part_number, o.gtin, o.specifications, o.attributes, o.assortments, o.kind);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_note_new AFTER INSERT ON catalog_product
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_note_products();
CREATE TRIGGER search_note_changed AFTER UPDATE ON catalog_product
    REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION search_note_products();
CREATE TRIGGER search_note_gone AFTER DELETE ON catalog_product
    REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION search_note_products();

CREATE FUNCTION search_note_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN INSERT INTO search_change (product_id) SELECT DISTINCT product_id FROM fresh; END IF;
    IF TG_OP <> 'INSERT' THEN INSERT INTO search_change (product_id) SELECT DISTINCT product_id FROM stale; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_note_new AFTER INSERT ON catalog_text
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_note_texts();
CREATE TRIGGER search_note_changed AFTER UPDATE ON catalog_text
    REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION search_note_texts();
CREATE TRIGGER search_note_gone AFTER DELETE ON catalog_text
    REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION search_note_texts();

CREATE FUNCTION search_note_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT id FROM catalog_product WHERE category_id = NEW.id AND status = 'active';
    RETURN NULL;
END $$;
CREATE TRIGGER search_note AFTER UPDATE OF name, path ON catalog_category FOR EACH ROW
    WHEN ((NEW.name, NEW.path) IS DISTINCT FROM (OLD.name, OLD.path)) EXECUTE FUNCTION search_note_category();

CREATE FUNCTION search_note_seller() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id)
    SELECT id FROM catalog_product WHERE seller_id = NEW.id AND status = 'active';
    RETURN NULL;
END $$;
CREATE TRIGGER search_note AFTER UPDATE OF status ON companies_company FOR EACH ROW
    WHEN (NEW.is_seller AND NEW.status IS DISTINCT FROM OLD.status) EXECUTE FUNCTION search_note_seller();

-- List price and popularity are in the index to sort by. A new row without either says nothing new.
CREATE FUNCTION search_note_ranks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO search_change (product_id)
        SELECT product_id FROM fresh WHERE list_price < 999999999999 OR popularity > 0;
    ELSE
        INSERT INTO search_change (product_id)
        SELECT n.product_id FROM fresh n JOIN stale o ON o.product_id = n.product_id
        WHERE (n.list_price, n.popularity) IS DISTINCT FROM (o.list_price, o.popularity);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_note_new AFTER INSERT ON search_document
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_note_ranks();
CREATE TRIGGER search_note_changed AFTER UPDATE ON search_document
    REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION search_note_ranks();

-- Not how much there is, only whether there is any: that changes seldom.
CREATE FUNCTION search_note_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_change (product_id) VALUES (COALESCE(NEW.product_id, OLD.product_id));
    RETURN NULL;
END $$;
CREATE TRIGGER search_note_new AFTER INSERT ON inventory_stock_item FOR EACH ROW
    WHEN (NEW.on_hand > NEW.reserved) EXECUTE FUNCTION search_note_stock();
CREATE TRIGGER search_note_changed AFTER UPDATE OF on_hand, reserved ON inventory_stock_item FOR EACH ROW
    WHEN ((NEW.on_hand > NEW.reserved) IS DISTINCT FROM (OLD.on_hand > OLD.reserved))
    EXECUTE FUNCTION search_note_stock();
CREATE TRIGGER search_note_gone AFTER DELETE ON inventory_stock_item FOR EACH ROW
    WHEN (OLD.on_hand > OLD.reserved) EXECUTE FUNCTION search_note_stock();
"""
UNDO = """
DROP FUNCTION search_note_products(), search_note_texts(), search_note_category(), search_note_seller(),
    search_note_ranks(), search_note_stock() CASCADE;
DROP TABLE search_change;
"""


class Migration(migrations.Migration):
    """Which products changed, written by the database in the transaction of the change, whoever made it."""

    dependencies = [
        ("search", "0003_assort_copies"),
        ("catalog", "0005_assort_functions"),
        ("inventory", "0001_initial"),
        ("companies", "0001_initial"),
    ]
    operations = [migrations.RunSQL(TABLE, UNDO)]
