// Two groups of answers side by side: what each must meet, and how much worse the canary may be.

import { canary, correct, only, reading, slo } from '../slo.js';
import { words } from './metrics.js';
import { figure, judged } from './rows.js';

export const STABLE = 'stable';
export const CANARY = 'canary';

const { dropped_iterations: sent, ...answers } = reading;
const FROM_MEMORY = 'answers_from_moka';
const LATENCY = `p(${slo.latency.percentile})`;

export const thresholds = {
  ...correct,
  dropped_iterations: sent,
  ...ofGroup(STABLE),
  ...ofGroup(CANARY),
};

// The objectives, enough traffic to say something, and the share out of memory: that one has no target of its
// own, but only metrics with a threshold reach the summary for each group.
function ofGroup(group) {
  return only(`subset:${group}`, {
    ...answers,
    answers_judged: [`count>=${canary.minimumReads}`],
    [FROM_MEMORY]: ['rate>=0'],
  });
}

// The rows of the comparison, after the others.
export function compared(rows, metrics) {
  const both = (metric, name) => [STABLE, CANARY].map((group) => figure(metrics[`${metric}{subset:${group}}`], name));
  return [
    ...rows.map((row) => (row.name.endsWith(words[FROM_MEMORY]) ? { ...row, target: null, met: null } : row)),
    slower(...both('read_duration', LATENCY)),
    less('reads answered', both('reads_available', 'rate'), canary.availability),
    less('answers out of memory', both(FROM_MEMORY, 'rate'), canary.fromMemory),
  ];
}

function slower(stable, own) {
  const limit = stable * canary.latency.factor + canary.latency.ms;
  const name = `canary against stable: time to an answer, p${slo.latency.percentile}`;
  return judged(name, own, 'ms', `<= ${limit.toFixed(2)}`, own <= limit);
}

function less(what, [stable, own], allowed) {
  const least = stable - allowed;
  const target = `>= ${(least * 100).toFixed(2)}`;
  return judged(`canary against stable: ${what}`, own * 100, '%', target, own >= least);
}
