-- Safe under the previous release: there is none; every object here is new.
--
-- Categories, and that they stay a tree. It changes under one lock, held to the end of the transaction:
-- together by those who place a new category in it, alone by whoever moves, deletes or revives one. Then
-- each looks, in a statement of its own. Or two moves could close a circle that neither sees, and a
-- category come below one that is deleted at the same moment, where no list would show it.

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

CREATE FUNCTION refuse_deleted_parent(placed uuid[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    found uuid;
BEGIN
    SELECT c.id INTO found FROM category c JOIN category p ON p.id = c.parent_id
    WHERE c.id = ANY (placed) AND c.deleted_at IS NULL AND p.deleted_at IS NOT NULL
    LIMIT 1;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = format('category %s would be below a deleted one', found),
            TABLE = 'category',
            CONSTRAINT = 'category_parent_lives';
    END IF;
END $$;

CREATE FUNCTION refuse_living_children(died uuid[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    found uuid;
BEGIN
    SELECT c.parent_id INTO found FROM category c
    WHERE c.parent_id = ANY (died) AND c.deleted_at IS NULL
    LIMIT 1;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            MESSAGE = format('category %s still has subcategories', found),
            TABLE = 'category',
            CONSTRAINT = 'category_has_children';
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
    IF placed IS NOT NULL THEN
        PERFORM require_read_committed('placing a category');
        PERFORM pg_advisory_xact_lock_shared('category'::regclass::oid::integer, 0);
        PERFORM refuse_category_cycle(placed);
        PERFORM refuse_deleted_parent(placed);
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
    placed uuid[];
    died uuid[];
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
    SELECT array_agg(id) INTO placed FROM (
        SELECT id, parent_id FROM new_rows WHERE parent_id IS NOT NULL AND deleted_at IS NULL
        EXCEPT SELECT id, parent_id FROM old_rows WHERE deleted_at IS NULL) AS p;
    SELECT array_agg(id) INTO died FROM (
        SELECT id FROM new_rows WHERE deleted_at IS NOT NULL
        EXCEPT SELECT id FROM old_rows WHERE deleted_at IS NOT NULL) AS d;
    IF moved IS NOT NULL OR placed IS NOT NULL OR died IS NOT NULL THEN
        PERFORM require_read_committed('moving, deleting or reviving a category');
        PERFORM pg_advisory_xact_lock('category'::regclass::oid::integer, 0);
        PERFORM refuse_category_cycle(moved);
        PERFORM refuse_deleted_parent(placed);
        PERFORM refuse_living_children(died);
    END IF;
    RETURN NULL;
END $$;

CALL raise_versions_of('category', 'category_inserted', 'category_updated', NULL);
CALL keep_rows_of('category');
