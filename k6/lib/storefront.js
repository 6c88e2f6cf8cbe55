// What a storefront asks for, in the proportions of people who look around: mostly products, now and then
// a shelf, a page of a list, or a product by the name in its address.

import http from 'k6/http';

import { judge } from './answer.js';
import { nextStorefront, parameters, popular, productOf, readProduct } from './catalog.js';
import { now } from './freshness.js';

const SHELF = 12;

// One read of any kind.
export function browse(products) {
  const storefront = nextStorefront();
  const die = Math.random();
  if (die < 0.8) {
    readProduct(storefront, popular(products).id);
  } else if (die < 0.88) {
    readBySlug(storefront, popular(products));
  } else if (die < 0.95) {
    readShelf(storefront, Array.from({ length: SHELF }, () => popular(products).id));
  } else {
    readPage(storefront);
  }
}

export function readBySlug(storefront, { id, slug }) {
  const url = `${storefront}/v1/products/by-slug/${encodeURIComponent(slug)}`;
  read(url, 'GET /v1/products/by-slug/{slug}', (response) => productOf(response, id));
}

// Several at once, which must come back in the order that was asked for.
export function readShelf(storefront, chosen) {
  const ids = [...new Set(chosen)];
  const url = `${storefront}/v1/products?ids=${ids.join(',')}`;
  read(url, 'GET /v1/products?ids=', (response) => {
    const shown = response.json('products');
    const same = shown.length === ids.length && shown.every((it, place) => it.id === ids[place]);
    return same ? shown : null;
  });
}

// The newest products; of a list it is known only that it may not be empty.
export function readPage(storefront) {
  read(`${storefront}/v1/products?limit=24`, 'GET /v1/products', (response) => {
    const shown = response.json('items');
    return shown.length > 0 ? shown : null;
  });
}

function read(url, name, products) {
  const askedAt = now();
  judge(http.get(url, parameters(name)), askedAt, products);
}
