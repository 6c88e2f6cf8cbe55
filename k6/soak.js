const question = 'Is the catalog after hours of normal load as fast and as fresh as it was in the beginning?';

import { steps } from './lib/arrivals.js';
import { listProducts } from './lib/catalog.js';
import { plan } from './lib/plan.js';
import { figure, judged } from './lib/rows.js';
import { rate, seconds } from './lib/settings.js';
import { browse } from './lib/storefront.js';
import { summary } from './lib/summary.js';
import { correct, only, reading, slo, soak } from './slo.js';

const LATENCY = `p(${slo.latency.percentile})`;
const normal = rate(100);
const length = Math.ceil(seconds('30m') / 3);

export const options = plan(
  steps([
    ['begin', normal, length],
    ['middle', normal, length],
    ['end', normal, length],
  ]),
  {
    ...correct,
    ...only('scenario:begin', reading),
    ...only('scenario:middle', reading),
    ...only('scenario:end', reading),
  },
);

export const setup = () => listProducts();
export default browse;
export const handleSummary = summary('soak', question, (rows, metrics) => {
  const [begin, end] = ['begin', 'end'].map((part) => figure(metrics[`read_duration{scenario:${part}}`], LATENCY));
  const limit = begin * soak.factor + soak.ms;
  const name = `end against begin: time to an answer, p${slo.latency.percentile}`;
  return [...rows, judged(name, end, 'ms', `<= ${limit.toFixed(2)}`, end <= limit)];
});
