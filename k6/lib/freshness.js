// What a virtual user knows of versions, and when it came to know it. Whatever it was told of a version, by the
// acknowledgement of its own edit or by any answer of any process, every read that it sends more than the bound
// later must show at least that version, or say that it is stale. Virtual users share no memory, so each judges
// by what it has seen itself: that misses some faults, and accuses nobody wrongly.

import exec from 'k6/execution';

import { slo } from '../slo.js';

const known = new Map();

// Milliseconds of this process's monotonic clock; the wall clock may jump.
export function now() {
  return exec.instance.currentTestRunDuration;
}

// Version `version` of the product was there at `at`, or before.
export function learn(product, version, at) {
  const steps = known.get(product);
  if (!steps) {
    known.set(product, [{ version, at }]);
  } else if (version > steps[steps.length - 1].version) {
    steps.push({ version, at });
  }
}

// The least version that an unlabelled answer to a read sent at `askedAt` may show.
export function owed(product, askedAt) {
  const steps = known.get(product);
  if (!steps) {
    return 0;
  }
  // Of what is older than the bound, only the newest matters from now on.
  while (steps.length > 1 && steps[1].at + slo.freshness.boundMs < askedAt) {
    steps.shift();
  }
  return steps[0].at + slo.freshness.boundMs < askedAt ? steps[0].version : 0;
}
