-- Safe under the previous release: there is none; every object here is new.
--
-- What the admin service keeps for itself: who changed what, answers to repeated requests, imports,
-- and how far its change publisher has come.
-- Nothing here is shown to storefronts, so nothing here raises a version.

CREATE TABLE revision (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind      version_kind NOT NULL,
    entity_id uuid         NOT NULL,
    version   bigint       NOT NULL CHECK (version > 0),
    at        timestamptz  NOT NULL DEFAULT now(),
    actor     text         NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
    action    text         NOT NULL
        CHECK (action IN ('create', 'replace', 'patch', 'delete', 'import', 'stock')),
    document  jsonb
);
COMMENT ON COLUMN revision.document IS 'The document after the change; NULL where none is left, or none was kept.';
CREATE INDEX revision_entity ON revision (kind, entity_id, id DESC);

CREATE TABLE idempotency_key (
    key          text        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    actor        text        NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
    route        text        NOT NULL,
    request_hash bytea       NOT NULL,
    status       smallint    NOT NULL CHECK (status BETWEEN 100 AND 599),
    etag         text,
    body         jsonb,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor, route, key)
);
CREATE INDEX idempotency_key_age ON idempotency_key (created_at);

CREATE TABLE import (
    id          uuid        PRIMARY KEY,
    actor       text        NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
    state       text        NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'finished', 'failed')),
    lines_total bigint      NOT NULL DEFAULT 0 CHECK (lines_total >= 0),
    last_line   bigint      NOT NULL DEFAULT 0 CHECK (last_line >= 0),
    created     bigint      NOT NULL DEFAULT 0 CHECK (created >= 0),
    updated     bigint      NOT NULL DEFAULT 0 CHECK (updated >= 0),
    unchanged   bigint      NOT NULL DEFAULT 0 CHECK (unchanged >= 0),
    rejected    bigint      NOT NULL DEFAULT 0 CHECK (rejected >= 0),
    errors_dropped bigint   NOT NULL DEFAULT 0 CHECK (errors_dropped >= 0),
    started_at  timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    failure     text,
    CONSTRAINT import_ends_once CHECK ((state = 'running') = (finished_at IS NULL))
);
COMMENT ON COLUMN import.last_line IS 'The last line of the body that is done: whoever tries again begins behind it.';
COMMENT ON COLUMN import.errors_dropped IS 'How many errors were told of its lines beside those of import_error.';
CREATE INDEX import_newest ON import (started_at DESC, id DESC);

CREATE TABLE import_error (
    import_id uuid   NOT NULL REFERENCES import ON DELETE CASCADE,
    line      bigint NOT NULL CHECK (line > 0),
    pointer   text   NOT NULL,
    code      text   NOT NULL,
    detail    text   NOT NULL,
    PRIMARY KEY (import_id, line, pointer, code)
);

-- What the change publisher has to remember beside its replication slot, which knows only how far
-- changes have been published: whether every row has been published since the epoch began or the
-- slot was made. Without that, a publisher that dies in between would leave a feed with holes.
CREATE TABLE published (
    slot       text   PRIMARY KEY,
    epoch      bigint CHECK (epoch > 0),
    generation uuid   NOT NULL DEFAULT gen_random_uuid()
);
COMMENT ON TABLE published IS
    'The slot''s feed holds every version row as of this epoch or later. No epoch: all are owed to the feed.';
COMMENT ON COLUMN published.generation IS
    'Another one each time that all are owed anew, so that who published for an older slot cannot say that it did for this one.';
