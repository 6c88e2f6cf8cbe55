// The service level objectives, and the thresholds that hold every script to them. The alerts use the
// same figures: change them in both places.

export const slo = {
  // Of all reads, how many are answered: 5xx, 429 and silence are no answers.
  availability: 0.999,
  // How soon a read is answered, as its caller sees it.
  latency: { percentile: 99, ms: 100 },
  freshness: {
    // How old an answer may be without saying so: VITRINA_FRESHNESS__BOUND.
    boundMs: 2000,
    // How soon after its acknowledgement an edit shows.
    delay: { percentile: 99, ms: 250 },
    // Of all answers, how many may say that they are older than the bound.
    stale: 0.001,
  },
  // Of all edits, how many are acknowledged; one that met another editor's counts neither way.
  editing: 0.999,
};

// A canary is as good as the stable version when it is at most so much worse. With fewer reads than
// these nothing is said of it.
export const canary = {
  minimumReads: 500,
  availability: 0.001,
  latency: { factor: 1.2, ms: 5 },
  fromMemory: 0.05,
};

// How much slower the end of a long run may be than its beginning.
export const soak = { factor: 1.5, ms: 5 };

// A run without answers proves nothing.
const measured = { answers_judged: ['count>0'] };

// What no answer may be, whatever the load and whatever has failed.
const never = {
  wrong_answers: ['count==0'],
  unlabelled_beyond_bound: ['count==0'],
  answers_without_label: ['count==0'],
};

export const correct = { ...measured, ...never };

const fast = `p(${slo.latency.percentile})<${slo.latency.ms}`;

// What reads must meet while the load is one that the catalog is made for.
export const objectives = {
  ...never,
  reads_available: [`rate>=${slo.availability}`],
  read_duration: [fast],
  answers_stale: [`rate<=${slo.freshness.stale}`],
  // What is not sent in its turn is not measured, so that the other figures would flatter.
  dropped_iterations: ['count==0'],
};

export const reading = { ...measured, ...objectives };

// What a smoke test looks at: that answers are right, however slow the machine.
export const answering = {
  ...correct,
  reads_available: objectives.reads_available,
  checks: ['rate==1'],
};

// What edits must meet beside them; a run without any proves nothing of them.
export const editing = {
  edits_watched: ['count>0'],
  edits_acknowledged: [`rate>=${slo.editing}`],
  edits_not_shown: ['count==0'],
  edit_delay: [`p(${slo.freshness.delay.percentile})<${slo.freshness.delay.ms}`],
};

// Of load above what can be carried, the surplus is refused as quickly as the rest is answered.
export const shedding = {
  read_duration: [fast],
  refusal_duration: [fast],
  reads_unanswered: ['count==0'],
};

// The same for one scenario, or for one group of answers.
export function only(tag, thresholds) {
  return Object.fromEntries(
    Object.entries(thresholds).map(([metric, expressions]) => [`${metric}{${tag}}`, expressions]),
  );
}
