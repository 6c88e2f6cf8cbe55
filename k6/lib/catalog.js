// What the catalog really lists, and reads of it.

import http from 'k6/http';
import exec from 'k6/execution';

import { judge } from './answer.js';
import { now } from './freshness.js';
import { storefronts } from './settings.js';
import { Zipf } from './zipf.js';

// More would cost every virtual user memory, and by Zipf's law hardly be read.
const MOST_PRODUCTS = 10000;
const PAGE = 100;
const HEADERS = { 'Accept-Encoding': 'gzip' };
const TIMEOUT = '10s';

// For `setup`: the ids and slugs of what the storefront lists, in an order of popularity of our own, the same
// in every run with the same catalog.
export function listProducts({ storefront = storefronts()[0], most = MOST_PRODUCTS } = {}) {
  const products = [];
  let cursor = null;
  do {
    const after = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const url = `${storefront}/v1/products?limit=${PAGE}${after}`;
    const response = http.get(url, parameters('GET /v1/products'));
    if (response.status !== 200) {
      exec.test.abort(`${url} answers ${response.status} ${response.error}: is catalog-query well?`);
    }
    const page = response.json();
    products.push(...page.items.map(({ id, slug }) => ({ id, slug })));
    cursor = page.next_cursor;
  } while (cursor && products.length < most);
  if (products.length === 0) {
    exec.test.abort(`${storefront} lists no product: load a catalog first, for example with make up`);
  }
  return shuffled(products.sort((one, other) => (one.id < other.id ? -1 : 1)));
}

let popularity = null;

// One of them by popularity. The distribution is made once in each virtual user.
export function popular(products) {
  popularity = popularity || new Zipf(products.length);
  return products[popularity.draw()];
}

// The addresses in turn, from another one in each virtual user.
export function nextStorefront() {
  const all = storefronts();
  return all[(exec.vu.idInTest + exec.vu.iterationInInstance) % all.length];
}

// Reads one product and judges the answer.
export function readProduct(storefront, id, tags = {}) {
  const askedAt = now();
  const response = http.get(`${storefront}/v1/products/${id}`, parameters('GET /v1/products/{id}'));
  judge(response, askedAt, (it) => productOf(it, id), tags);
  return response;
}

// The product that an answer shows, if it is the one; members are picked without decoding the rest.
export function productOf(response, id) {
  const product = { id: response.json('id'), version: response.json('version') };
  return product.id === id && product.version > 0 ? [product] : null;
}

// Requests are counted by their route, not by each address.
export function parameters(name) {
  return { headers: HEADERS, tags: { name }, timeout: TIMEOUT };
}

function shuffled(list) {
  const random = generator(1);
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [list[last], list[other]] = [list[other], list[last]];
  }
  return list;
}

// Park and Miller's minimal standard generator: Math.random takes no seed.
function generator(seed) {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
