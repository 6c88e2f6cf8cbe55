// The kinds of read that only the smoke test needs, each with its checks.

import http from 'k6/http';
import { check } from 'k6';

import { judge, provenance } from './answer.js';
import { parameters, productOf } from './catalog.js';
import { now } from './freshness.js';

// An id that no product has.
const NOBODY = '00000000-0000-4000-8000-000000000000';

// The product again, by the SKU of a variant that it has.
export function readBySku(storefront, product) {
  const sku = product.json('variants.0.sku');
  if (sku === undefined) {
    return;
  }
  const askedAt = now();
  const response = get(`${storefront}/v1/products/by-sku/${encodeURIComponent(sku)}`, 'GET /v1/products/by-sku/{sku}');
  judge(response, askedAt, (it) => productOf(it, product.json('id')));
}

// The same again by somebody who has it already: nothing is sent, unless it was edited meanwhile.
export function readUnchanged(storefront, product) {
  const known = product.headers.Etag;
  const wanted = parameters('GET /v1/products/{id}');
  wanted.headers = { ...wanted.headers, 'If-None-Match': known };
  const response = http.get(`${storefront}/v1/products/${product.json('id')}`, wanted);
  check(response, {
    'what is unchanged is not sent again': (it) => it.status === 304 || it.headers.Etag !== known,
  });
}

// What does not exist is said so in the form of all errors, and dated like any answer.
export function readNobody(storefront) {
  const response = get(`${storefront}/v1/products/${NOBODY}`, 'GET /v1/products/{id}');
  check(response, {
    'a product that does not exist is not found': (it) =>
      it.status === 404 && it.json('type') === '/problems/not-found',
    'an absence says how old it may be': (it) => provenance(it.headers['Cache-Status']) !== null,
  });
}

// The tree of categories, and one of them in its place.
export function readCategories(storefront) {
  const tree = get(`${storefront}/v1/categories`, 'GET /v1/categories');
  check(tree, { 'the tree of categories is answered': (it) => it.status === 200 });
  const slug = tree.status === 200 ? tree.json('items.0.slug') : undefined;
  if (slug === undefined) {
    return;
  }
  const category = get(`${storefront}/v1/categories/${encodeURIComponent(slug)}`, 'GET /v1/categories/{slug}');
  check(category, {
    'a category is the one that was asked for': (it) => it.status === 200 && it.json('slug') === slug,
  });
}

function get(url, name) {
  return http.get(url, parameters(name));
}
