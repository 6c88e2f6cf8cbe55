const question = 'Does the canary answer as well as the stable version?';

import http from 'k6/http';

import { judge } from './lib/answer.js';
import { constant } from './lib/arrivals.js';
import { listProducts, nextStorefront, parameters, popular, productOf } from './lib/catalog.js';
import { CANARY, STABLE, compared, thresholds } from './lib/comparison.js';
import { now } from './lib/freshness.js';
import { plan } from './lib/plan.js';
import { addresses, rate, seconds } from './lib/settings.js';
import { summary } from './lib/summary.js';

// Either each has an address of its own, or the mesh divides the traffic and writes into every answer which
// of them gave it.
const HEADER = 'X-Vitrina-Subset';
const apart = Boolean(__ENV.BASE_STABLE || __ENV.BASE_CANARY);

export const options = plan(
  { canary: constant(rate(100), seconds('60s')) },
  thresholds,
);

export function setup() {
  if (!apart) {
    return listProducts();
  }
  // From both, because a storefront keeps in memory what it has listed.
  listProducts({ storefront: baseOf(CANARY) });
  return listProducts({ storefront: baseOf(STABLE) });
}

export default function canary(products) {
  const { id } = popular(products);
  if (apart) {
    // The first of two fills the shared cache for the second, so each is first as often.
    const order = Math.random() < 0.5 ? [STABLE, CANARY] : [CANARY, STABLE];
    order.forEach((subset) => read(baseOf(subset), id, () => subset));
  } else {
    read(nextStorefront(), id, (response) => response.headers[HEADER] || 'unknown');
  }
}

function read(storefront, id, subsetOf) {
  const askedAt = now();
  const response = http.get(`${storefront}/v1/products/${id}`, parameters('GET /v1/products/{id}'));
  judge(response, askedAt, (it) => productOf(it, id), { subset: subsetOf(response) });
}

function baseOf(subset) {
  return addresses(`BASE_${subset.toUpperCase()}`, `the address of the ${subset} version`)[0];
}

export const handleSummary = summary('canary', question, compared);
