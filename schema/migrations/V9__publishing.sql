-- Safe under the previous release: it adds a table that the previous release does not name.
--
-- What the change publisher has to remember beside its replication slot, which knows only how far
-- changes have been published: whether every row has been published since the epoch began or the
-- slot was made. Without that, a publisher that dies in between would leave a feed with holes.

CREATE TABLE published (
    slot  text   PRIMARY KEY,
    epoch bigint NOT NULL CHECK (epoch > 0)
);
COMMENT ON TABLE published IS
    'The slot''s feed holds every version row as of this epoch or later. No row: all are owed to the feed.';

-- Nothing for storefronts.
REVOKE SELECT ON published FROM vitrina_query;
