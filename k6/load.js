const question = 'Does the catalog meet its objectives at the load of a normal day?';

import { ramped } from './lib/arrivals.js';
import { listProducts } from './lib/catalog.js';
import { plan } from './lib/plan.js';
import { rate, seconds } from './lib/settings.js';
import { browse } from './lib/storefront.js';
import { summary } from './lib/summary.js';
import { reading } from './slo.js';

const RAMP = 5;

export const options = plan(
  { load: ramped(rate(200), seconds('60s'), RAMP) },
  reading,
);

export const setup = () => listProducts();
export default browse;
export const handleSummary = summary('load', question);
