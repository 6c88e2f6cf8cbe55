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

CALL raise_versions_of('product_translation', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('price', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('product_category', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('media', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('relation', 'product_part_written', 'product_part_written', 'product_part_written');
CALL raise_versions_of('category_translation', 'category_part_written', 'category_part_written', 'category_part_written');
CALL raise_versions_of('channel', 'rules_written', 'rules_written', 'rules_written');
CALL raise_versions_of('locale', 'rules_written', 'rules_written', 'rules_written');
CALL raise_versions_of('currency', 'rules_written', 'rules_written', 'rules_written');
