// The judgement of answers: what was asked for, in a version that the bound allows, saying how old it is.

import { check } from 'k6';

import * as metrics from './metrics.js';
import { now, owed, learn } from './freshness.js';

const MEMBER = /(?:^|,)\s*vitrina\s*;([^,]*)/;

// What our member of Cache-Status (RFC 9211) says: `ttl` is what is left of the bound, negative when it
// has passed, and `detail` is the layer. Caches before us add members of their own. Null without ours.
export function provenance(cacheStatus) {
  const member = MEMBER.exec(cacheStatus || '');
  if (!member) {
    return null;
  }
  const ttl = /ttl=(-?\d+)/.exec(member[1]);
  const detail = /detail=([a-z]+)/.exec(member[1]);
  return ttl && detail ? { layer: detail[1], stale: ttl[1].startsWith('-') } : null;
}

// Judges one answer to what was asked for at `askedAt`. `products` takes out of it what it shows, a list of
// {id, version}, or null if it is not what was asked for.
export function judge(response, askedAt, products, tags = {}) {
  const answeredAt = now();
  const answered = isAnswer(response.status);
  metrics.readsAvailable.add(answered, tags);
  if (!answered) {
    refused(response, tags);
    return;
  }
  const source = provenance(response.headers['Cache-Status']);
  const shown = response.status === 200 ? read(products, response) : null;
  const stale = source !== null && source.stale;
  const current = stale || !shown || shown.every((it) => it.version >= owed(it.id, askedAt));
  metrics.answersJudged.add(1, tags);
  metrics.readDuration.add(response.timings.duration, tags);
  metrics.wrongAnswers.add(shown ? 0 : 1, tags);
  metrics.withoutLabel.add(source ? 0 : 1, tags);
  metrics.beyondBound.add(current ? 0 : 1, tags);
  metrics.answersStale.add(stale, tags);
  for (const [layer, share] of Object.entries(metrics.layers)) {
    share.add(source !== null && layer === source.layer, tags);
  }
  const verdicts = {
    'is what was asked for': shown !== null,
    'says which layer answered and how old it may be': source !== null,
    'is not older than the bound without saying so': current,
  };
  check(null, verdicts, tags);
  (shown || []).forEach((it) => learn(it.id, it.version, answeredAt));
}

// A limit on the way answers 429, the catalog itself 503.
function isAnswer(status) {
  return status > 0 && status < 500 && status !== 429;
}

function refused(response, tags) {
  if (response.status === 0) {
    metrics.readsUnanswered.add(1, tags);
  } else {
    metrics.refusalDuration.add(response.timings.duration, tags);
  }
}

// A body that cannot be read is not what was asked for.
function read(products, response) {
  try {
    return products(response);
  } catch {
    return null;
  }
}
