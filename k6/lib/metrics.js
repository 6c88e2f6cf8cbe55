// Every metric of ours, with the words that the summary has for it.

import { Counter, Rate, Trend } from 'k6/metrics';

const COUNT = (name) => new Counter(name);
const SHARE = (name) => new Rate(name);
const TIME = (name) => new Trend(name, true);

export const words = {
  dropped_iterations: 'reads not sent in their turn',
  checks: 'checks passed',
};

function metric(make, name, meaning) {
  words[name] = meaning;
  return make(name);
}

export const readsAvailable = metric(SHARE, 'reads_available', 'reads answered');
export const readsUnanswered = metric(COUNT, 'reads_unanswered', 'reads without any answer');
export const readDuration = metric(TIME, 'read_duration', 'time to an answer');
export const refusalDuration = metric(TIME, 'refusal_duration', 'time to a refusal');

export const answersJudged = metric(COUNT, 'answers_judged', 'answers judged');
export const wrongAnswers = metric(COUNT, 'wrong_answers', 'answers that are not what was asked for');
export const beyondBound = metric(
  COUNT,
  'unlabelled_beyond_bound',
  'answers older than the bound without saying so',
);
export const withoutLabel = metric(COUNT, 'answers_without_label', 'answers without Cache-Status');
export const answersStale = metric(SHARE, 'answers_stale', 'answers labelled stale');

export const editsAcknowledged = metric(SHARE, 'edits_acknowledged', 'edits acknowledged');
export const editsConflicting = metric(COUNT, 'edits_conflicting', "edits that met another editor's");
export const editsWatched = metric(COUNT, 'edits_watched', 'edits watched');
export const editsNotShown = metric(COUNT, 'edits_not_shown', 'edits that did not show in time');
export const editDelay = metric(TIME, 'edit_delay', 'acknowledgement to first answer');

// Which layer answered, as a share of all answers.
export const layers = Object.fromEntries(
  [
    ['moka', 'memory'],
    ['redis', 'Redis'],
    ['replica', 'a replica'],
    ['primary', 'the primary'],
  ].map(([layer, name]) => [
    layer,
    metric(SHARE, `answers_from_${layer}`, `answers out of ${name}`),
  ]),
);
