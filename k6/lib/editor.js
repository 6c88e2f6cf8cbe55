// Edits through catalog-admin, and how soon every storefront shows them.

import http from 'k6/http';
import exec from 'k6/execution';
import { sleep } from 'k6';

import { slo } from '../slo.js';
import { judge } from './answer.js';
import { parameters, popular, productOf } from './catalog.js';
import { learn, now } from './freshness.js';
import * as metrics from './metrics.js';
import { editorToken, editors, storefronts } from './settings.js';

// An edit leaves it in the product's brand until it is taken back.
const MARK = 'k6 edit ';
// Between two looks, in seconds: until the edit shows everywhere, and afterwards.
const LOOKING = 0.01;
const WATCHING = 0.25;
// For so much longer than the bound is looked, so that a miss is seen as one.
const PATIENCE_MS = 500;
const TRIES = 10;

// For `setup`: ends the run with one sentence when the editors' service or the token will not do.
export function admitted() {
  const response = http.get(`${editors()}/v1/products?limit=1`, request('GET admin /v1/products'));
  if (response.status === 401) {
    exec.test.abort(`catalog-admin refuses the token (${response.json('detail')}): make up makes a new one`);
  }
  if (response.status !== 200) {
    exec.test.abort(`catalog-admin at ${editors()} answers ${response.status} ${response.error}: see make status`);
  }
}

// Edits one popular product, watches it in every storefront for as long as the bound, and takes the edit back.
export function editAndWatch(products) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { id } = popular(products);
    const before = find(id);
    if (!before) {
      return;
    }
    // Somebody else's edit is still there; their product is theirs.
    if (!(before.brand || '').startsWith(MARK)) {
      const mark = MARK + crypto.randomUUID();
      const edit = patch(id, before.tag, mark);
      if (edit) {
        watch(edit);
        patch(id, edit.tag, before.brand);
      }
      return;
    }
  }
  metrics.editsConflicting.add(1);
}

// The product as the editors' service has it.
function find(id) {
  const response = http.get(address(id), request('GET admin /v1/products/{id}'));
  if (response.status !== 200) {
    metrics.editsAcknowledged.add(false);
    return null;
  }
  return { brand: response.json('brand'), tag: response.headers.Etag };
}

// Gives the product another brand, if nobody else has changed it since `tag`.
function patch(id, tag, brand) {
  const parametersOfPatch = request('PATCH admin /v1/products/{id}', {
    'If-Match': tag,
    'Content-Type': 'application/merge-patch+json',
  });
  const response = http.patch(address(id), JSON.stringify({ brand }), parametersOfPatch);
  const at = now();
  if (response.status === 412) {
    metrics.editsConflicting.add(1);
    return null;
  }
  metrics.editsAcknowledged.add(response.status === 200);
  if (response.status !== 200) {
    return null;
  }
  const version = response.json('version');
  learn(id, version, at);
  return { id, brand, version, at, tag: response.headers.Etag };
}

// Reads it from all storefronts at once until the bound has passed, judges every answer, and notes after how
// long each showed the edit for good: behind one address there may be several processes.
function watch(edit) {
  metrics.editsWatched.add(1);
  const all = storefronts();
  const requests = all.map((storefront) => ({
    method: 'GET',
    url: `${storefront}/v1/products/${edit.id}`,
    params: parameters('GET /v1/products/{id}'),
  }));
  const shownAfter = all.map(() => null);
  const until = edit.at + slo.freshness.boundMs + PATIENCE_MS;
  while (now() < until) {
    const askedAt = now();
    http.batch(requests).forEach((response, place) => {
      judge(response, askedAt, (it) => edited(it, edit));
      const shows = response.status === 200 && response.json('version') >= edit.version;
      shownAfter[place] = shows ? (shownAfter[place] ?? now() - edit.at) : null;
    });
    sleep(shownAfter.includes(null) ? LOOKING : WATCHING);
  }
  for (const after of shownAfter) {
    metrics.editsNotShown.add(after === null ? 1 : 0);
    metrics.editDelay.add(after ?? now() - edit.at);
  }
}

// The version that the edit made must bear its mark.
function edited(response, edit) {
  const shown = productOf(response, edit.id);
  const isOurs = shown && shown[0].version === edit.version;
  return isOurs && response.json('brand') !== edit.brand ? null : shown;
}

function address(id) {
  return `${editors()}/v1/products/${id}`;
}

function request(name, headers = {}) {
  const { tags, timeout } = parameters(name);
  return { headers: { ...headers, Authorization: `Bearer ${editorToken()}` }, tags, timeout };
}
