-- Safe under the previous release: there is none; grants and a publication only add.
--
-- Who reads: the storefront services with a role that cannot write, and the change publisher
-- through logical decoding.

-- Roles belong to the cluster, so another database's migration may be making it at this moment.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vitrina_query') THEN
        CREATE ROLE vitrina_query NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

GRANT USAGE ON SCHEMA public TO vitrina_query;
GRANT SELECT ON
    version, history, incarnation,
    channel, locale, currency,
    product, product_translation, variant, price, stock, variant_availability,
    category, category_translation, product_category, media, relation, slug_history,
    product_document, category_document, rules_document
TO vitrina_query;

-- The poll compares the server's own identifier with the incarnation row. PostgreSQL lets everybody
-- call this; only where that was taken back does a grant need somebody who may give it.
DO $$
BEGIN
    IF NOT has_function_privilege('vitrina_query', 'pg_control_system()', 'EXECUTE') THEN
        GRANT EXECUTE ON FUNCTION pg_control_system() TO vitrina_query;
    END IF;
END $$;

-- The narrow table only: a decoded row is written to the log whole.
CREATE PUBLICATION vitrina_changes FOR TABLE version WITH (publish = 'insert, update');
