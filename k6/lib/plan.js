// The options of a script: what it does, and what must hold.

import { slo } from '../slo.js';

// The figures of times that the summary tells.
const FIGURES = ['med', 'max', ...new Set([slo.latency, slo.freshness.delay].map((it) => `p(${it.percentile})`))];

// The thresholds in the order of the script; k6 gives them in none.
export let order = [];

export function plan(scenarios, thresholds) {
  order = Object.keys(thresholds);
  return { scenarios, thresholds, summaryTrendStats: FIGURES, setupTimeout: '2m' };
}
