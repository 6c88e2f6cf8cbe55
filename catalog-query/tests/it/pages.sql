-- A small catalog with all that decides whether and where a product is listed.
SELECT setseed(0.42);

CREATE FUNCTION pick(below integer) RETURNS integer LANGUAGE sql VOLATILE
    RETURN floor(random() * below)::integer;

INSERT INTO category (id, slug, parent_id, position)
SELECT md5('category ' || n)::uuid, 'category-' || n,
       CASE WHEN n > 3 THEN md5('category ' || n / 3)::uuid END, pick(3)
FROM generate_series(1, 24) n;
UPDATE category SET deleted_at = now() WHERE slug IN ('category-7', 'category-20', 'category-21', 'category-22', 'category-23');

-- A product made in one of a few hours, with up to three variants that have up to five prices in
-- each of two markets, in up to three categories.
CREATE FUNCTION add_product(dearest integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    product uuid := gen_random_uuid();
    variant uuid;
BEGIN
    INSERT INTO product (id, slug, status, publish_at, unpublish_at, deleted_at, created_at)
    VALUES (product, 'product-' || product,
            (ARRAY['active', 'active', 'active', 'draft', 'archived']::product_status[])[1 + pick(5)],
            (ARRAY[NULL, NULL, '2026-05-01Z', '2026-07-01Z']::timestamptz[])[1 + pick(4)],
            (ARRAY[NULL, NULL, '2026-08-01Z']::timestamptz[])[1 + pick(3)],
            (ARRAY[NULL, NULL, NULL, NULL, '2026-05-02Z']::timestamptz[])[1 + pick(5)],
            '2026-01-01Z'::timestamptz + pick(40) * interval '1 hour 1 microsecond');
    FOR n IN 1 .. pick(4) LOOP
        variant := gen_random_uuid();
        INSERT INTO variant (id, product_id, sku, position) VALUES (variant, product, variant::text, n);
        INSERT INTO price (product_id, variant_id, channel, currency, amount, valid_from, valid_until)
        SELECT product, variant, m.channel, m.currency, pick(dearest), b.valid_from, b.valid_from + pick(60) * interval '1 day' + interval '1 day'
        FROM (VALUES ('web', 'EUR'), ('pos', 'USD')) m (channel, currency),
             (VALUES (NULL::timestamptz), ('2026-04-20Z'), ('2026-05-10Z'), ('2026-05-31Z'), ('2026-07-01Z')) b (valid_from)
        WHERE random() < 0.5;
    END LOOP;
    UPDATE variant v SET deleted_at = now() WHERE v.product_id = product AND random() < 0.2;
    INSERT INTO product_category (product_id, category_id, position)
    SELECT product, c.id, pick(5) FROM category c ORDER BY random() LIMIT pick(4);
END $$;

DO $$ BEGIN FOR n IN 1 .. 500 LOOP PERFORM add_product(20); END LOOP; END $$;
