const question =
  'When ten times the normal load arrives at once, is what is admitted still fast, is the rest refused quickly, ' +
  'and is all well afterwards?';

import { steps } from './lib/arrivals.js';
import { listProducts } from './lib/catalog.js';
import { plan } from './lib/plan.js';
import { rate, seconds } from './lib/settings.js';
import { browse } from './lib/storefront.js';
import { summary } from './lib/summary.js';
import { correct, only, reading, shedding } from './slo.js';

// After so many seconds the surplus must be forgotten.
const RECOVERY = 5;
const normal = rate(50);
const length = seconds('20s');

export const options = plan(
  steps([
    ['before', normal, length],
    ['spike', normal * 10, length],
    ['recovery', normal, RECOVERY],
    ['after', normal, length],
  ]),
  {
    ...correct,
    ...only('scenario:before', reading),
    ...only('scenario:spike', shedding),
    ...only('scenario:recovery', shedding),
    ...only('scenario:after', reading),
  },
);

export const setup = () => listProducts();
export default browse;
export const handleSummary = summary('spike', question);
