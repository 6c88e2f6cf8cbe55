-- Safe under the previous release: there is none. Rows only; more can be inserted at any time.
--
-- The rules of a new catalog: where it sells, in which languages, for which money.

INSERT INTO channel (code, is_default) VALUES ('web', true), ('pos', false);
INSERT INTO locale (code, fallback, is_default) VALUES ('en', NULL, true), ('de', 'en', false);
INSERT INTO currency (code, exponent, is_default) VALUES ('EUR', 2, true), ('USD', 2, false), ('GBP', 2, false);
