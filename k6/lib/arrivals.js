// Scenarios in which requests arrive at a rate: a slow answer does not make the next request later, so that
// slowness is seen and not hidden.

// For how long a virtual user is reckoned to be busy with one request; to make another in mid-run costs turns.
const BUSY_SECONDS = 0.25;
// For how long what is under way may still be answered when a scenario ends.
const GRACE = '5s';

// The same rate for so many seconds, after `start` seconds.
export function constant(rate, seconds, { start = 0, exec = 'default', busy = BUSY_SECONDS } = {}) {
  return {
    executor: 'constant-arrival-rate',
    rate,
    timeUnit: '1s',
    duration: `${seconds}s`,
    startTime: `${start}s`,
    gracefulStop: GRACE,
    exec,
    ...users(rate, busy),
  };
}

// Up to the rate, there for so many seconds, and down again.
export function ramped(rate, seconds, ramp, busy = BUSY_SECONDS) {
  return {
    executor: 'ramping-arrival-rate',
    startRate: 0,
    timeUnit: '1s',
    stages: [
      { target: rate, duration: `${ramp}s` },
      { target: rate, duration: `${seconds}s` },
      { target: 0, duration: `${ramp}s` },
    ],
    gracefulStop: GRACE,
    ...users(rate, busy),
  };
}

// One after another. `steps` are [name, rate, seconds].
export function steps(list) {
  let start = 0;
  const scenarios = {};
  for (const [name, rate, seconds] of list) {
    scenarios[name] = constant(rate, seconds, { start });
    start += seconds;
  }
  return scenarios;
}

// Virtual users for a rate at which each is busy for so many seconds, and up to four times as many.
function users(rate, busy) {
  const needed = Math.ceil(rate * busy) + 5;
  return { preAllocatedVUs: Math.min(needed, 1000), maxVUs: Math.min(needed * 4, 2000) };
}
