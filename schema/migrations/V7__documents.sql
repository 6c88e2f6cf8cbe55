-- Safe under the previous release: there is none; every object here is new.
--
-- Whole documents, as catalog-core reads them. Each part is a subquery on an index, so one id costs
-- a handful of index scans. STABLE functions only: a document, its version and the horizon come
-- from one statement, and a VOLATILE function would look with a newer snapshot than the rest.

-- RFC 3339 in UTC, whatever the session's time zone, or equal documents would have unequal hashes.
CREATE FUNCTION rfc3339(at timestamptz) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

CREATE VIEW product_document AS
SELECT p.id, jsonb_build_object(
    'id', p.id,
    'external_key', p.external_key,
    'slug', p.slug,
    'status', p.status,
    'brand', p.brand,
    'options', to_jsonb(p.options),
    'attributes', p.attributes,
    'few_left_threshold', p.few_left_threshold,
    'publish_at', rfc3339(p.publish_at),
    'unpublish_at', rfc3339(p.unpublish_at),
    'created_at', rfc3339(p.created_at),
    'updated_at', rfc3339(p.updated_at),
    'translations', (
        SELECT coalesce(jsonb_object_agg(t.locale, jsonb_build_object(
            'name', t.name, 'description', t.description)), '{}')
        FROM product_translation t WHERE t.product_id = p.id),
    'variants', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', v.id,
            'sku', v.sku,
            'barcode', v.barcode,
            'options', v.options,
            'availability', coalesce(a.availability, 'out_of_stock'),
            'prices', (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'channel', r.channel,
                    'currency', r.currency,
                    'amount', r.amount,
                    'compare_at', r.compare_at,
                    'valid_from', rfc3339(r.valid_from),
                    'valid_until', rfc3339(r.valid_until)
                ) ORDER BY r.channel, r.currency, r.valid_from NULLS FIRST), '[]')
                FROM price r WHERE r.variant_id = v.id)
        ) ORDER BY v.position, v.id), '[]')
        FROM variant v LEFT JOIN variant_availability a ON a.variant_id = v.id
        WHERE v.product_id = p.id AND v.deleted_at IS NULL),
    'categories', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', c.category_id, 'position', c.position) ORDER BY c.position, c.category_id), '[]')
        FROM product_category c WHERE c.product_id = p.id),
    'media', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', m.id, 'variant_id', m.variant_id, 'kind', m.kind, 'url', m.url, 'alt', m.alt
        ) ORDER BY m.position, m.id), '[]')
        FROM media m WHERE m.product_id = p.id),
    'relations', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'kind', l.kind, 'product_id', l.related_id) ORDER BY l.kind, l.position, l.related_id), '[]')
        FROM relation l WHERE l.product_id = p.id)
) AS document
FROM product p
WHERE p.deleted_at IS NULL;
COMMENT ON VIEW product_document IS 'Living products, each as one document. Readers add the version from table version.';

CREATE VIEW category_document AS
SELECT c.id, jsonb_build_object(
    'id', c.id,
    'external_key', c.external_key,
    'slug', c.slug,
    'parent_id', c.parent_id,
    'position', c.position,
    'created_at', rfc3339(c.created_at),
    'updated_at', rfc3339(c.updated_at),
    'translations', (
        SELECT coalesce(jsonb_object_agg(t.locale, jsonb_build_object(
            'name', t.name, 'description', t.description)), '{}')
        FROM category_translation t WHERE t.category_id = c.id)
) AS document
FROM category c
WHERE c.deleted_at IS NULL;
COMMENT ON VIEW category_document IS 'Living categories, each as one document, without its products and children.';

CREATE VIEW rules_document AS
SELECT '00000000-0000-0000-0000-000000000000'::uuid AS id, jsonb_build_object(
    'channels', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'code', code, 'is_default', is_default) ORDER BY code), '[]')
        FROM channel),
    'locales', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'code', code, 'fallback', fallback, 'is_default', is_default) ORDER BY code), '[]')
        FROM locale),
    'currencies', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'code', code, 'exponent', exponent, 'is_default', is_default) ORDER BY code), '[]')
        FROM currency)
) AS document;
COMMENT ON VIEW rules_document IS 'Channels, locales and currencies as one document; its version has kind rules and the nil UUID.';
