-- Safe under the previous release: there is none; every object here is new.
--
-- No write can miss: whoever writes, by whatever statement, raises the version of what it touched,
-- once per transaction. Statement-level triggers with transition tables, three per table (each may
-- name one event), ENABLE ALWAYS because session_replication_role = replica would pass the rest.
-- Every updated row counts as a change, even one written as it was: equality in SQL is coarser
-- than what readers see (1.0 and 1.00 in JSONB). Only stock is compared, by what readers see of it.
--
-- The functions set search_path, or a temporary table named "version" would take the raise; those
-- that look rows up set enable_seqscan = off, because a plan is kept for the session and one made
-- while a table was empty must not scan it when it has grown.

-- Raises each thing's version, in id order so that two statements cannot wait for each other, and
-- says whether it is gone. A row whose xid is ours was raised, and is locked, by this transaction.
CREATE FUNCTION raise_versions(raised_kind version_kind, ids uuid[], gone boolean[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO version AS v (kind, id, version, deleted, xid)
    SELECT raised_kind, r.id, 1, bool_and(r.gone), pg_current_xact_id()
    FROM unnest(ids, gone) AS r (id, gone)
    GROUP BY r.id
    ORDER BY r.id
    ON CONFLICT (kind, id) DO UPDATE SET
        version = v.version + (v.xid <> excluded.xid)::integer,
        deleted = excluded.deleted,
        xid = excluded.xid
    WHERE v.xid <> excluded.xid OR v.deleted <> excluded.deleted;
END $$;

-- The same for writes that cannot tell whether the thing is gone: its row keeps what it says.
CREATE FUNCTION raise_versions(raised_kind version_kind, ids uuid[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO version AS v (kind, id, version, xid)
    SELECT raised_kind, r.id, 1, pg_current_xact_id()
    FROM unnest(ids) AS r (id)
    GROUP BY r.id
    ORDER BY r.id
    ON CONFLICT (kind, id) DO UPDATE SET version = v.version + 1, xid = excluded.xid
    WHERE v.xid <> excluded.xid;
END $$;

-- Raises the slugs or SKUs that found or lost their owner. Within one statement a value that came
-- to somebody is taken, whoever lost it, because it is unique among the living.
CREATE FUNCTION raise_lookups(raised_kind version_kind, scope text, came text[], went text[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    ids uuid[];
    gone boolean[];
BEGIN
    SELECT array_agg(lookup_id(scope, k.value)), array_agg(k.gone) INTO ids, gone
    FROM (
        SELECT value, false AS gone FROM unnest(came) AS c (value)
        UNION ALL
        SELECT value, true FROM unnest(went) AS w (value)
    ) AS k;
    IF ids IS NOT NULL THEN
        PERFORM raise_versions(raised_kind, ids, gone);
    END IF;
END $$;

-- Slugs that changed hands: their versions, and where the old ones lead.
CREATE FUNCTION slugs_changed(scope_of_slugs text, came text[], went text[], left_by uuid[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    PERFORM raise_lookups('slug', scope_of_slugs, came, went);
    DELETE FROM slug_history h WHERE h.scope = scope_of_slugs AND h.slug = ANY (came);
    INSERT INTO slug_history (scope, slug, entity_id)
    SELECT scope_of_slugs, w.slug, w.owner
    FROM unnest(went, left_by) AS w (slug, owner)
    WHERE w.slug <> ALL (coalesce(came, '{}'))
      -- Its owner lives on under another slug; one that was deleted leaves nothing to lead to.
      AND CASE scope_of_slugs
          WHEN 'product' THEN EXISTS (SELECT FROM product p WHERE p.id = w.owner AND p.deleted_at IS NULL)
          ELSE EXISTS (SELECT FROM category c WHERE c.id = w.owner AND c.deleted_at IS NULL)
      END
    ON CONFLICT (scope, slug) DO UPDATE SET entity_id = excluded.entity_id, replaced_at = excluded.replaced_at;
END $$;

-- Computed availability is right only if it sees every movement that committed before its lock was
-- granted, and only READ COMMITTED looks again.
CREATE FUNCTION require_read_committed(what text) RETURNS void
    LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_transaction_state',
            MESSAGE = format('%s is refused at isolation level "%s": write it at READ COMMITTED',
                             what, current_setting('transaction_isolation'));
    END IF;
END $$;

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

-- Translations, prices, media, availability and whatever else belongs to one product.
CREATE FUNCTION product_part_written() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    products uuid[];
BEGIN
    CASE TG_OP
        WHEN 'INSERT' THEN SELECT array_agg(product_id) INTO products FROM new_rows;
        WHEN 'DELETE' THEN SELECT array_agg(product_id) INTO products FROM old_rows;
        ELSE SELECT array_agg(product_id) INTO products FROM (
            SELECT product_id FROM old_rows UNION ALL SELECT product_id FROM new_rows) AS both_rows;
    END CASE;
    IF products IS NOT NULL THEN
        PERFORM raise_versions('product', products);
    END IF;
    RETURN NULL;
END $$;

-- Two moves at once could close a circle that neither sees, so moves take turns, and look again.
CREATE FUNCTION refuse_category_cycle(moved uuid[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    found uuid;
BEGIN
    WITH RECURSIVE above (start, id) AS (
        SELECT c.id, c.parent_id FROM category c WHERE c.id = ANY (moved) AND c.parent_id IS NOT NULL
        UNION
        SELECT a.start, c.parent_id FROM above a JOIN category c ON c.id = a.id WHERE c.parent_id IS NOT NULL
    )
    SELECT start INTO found FROM above WHERE id = start LIMIT 1;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = format('category %s would become its own ancestor', found),
            TABLE = 'category',
            CONSTRAINT = 'category_is_not_its_own_ancestor';
    END IF;
END $$;

CREATE FUNCTION category_inserted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    ids uuid[];
    gone boolean[];
    slugs text[];
    placed uuid[];
BEGIN
    SELECT array_agg(id), array_agg(deleted_at IS NOT NULL),
           array_agg(slug) FILTER (WHERE deleted_at IS NULL), array_agg(id) FILTER (WHERE parent_id IS NOT NULL)
    INTO ids, gone, slugs, placed FROM new_rows;
    IF ids IS NOT NULL THEN
        PERFORM raise_versions('category', ids, gone);
    END IF;
    IF slugs IS NOT NULL THEN
        PERFORM slugs_changed('category', slugs, NULL, NULL);
    END IF;
    -- No lock: nobody else's category can be below one that did not exist.
    IF placed IS NOT NULL THEN
        PERFORM refuse_category_cycle(placed);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION category_updated() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    ids uuid[];
    gone boolean[];
    came text[];
    went text[];
    left_by uuid[];
    moved uuid[];
BEGIN
    SELECT array_agg(id), array_agg(deleted_at IS NOT NULL) INTO ids, gone FROM new_rows;
    IF ids IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM raise_versions('category', ids, gone);

    SELECT array_agg(slug) INTO came FROM (
        SELECT id, slug FROM new_rows WHERE deleted_at IS NULL
        EXCEPT SELECT id, slug FROM old_rows WHERE deleted_at IS NULL) AS n;
    SELECT array_agg(slug), array_agg(id) INTO went, left_by FROM (
        SELECT id, slug FROM old_rows WHERE deleted_at IS NULL
        EXCEPT SELECT id, slug FROM new_rows WHERE deleted_at IS NULL) AS o;
    IF came IS NOT NULL OR went IS NOT NULL THEN
        PERFORM slugs_changed('category', came, went, left_by);
    END IF;

    SELECT array_agg(id) INTO moved FROM (
        SELECT id, parent_id FROM new_rows WHERE parent_id IS NOT NULL
        EXCEPT SELECT id, parent_id FROM old_rows) AS m;
    IF moved IS NOT NULL THEN
        PERFORM require_read_committed('moving a category');
        PERFORM pg_advisory_xact_lock('category'::regclass::oid::integer, 0);
        PERFORM refuse_category_cycle(moved);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION category_part_written() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    categories uuid[];
BEGIN
    CASE TG_OP
        WHEN 'INSERT' THEN SELECT array_agg(category_id) INTO categories FROM new_rows;
        WHEN 'DELETE' THEN SELECT array_agg(category_id) INTO categories FROM old_rows;
        ELSE SELECT array_agg(category_id) INTO categories FROM (
            SELECT category_id FROM old_rows UNION ALL SELECT category_id FROM new_rows) AS both_rows;
    END CASE;
    IF categories IS NOT NULL THEN
        PERFORM raise_versions('category', categories);
    END IF;
    RETURN NULL;
END $$;

-- Channels, locales and currencies are one thing, because every rendering reads them all.
CREATE FUNCTION rules_written() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    written boolean;
BEGIN
    CASE TG_OP
        WHEN 'INSERT' THEN SELECT EXISTS (TABLE new_rows) INTO written;
        ELSE SELECT EXISTS (TABLE old_rows) INTO written;
    END CASE;
    IF written THEN
        PERFORM raise_versions('rules', ARRAY ['00000000-0000-0000-0000-000000000000'::uuid]);
    END IF;
    RETURN NULL;
END $$;

-- Old slugs: what a slug leads to when nobody living has it.
CREATE FUNCTION slug_history_written() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    scopes text[];
    slugs text[];
    ids uuid[];
    gone boolean[];
BEGIN
    CASE TG_OP
        WHEN 'INSERT' THEN SELECT array_agg(scope), array_agg(slug) INTO scopes, slugs FROM new_rows;
        WHEN 'DELETE' THEN SELECT array_agg(scope), array_agg(slug) INTO scopes, slugs FROM old_rows;
        ELSE SELECT array_agg(scope), array_agg(slug) INTO scopes, slugs FROM (
            SELECT scope, slug FROM old_rows UNION ALL SELECT scope, slug FROM new_rows) AS both_rows;
    END CASE;
    SELECT array_agg(lookup_id(w.scope, w.slug)),
           array_agg(CASE w.scope
               WHEN 'product' THEN NOT EXISTS (SELECT FROM product p WHERE p.slug = w.slug AND p.deleted_at IS NULL)
               ELSE NOT EXISTS (SELECT FROM category c WHERE c.slug = w.slug AND c.deleted_at IS NULL)
           END)
    INTO ids, gone FROM unnest(scopes, slugs) AS w (scope, slug);
    IF ids IS NOT NULL THEN
        PERFORM raise_versions('slug', ids, gone);
    END IF;
    RETURN NULL;
END $$;

-- Three triggers for a table: what runs after an insert, after an update, after a delete.
CREATE PROCEDURE raise_versions_of(written regclass, inserted regproc, updated regproc, removed regproc)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER raise_versions_after_insert AFTER INSERT ON %s
        REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION %s()', written, inserted);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER raise_versions_after_insert', written);
    EXECUTE format('CREATE TRIGGER raise_versions_after_update AFTER UPDATE ON %s
        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows EXECUTE FUNCTION %s()', written, updated);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER raise_versions_after_update', written);
    IF removed IS NOT NULL THEN
        EXECUTE format('CREATE TRIGGER raise_versions_after_delete AFTER DELETE ON %s
            REFERENCING OLD TABLE AS old_rows EXECUTE FUNCTION %s()', written, removed);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER raise_versions_after_delete', written);
    END IF;
    -- TRUNCATE has no transition table, so nobody could tell what it took.
    EXECUTE format('CREATE TRIGGER truncate_is_refused BEFORE TRUNCATE ON %s
        EXECUTE FUNCTION refuse(''no version would be raised; use DELETE, or set deleted_at'')', written);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER truncate_is_refused', written);
END $$;

-- What has a life of its own is deleted by setting deleted_at, and keeps its row, id and version.
CREATE PROCEDURE keep_rows_of(kept regclass)
    LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER delete_is_refused BEFORE DELETE ON %s
        EXECUTE FUNCTION refuse(''set deleted_at instead, so that its version stays'')', kept);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER delete_is_refused', kept);
    EXECUTE format('CREATE TRIGGER id_is_kept BEFORE UPDATE OF id ON %s FOR EACH ROW
        WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION refuse(''an id is never given to another'')', kept);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER id_is_kept', kept);
END $$;

CALL raise_versions_of('product', 'product_inserted', 'product_updated', NULL);
CALL raise_versions_of('variant', 'variant_inserted', 'variant_updated', NULL);
CALL raise_versions_of('category', 'category_inserted', 'category_updated', NULL);
CALL keep_rows_of('product');
CALL keep_rows_of('variant');
CALL keep_rows_of('category');
CALL raise_versions_of('product_translation', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('price', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('product_category', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('media', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('relation', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('variant_availability', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('stock', 'stock_written', 'stock_written', 'stock_written');
CALL raise_versions_of('category_translation', 'category_part_written', 'category_part_written', 'category_part_written');
CALL raise_versions_of('slug_history', 'slug_history_written', 'slug_history_written', 'slug_history_written');
CALL raise_versions_of('channel', 'rules_written', 'rules_written', 'rules_written');
CALL raise_versions_of('locale', 'rules_written', 'rules_written', 'rules_written');
CALL raise_versions_of('currency', 'rules_written', 'rules_written', 'rules_written');
