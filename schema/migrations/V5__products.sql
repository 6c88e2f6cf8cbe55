-- Safe under the previous release: there is none; every object here is new.
--
-- Products and variants, and what the storefront sees of their stock.

-- Writes the availability of these variants where it is no longer what is stored. The caller has
-- locked their products' versions in an earlier statement. No row stands for out of stock.
CREATE FUNCTION recompute_availability(variants uuid[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO variant_availability AS a (variant_id, product_id, availability)
    SELECT n.variant_id, n.product_id, n.availability
    FROM (
        SELECT v.id AS variant_id, v.product_id,
               CASE WHEN s.total <= 0 THEN 'out_of_stock'
                    WHEN s.total <= p.few_left_threshold THEN 'few_left'
                    ELSE 'in_stock' END::availability AS availability
        FROM unnest(variants) AS w (id)
        JOIN variant v ON v.id = w.id
        JOIN product p ON p.id = v.product_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(q.quantity), 0) AS total FROM stock q WHERE q.variant_id = v.id
        ) AS s
    ) AS n
    LEFT JOIN variant_availability o ON o.variant_id = n.variant_id
    WHERE n.availability <> coalesce(o.availability, 'out_of_stock')
    ORDER BY n.product_id, n.variant_id
    ON CONFLICT (variant_id) DO UPDATE SET availability = excluded.availability;
END $$;

CREATE FUNCTION stock_written() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    variants uuid[];
    products uuid[];
BEGIN
    CASE TG_OP
        WHEN 'INSERT' THEN
            SELECT array_agg(DISTINCT variant_id), array_agg(DISTINCT product_id)
            INTO variants, products FROM new_rows;
        WHEN 'DELETE' THEN
            SELECT array_agg(DISTINCT variant_id), array_agg(DISTINCT product_id)
            INTO variants, products FROM old_rows;
        ELSE
            SELECT array_agg(DISTINCT variant_id), array_agg(DISTINCT product_id)
            INTO variants, products FROM (TABLE old_rows UNION ALL TABLE new_rows) AS both_rows;
    END CASE;
    IF variants IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM require_read_committed('a stock movement');
    -- First the locks, then, in a statement of its own, the sums: two sales at once would otherwise
    -- both sum without the other's, and both miss the change.
    PERFORM FROM version v
    WHERE v.kind = 'product' AND v.id = ANY (products) ORDER BY v.id FOR NO KEY UPDATE;
    PERFORM recompute_availability(variants);
    RETURN NULL;
END $$;

CREATE FUNCTION product_inserted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    ids uuid[];
    gone boolean[];
    slugs text[];
BEGIN
    SELECT array_agg(id), array_agg(deleted_at IS NOT NULL), array_agg(slug) FILTER (WHERE deleted_at IS NULL)
    INTO ids, gone, slugs FROM new_rows;
    IF ids IS NOT NULL THEN
        PERFORM raise_versions('product', ids, gone);
    END IF;
    IF slugs IS NOT NULL THEN
        PERFORM slugs_changed('product', slugs, NULL, NULL);
    END IF;
    RETURN NULL;
END $$;

-- Old and new rows are compared by EXCEPT, never joined: a kept plan would join them row by row.
CREATE FUNCTION product_updated() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    ids uuid[];
    gone boolean[];
    came text[];
    went text[];
    left_by uuid[];
    died uuid[];
    rethought uuid[];
BEGIN
    SELECT array_agg(id), array_agg(deleted_at IS NOT NULL) INTO ids, gone FROM new_rows;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM raise_versions('product', ids, gone);

    SELECT array_agg(slug) INTO came FROM (
        SELECT id, slug FROM new_rows WHERE deleted_at IS NULL
        EXCEPT SELECT id, slug FROM old_rows WHERE deleted_at IS NULL) AS n;
    SELECT array_agg(slug), array_agg(id) INTO went, left_by FROM (
        SELECT id, slug FROM old_rows WHERE deleted_at IS NULL
        EXCEPT SELECT id, slug FROM new_rows WHERE deleted_at IS NULL) AS o;
    IF came IS NOT NULL OR went IS NOT NULL THEN
        PERFORM slugs_changed('product', came, went, left_by);
    END IF;

    -- A product that is deleted takes its variants along, so that their SKUs are free again.
    SELECT array_agg(id) INTO died FROM (
        SELECT id FROM new_rows WHERE deleted_at IS NOT NULL
        EXCEPT SELECT id FROM old_rows WHERE deleted_at IS NOT NULL) AS d;
    IF died IS NOT NULL THEN
        UPDATE variant v SET deleted_at = p.deleted_at FROM product p
        WHERE p.id = v.product_id AND v.product_id = ANY (died) AND v.deleted_at IS NULL;
    END IF;

    SELECT array_agg(v.id) INTO rethought
    FROM (
        SELECT id, few_left_threshold FROM new_rows
        EXCEPT SELECT id, few_left_threshold FROM old_rows
    ) AS t
    JOIN variant v ON v.product_id = t.id;
    IF rethought IS NOT NULL THEN
        PERFORM require_read_committed('a change of few_left_threshold');
        PERFORM recompute_availability(rethought);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION variant_inserted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    products uuid[];
    skus text[];
BEGIN
    SELECT array_agg(product_id), array_agg(sku) FILTER (WHERE deleted_at IS NULL)
    INTO products, skus FROM new_rows;
    IF products IS NOT NULL THEN
        PERFORM raise_versions('product', products);
        PERFORM raise_lookups('sku', 'variant', skus, NULL);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION variant_updated() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    products uuid[];
    came text[];
    went text[];
BEGIN
    SELECT array_agg(product_id) INTO products FROM (
        SELECT product_id FROM old_rows UNION ALL SELECT product_id FROM new_rows) AS both_rows;
    IF products IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM raise_versions('product', products);
    -- With the product's id: a SKU whose variant moved answers differently too.
    SELECT array_agg(sku) INTO came FROM (
        SELECT id, product_id, sku FROM new_rows WHERE deleted_at IS NULL
        EXCEPT SELECT id, product_id, sku FROM old_rows WHERE deleted_at IS NULL) AS n;
    SELECT array_agg(sku) INTO went FROM (
        SELECT id, product_id, sku FROM old_rows WHERE deleted_at IS NULL
        EXCEPT SELECT id, product_id, sku FROM new_rows WHERE deleted_at IS NULL) AS o;
    PERFORM raise_lookups('sku', 'variant', came, went);
    RETURN NULL;
END $$;

CALL raise_versions_of('product', 'product_inserted', 'product_updated', NULL);
CALL keep_rows_of('product');
CALL raise_versions_of('variant', 'variant_inserted', 'variant_updated', NULL);
CALL keep_rows_of('variant');
CALL raise_versions_of('variant_availability', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('stock', 'stock_written', 'stock_written', 'stock_written');
