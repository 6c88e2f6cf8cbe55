const question = 'Does every storefront answer every kind of read with what was asked for?';

import { constant } from './lib/arrivals.js';
import { listProducts, popular, readProduct } from './lib/catalog.js';
import { plan } from './lib/plan.js';
import { readBySku, readCategories, readNobody, readUnchanged } from './lib/probes.js';
import { rate, seconds, storefronts } from './lib/settings.js';
import { readBySlug, readPage, readShelf } from './lib/storefront.js';
import { summary } from './lib/summary.js';
import { answering } from './slo.js';

export const options = plan({ smoke: constant(rate(2), seconds('10s')) }, answering);

// A few products will do, and are soon listed.
export const setup = () => listProducts({ most: 500 });

export default function smoke(products) {
  for (const storefront of storefronts()) {
    const product = popular(products);
    const response = readProduct(storefront, product.id);
    readBySlug(storefront, product);
    readShelf(storefront, products.slice(0, 3).map((it) => it.id));
    readPage(storefront);
    readNobody(storefront);
    readCategories(storefront);
    if (response.status === 200) {
      readBySku(storefront, response);
      readUnchanged(storefront, response);
    }
  }
}

export const handleSummary = summary('smoke', question);
