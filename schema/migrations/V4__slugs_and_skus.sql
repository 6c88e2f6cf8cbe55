-- Safe under the previous release: there is none; every object here is new.
--
-- Slugs and SKUs that find or lose their owner, so that "absent" can be proven too, and where old
-- slugs lead.

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

CALL raise_versions_of('slug_history', 'slug_history_written', 'slug_history_written', 'slug_history_written');
