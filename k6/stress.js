const question = 'Does the catalog meet its objectives at two and three times the load of a normal day?';

import { steps } from './lib/arrivals.js';
import { listProducts } from './lib/catalog.js';
import { plan } from './lib/plan.js';
import { rate, seconds } from './lib/settings.js';
import { browse } from './lib/storefront.js';
import { summary } from './lib/summary.js';
import { correct, only, reading } from './slo.js';

const normal = rate(200);
const length = seconds('30s');
const levels = [1, 2, 3];

export const options = plan(
  steps(levels.map((times) => [`load-x${times}`, normal * times, length])),
  Object.assign({}, correct, ...levels.map((times) => only(`scenario:load-x${times}`, reading))),
);

export const setup = () => listProducts();
export default browse;
export const handleSummary = summary('stress', question);
