-- Safe under the previous release: there is none; indexes only, and the one that goes is replaced.
--
-- What the storefront's lists walk: everything that decides whether a row is listed is in the
-- index, so that a walk over drafts, ended campaigns and products not yet published reads no row.

CREATE INDEX product_listed ON product (created_at DESC, id DESC) INCLUDE (publish_at, unpublish_at)
    WHERE deleted_at IS NULL AND status = 'active';

CREATE INDEX price_listed ON price (channel, currency, amount, product_id) INCLUDE (valid_from, valid_until);
DROP INDEX price_amount;
