-- Safe under the previous release: there is none; every object here is new.
--
-- The catalog itself. Parts repeat their product's id so that a trigger knows whose version to
-- raise without a join; composite foreign keys keep that id true.

CREATE TYPE product_status AS ENUM ('draft', 'active', 'archived');
CREATE TYPE availability AS ENUM ('in_stock', 'few_left', 'out_of_stock');
CREATE TYPE media_kind AS ENUM ('image', 'video');
CREATE TYPE relation_kind AS ENUM ('related', 'cross_sell', 'up_sell', 'accessory');

-- A moment that RFC 3339 can write: finite, years 1 to 9999. NULL is for the column to judge.
CREATE FUNCTION is_writable_moment(at timestamptz) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN at >= '0001-01-02 00:00:00+00'::timestamptz AND at < '9999-12-31 00:00:00+00'::timestamptz;

-- The shapes of JSONB columns. What passes here can be read as a document by every service.
-- Jsonpath in strict mode, or lax mode would look inside arrays by itself.
CREATE FUNCTION are_texts(value jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN jsonb_typeof(value) = 'object'
        AND NOT jsonb_path_exists(value, 'strict $.* ? (@.type() != "string")');

CREATE FUNCTION are_texts_by_locale(value jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN are_texts(value)
        AND NOT jsonb_path_exists(value, 'strict $.keyvalue() ?
            (!(@.key like_regex "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$") || @.key like_regex "^.{16}")');

-- true, 1.5, "text", ["several", "texts"], {"value": 1.5, "unit": "kg"}
CREATE FUNCTION are_attributes(value jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN jsonb_typeof(value) = 'object'
        AND NOT jsonb_path_exists(value, 'strict $.* ? (
            @.type() == "null"
            || @.type() == "array" && exists(@[*] ? (@.type() != "string"))
            || @.type() == "object" && !(
                exists(@.keyvalue() ? (@.key == "value" && @.value.type() == "number"))
                && exists(@.keyvalue() ? (@.key == "unit" && @.value.type() == "string"))
                && !exists(@.keyvalue() ? (@.key != "value" && @.key != "unit"))))');

CREATE TABLE channel (
    code       text    PRIMARY KEY CHECK (code ~ '^[a-z0-9_-]{1,15}$'),
    is_default boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX channel_default ON channel (is_default) WHERE is_default;

CREATE TABLE locale (
    code       text    PRIMARY KEY CHECK (code ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' AND length(code) <= 15),
    fallback   text    REFERENCES locale,
    is_default boolean NOT NULL DEFAULT false,
    CONSTRAINT locale_fallback_is_another CHECK (fallback <> code)
);
CREATE UNIQUE INDEX locale_default ON locale (is_default) WHERE is_default;

CREATE TABLE currency (
    code       text     PRIMARY KEY CHECK (code ~ '^[A-Z]{3}$'),
    exponent   smallint NOT NULL CHECK (exponent BETWEEN 0 AND 4),
    is_default boolean  NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX currency_default ON currency (is_default) WHERE is_default;

CREATE TABLE product (
    id                 uuid           PRIMARY KEY,
    external_key       text           CHECK (length(external_key) BETWEEN 1 AND 200),
    slug               text           COLLATE "C" NOT NULL
        CONSTRAINT product_slug_format CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 200),
    status             product_status NOT NULL DEFAULT 'draft',
    brand              text           CHECK (length(brand) BETWEEN 1 AND 200),
    options            text[]         NOT NULL DEFAULT '{}'
        CHECK (cardinality(options) <= 20 AND array_position(options, NULL) IS NULL),
    attributes         jsonb          NOT NULL DEFAULT '{}' CHECK (are_attributes(attributes)),
    few_left_threshold integer        NOT NULL DEFAULT 5 CHECK (few_left_threshold >= 0),
    publish_at         timestamptz    CHECK (is_writable_moment(publish_at)),
    unpublish_at       timestamptz    CHECK (is_writable_moment(unpublish_at)),
    deleted_at         timestamptz,
    created_at         timestamptz    NOT NULL DEFAULT now() CHECK (is_writable_moment(created_at)),
    updated_at         timestamptz    NOT NULL DEFAULT now() CHECK (is_writable_moment(updated_at)),
    CONSTRAINT product_external_key UNIQUE (external_key),
    CONSTRAINT product_published_before_unpublished CHECK (publish_at < unpublish_at)
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX product_slug ON product (slug) WHERE deleted_at IS NULL;
CREATE INDEX product_newest ON product (created_at DESC, id DESC) WHERE deleted_at IS NULL;
-- The same for the products of one status.
CREATE INDEX product_of_status ON product (status, created_at DESC, id DESC) WHERE deleted_at IS NULL;
-- What the storefront's lists walk, here and below: everything that decides whether a row is listed
-- is in the index, so a walk over drafts, ended campaigns and products not yet published reads no row.
CREATE INDEX product_listed ON product (created_at DESC, id DESC) INCLUDE (publish_at, unpublish_at)
    WHERE deleted_at IS NULL AND status = 'active';

CREATE TABLE product_translation (
    product_id  uuid NOT NULL REFERENCES product,
    locale      text NOT NULL REFERENCES locale,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 1000),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 200000),
    PRIMARY KEY (product_id, locale)
);

CREATE TABLE variant (
    id         uuid    PRIMARY KEY,
    product_id uuid    NOT NULL REFERENCES product,
    sku        text    COLLATE "C" NOT NULL
        CONSTRAINT variant_sku_format CHECK (length(sku) BETWEEN 1 AND 200 AND sku !~ '[[:cntrl:]]' AND sku = btrim(sku)),
    barcode    text    CHECK (length(barcode) BETWEEN 1 AND 64),
    options    jsonb   NOT NULL DEFAULT '{}' CHECK (are_texts(options)),
    position   integer NOT NULL DEFAULT 0,
    deleted_at timestamptz,
    -- What the composite foreign keys of its parts refer to.
    CONSTRAINT variant_of_product UNIQUE (id, product_id)
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX variant_sku ON variant (sku) WHERE deleted_at IS NULL;
CREATE INDEX variant_product ON variant (product_id, position, id);

CREATE TABLE price (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id  uuid   NOT NULL,
    variant_id  uuid   NOT NULL,
    channel     text   NOT NULL REFERENCES channel,
    currency    text   NOT NULL REFERENCES currency,
    amount      bigint NOT NULL CHECK (amount >= 0),
    compare_at  bigint CHECK (compare_at >= 0),
    valid_from  timestamptz CHECK (is_writable_moment(valid_from)),
    valid_until timestamptz CHECK (is_writable_moment(valid_until)),
    CONSTRAINT price_of_variant FOREIGN KEY (variant_id, product_id) REFERENCES variant (id, product_id),
    CONSTRAINT price_begins UNIQUE NULLS NOT DISTINCT (variant_id, channel, currency, valid_from),
    CONSTRAINT price_begins_before_it_ends CHECK (valid_from < valid_until)
);
CREATE INDEX price_product ON price (product_id);
CREATE INDEX price_listed ON price (channel, currency, amount, product_id) INCLUDE (valid_from, valid_until);

CREATE TABLE stock (
    variant_id uuid    NOT NULL,
    product_id uuid    NOT NULL,
    location   text    NOT NULL CHECK (length(location) BETWEEN 1 AND 100),
    quantity   integer NOT NULL CONSTRAINT stock_is_not_negative CHECK (quantity >= 0),
    PRIMARY KEY (variant_id, location),
    CONSTRAINT stock_of_variant FOREIGN KEY (variant_id, product_id) REFERENCES variant (id, product_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX stock_product ON stock (product_id);

CREATE TABLE variant_availability (
    variant_id   uuid         PRIMARY KEY,
    product_id   uuid         NOT NULL,
    availability availability NOT NULL,
    CONSTRAINT availability_of_variant FOREIGN KEY (variant_id, product_id) REFERENCES variant (id, product_id)
) WITH (fillfactor = 85);
COMMENT ON TABLE variant_availability IS
    'What the storefront sees of stock. Written by the triggers of stock and product; no row: out of stock.';

CREATE TABLE category (
    id           uuid        PRIMARY KEY,
    external_key text        CHECK (length(external_key) BETWEEN 1 AND 200),
    slug         text        COLLATE "C" NOT NULL
        CONSTRAINT category_slug_format CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 200),
    parent_id    uuid        REFERENCES category,
    position     integer     NOT NULL DEFAULT 0,
    deleted_at   timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now() CHECK (is_writable_moment(created_at)),
    updated_at   timestamptz NOT NULL DEFAULT now() CHECK (is_writable_moment(updated_at)),
    CONSTRAINT category_external_key UNIQUE (external_key)
);
CREATE UNIQUE INDEX category_slug ON category (slug) WHERE deleted_at IS NULL;
CREATE INDEX category_parent ON category (parent_id, position, id);

CREATE TABLE category_translation (
    category_id uuid NOT NULL REFERENCES category,
    locale      text NOT NULL REFERENCES locale,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 1000),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 200000),
    PRIMARY KEY (category_id, locale)
);

CREATE TABLE product_category (
    product_id  uuid    NOT NULL REFERENCES product,
    category_id uuid    NOT NULL REFERENCES category,
    position    integer NOT NULL DEFAULT 0,
    PRIMARY KEY (product_id, category_id)
);
CREATE INDEX product_category_listing ON product_category (category_id, position, product_id);

CREATE TABLE media (
    id         uuid       PRIMARY KEY,
    product_id uuid       NOT NULL REFERENCES product,
    variant_id uuid,
    position   integer    NOT NULL DEFAULT 0,
    kind       media_kind NOT NULL DEFAULT 'image',
    url        text       NOT NULL CHECK (url ~ '^https?://[^[:space:]]+$' AND length(url) <= 2048),
    alt        jsonb      NOT NULL DEFAULT '{}' CHECK (are_texts_by_locale(alt)),
    CONSTRAINT media_of_variant FOREIGN KEY (variant_id, product_id) REFERENCES variant (id, product_id)
);
CREATE INDEX media_product ON media (product_id, position, id);
CREATE INDEX media_variant ON media (variant_id) WHERE variant_id IS NOT NULL;

CREATE TABLE relation (
    product_id uuid          NOT NULL REFERENCES product,
    related_id uuid          NOT NULL REFERENCES product,
    kind       relation_kind NOT NULL,
    position   integer       NOT NULL DEFAULT 0,
    PRIMARY KEY (product_id, related_id, kind),
    CONSTRAINT relation_is_to_another CHECK (related_id <> product_id)
);
CREATE INDEX relation_related ON relation (related_id);

-- Where an old slug leads. A living owner of the slug wins; the triggers keep the two apart.
CREATE TABLE slug_history (
    scope       text        NOT NULL CHECK (scope IN ('product', 'category')),
    slug        text        COLLATE "C" NOT NULL,
    entity_id   uuid        NOT NULL,
    replaced_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, slug)
);
CREATE INDEX slug_history_entity ON slug_history (entity_id);
