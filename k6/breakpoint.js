const question = 'Up to which rate does the catalog meet its objectives?';

import { steps } from './lib/arrivals.js';
import { listProducts } from './lib/catalog.js';
import { plan } from './lib/plan.js';
import { figure, judged } from './lib/rows.js';
import { rate, seconds, whole } from './lib/settings.js';
import { browse } from './lib/storefront.js';
import { summary } from './lib/summary.js';
import { correct, objectives, only } from './slo.js';

// Each step is half as much again as the one before; ten of them are 38 times the first.
const FACTOR = 1.5;
// A step is judged when it has had this long to settle, or half of its time.
const SETTLE = 5;

const normal = rate(100);
const length = seconds('15s');
const rates = Array.from({ length: whole('STEPS', 10, 20) }, (_, step) => Math.round(normal * FACTOR ** step));
const name = (perSecond) => `at-${perSecond}`;

// The first step that misses an objective ends the run.
function ending(thresholds, step) {
  const delay = `${step * length + Math.min(SETTLE, Math.floor(length / 2))}s`;
  return Object.fromEntries(
    Object.entries(thresholds).map(([metric, expressions]) => [
      metric,
      expressions.map((threshold) => ({ threshold, abortOnFail: true, delayAbortEval: delay })),
    ]),
  );
}

export const options = plan(
  steps(rates.map((perSecond) => [name(perSecond), perSecond, length])),
  Object.assign(
    {},
    correct,
    ...rates.map((perSecond, step) => ending(only(`scenario:${name(perSecond)}`, objectives), step)),
  ),
);

export const setup = () => listProducts();
export default browse;

// A step that was missed is an answer and no failure, unless it is the first: the load of a normal day.
export const handleSummary = summary('breakpoint', question, (rows, metrics) => {
  const of = (perSecond) => rows.filter((row) => row.name.startsWith(`${name(perSecond)}: `));
  const sent = (perSecond) => metrics[`reads_available{scenario:${name(perSecond)}}`];
  const begun = rates.filter((perSecond) => figure(sent(perSecond), 'passes') + figure(sent(perSecond), 'fails') > 0);
  const broken = begun.findIndex((perSecond) => of(perSecond).some((row) => !row.met));
  const held = broken === -1 ? begun.length : broken;
  const best = held === 0 ? 0 : begun[held - 1];
  return [
    judged('highest rate that met every objective', best, '/s', `>= ${normal}`, best >= normal),
    ...rows.filter((row) => !row.name.startsWith('at-')),
    ...begun.flatMap(of).map((row) => ({ ...row, met: null })),
  ];
});
