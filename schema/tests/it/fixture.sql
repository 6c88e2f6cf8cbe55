-- A sock with two variants, in a category, with a picture, pointing to a hat.
INSERT INTO category (id, external_key, slug, parent_id, position, created_at, updated_at) VALUES
    ('00000000-0000-0000-0000-0000000000c1', 'CLOTHES', 'clothes', NULL, 1,
     '2026-01-02T03:04:05Z', '2026-01-02T03:04:05.678901Z'),
    ('00000000-0000-0000-0000-0000000000c2', NULL, 'socks', '00000000-0000-0000-0000-0000000000c1', 2,
     '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z');
INSERT INTO category_translation (category_id, locale, name, description) VALUES
    ('00000000-0000-0000-0000-0000000000c2', 'en', 'Socks', 'For feet'),
    ('00000000-0000-0000-0000-0000000000c2', 'de', 'Socken', '');
INSERT INTO product (id, external_key, slug, status, brand, options, attributes,
                     publish_at, unpublish_at, created_at, updated_at) VALUES
    ('00000000-0000-0000-0000-0000000000a1', 'SOCK', 'wool-sock', 'active', 'Sheep', '{size,color}',
     '{"material": "wool", "washable": true, "rating": 4.50, "tags": ["warm", "soft"],
       "weight": {"value": 80, "unit": "g"}}',
     '2026-03-01T00:00:00+01:00', NULL, '2026-01-02T03:04:05Z', '2026-01-02T03:04:05.678901Z'),
    ('00000000-0000-0000-0000-0000000000a2', NULL, 'felt-hat', 'draft', NULL, '{}', '{}',
     NULL, NULL, '2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z');
INSERT INTO product_translation (product_id, locale, name, description) VALUES
    ('00000000-0000-0000-0000-0000000000a1', 'en', 'Wool sock', 'Warm'),
    ('00000000-0000-0000-0000-0000000000a1', 'de', 'Wollsocke', '');
INSERT INTO variant (id, product_id, sku, barcode, options, position) VALUES
    ('00000000-0000-0000-0000-0000000000b2', '00000000-0000-0000-0000-0000000000a1', 'SOCK-M', NULL,
     '{"size": "M", "color": "grey"}', 2),
    ('00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000a1', 'SOCK-L', '4006381333931',
     '{"size": "L", "color": "grey"}', 1),
    ('00000000-0000-0000-0000-0000000000b3', '00000000-0000-0000-0000-0000000000a2', 'HAT', NULL, '{}', 0);
INSERT INTO price (product_id, variant_id, channel, currency, amount, compare_at, valid_from, valid_until) VALUES
    ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000b1', 'web', 'EUR', 899, 1299,
     '2026-11-27T09:00:00Z', '2026-11-28T00:00:00Z'),
    ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000b1', 'web', 'EUR', 1299, NULL, NULL, NULL),
    ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000b1', 'pos', 'EUR', 1399, NULL, NULL, NULL);
INSERT INTO stock (variant_id, product_id, location, quantity) VALUES
    ('00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000a1', 'main', 6),
    ('00000000-0000-0000-0000-0000000000b1', '00000000-0000-0000-0000-0000000000a1', 'shop', 5),
    ('00000000-0000-0000-0000-0000000000b3', '00000000-0000-0000-0000-0000000000a2', 'main', 1);
INSERT INTO product_category (product_id, category_id, position) VALUES
    ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c2', 3),
    ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000c1', 7);
INSERT INTO media (id, product_id, variant_id, position, kind, url, alt) VALUES
    ('00000000-0000-0000-0000-0000000000d1', '00000000-0000-0000-0000-0000000000a1', NULL, 1,
     'image', 'https://pictures.example/sock.jpg', '{"en": "A sock"}'),
    ('00000000-0000-0000-0000-0000000000d2', '00000000-0000-0000-0000-0000000000a1',
     '00000000-0000-0000-0000-0000000000b1', 0, 'video', 'https://pictures.example/sock.mp4', '{}');
INSERT INTO relation (product_id, related_id, kind, position) VALUES
    ('00000000-0000-0000-0000-0000000000a1', '00000000-0000-0000-0000-0000000000a2', 'accessory', 0);
