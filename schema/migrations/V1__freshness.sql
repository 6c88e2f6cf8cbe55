-- Safe under the previous release: there is none; every object here is new.
--
-- What the freshness rule stands on: one row per thing that can be cached, raised by every
-- transaction that changes what readers see, and the two rows that say whose history this is.

CREATE TYPE version_kind AS ENUM ('product', 'category', 'slug', 'sku', 'rules');

CREATE TABLE version (
    kind    version_kind NOT NULL,
    id      uuid         NOT NULL,
    version bigint       NOT NULL CHECK (version > 0),
    deleted boolean      NOT NULL DEFAULT false,
    xid     xid8         NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (kind, id)
) WITH (
    -- Each raise moves the row, because xid is indexed: leave room, and vacuum early.
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_analyze_scale_factor = 0.02
);
COMMENT ON TABLE version IS
    'One row per cacheable thing. Raised by triggers once per transaction; never lowered, never removed.';

-- The poll: every row at or above a horizon.
CREATE INDEX version_xid ON version (xid);

CREATE TABLE history (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch    bigint NOT NULL CHECK (epoch >= 0),
    beat     bigint NOT NULL CHECK (beat >= 0)
) WITH (fillfactor = 50);
COMMENT ON TABLE history IS
    'One row: whose history this is, and the beat. Epoch 0: none has begun, so nothing can be proven.';
INSERT INTO history (epoch, beat) VALUES (0, 0);

-- UNLOGGED on purpose: PostgreSQL empties it at every crash, promotion and base backup, and so
-- tells that transaction ids and versions may have been given out again.
CREATE UNLOGGED TABLE incarnation (
    only_row          boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch             bigint NOT NULL CHECK (epoch > 0),
    system_identifier bigint NOT NULL
);
COMMENT ON TABLE incarnation IS
    'At most one row. What the primary says counts only while it equals the epoch and the server''s identifier.';

-- The id under which a slug or SKU has its version: of the very bytes that the lookup compares,
-- with their scope ('product', 'category', 'variant'), so that "absent" can be proven too.
CREATE FUNCTION lookup_id(scope text, value text) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN md5(convert_to(scope || '/' || value, 'UTF8'))::uuid;

-- Attached wherever a statement must not happen; the argument says why, and what to do instead.
CREATE FUNCTION refuse() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'restrict_violation',
        MESSAGE = format('%s of table "%s" is refused: %s', TG_OP, TG_TABLE_NAME, TG_ARGV[0]),
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = TG_NAME;
END $$;

-- ALWAYS: session_replication_role = replica would pass the default kind of trigger.
CREATE TRIGGER version_is_never_lowered BEFORE UPDATE ON version FOR EACH ROW
    WHEN (NEW.kind <> OLD.kind OR NEW.id <> OLD.id OR NEW.version < OLD.version)
    EXECUTE FUNCTION refuse('a version is never lowered, and never becomes another thing''s');
CREATE TRIGGER version_carries_its_xid BEFORE UPDATE ON version FOR EACH ROW
    WHEN ((NEW.version <> OLD.version OR NEW.deleted <> OLD.deleted) AND NEW.xid <> pg_current_xact_id())
    EXECUTE FUNCTION refuse('a raised version carries the id of its transaction, or no poll would see it');
CREATE TRIGGER version_begins_with_its_xid BEFORE INSERT ON version FOR EACH ROW
    WHEN (NEW.xid <> pg_current_xact_id())
    EXECUTE FUNCTION refuse('a new row carries the id of its transaction, or no poll would see it');
-- What a restore brought from another cluster may bear an id that is still to come here.
CREATE TRIGGER version_keeps_its_xid BEFORE UPDATE ON version FOR EACH ROW
    WHEN (NEW.xid < OLD.xid AND NEW.xid <> pg_current_xact_id()
        AND (NEW.xid <> '0' OR OLD.xid < pg_current_xact_id()))
    EXECUTE FUNCTION refuse('an id goes down to 0 only, and only one that this cluster has not given out yet');
CREATE TRIGGER version_is_never_removed BEFORE DELETE ON version
    EXECUTE FUNCTION refuse('a version is never removed, because absence must be provable');
CREATE TRIGGER version_is_never_emptied BEFORE TRUNCATE ON version
    EXECUTE FUNCTION refuse('a version is never removed, because absence must be provable');
CREATE TRIGGER history_is_never_lowered BEFORE UPDATE ON history FOR EACH ROW
    WHEN (NEW.epoch < OLD.epoch OR (NEW.epoch = OLD.epoch AND NEW.beat < OLD.beat))
    EXECUTE FUNCTION refuse('pods take only greater epochs, and within one only greater beats');
CREATE TRIGGER history_is_never_removed BEFORE DELETE ON history
    EXECUTE FUNCTION refuse('it is the one row that says whose history this is');
CREATE TRIGGER history_is_never_emptied BEFORE TRUNCATE ON history
    EXECUTE FUNCTION refuse('it is the one row that says whose history this is');

ALTER TABLE version ENABLE ALWAYS TRIGGER version_is_never_lowered;
ALTER TABLE version ENABLE ALWAYS TRIGGER version_carries_its_xid;
ALTER TABLE version ENABLE ALWAYS TRIGGER version_begins_with_its_xid;
ALTER TABLE version ENABLE ALWAYS TRIGGER version_keeps_its_xid;
ALTER TABLE version ENABLE ALWAYS TRIGGER version_is_never_removed;
ALTER TABLE version ENABLE ALWAYS TRIGGER version_is_never_emptied;
ALTER TABLE history ENABLE ALWAYS TRIGGER history_is_never_lowered;
ALTER TABLE history ENABLE ALWAYS TRIGGER history_is_never_removed;
ALTER TABLE history ENABLE ALWAYS TRIGGER history_is_never_emptied;
