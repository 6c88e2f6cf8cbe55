const question = 'While storefronts read, does every edit show in time, and does no answer hide that it is older?';

import { constant } from './lib/arrivals.js';
import { listProducts } from './lib/catalog.js';
import { admitted, editAndWatch } from './lib/editor.js';
import { plan } from './lib/plan.js';
import { rate, seconds, whole } from './lib/settings.js';
import { browse } from './lib/storefront.js';
import { summary } from './lib/summary.js';
import { editing, reading } from './slo.js';

const length = seconds('30s');
const MOST_EDITS = 50;
// An edit is watched for as long as the bound and a little more.
const WATCHED_SECONDS = 3;

export const options = plan(
  {
    reads: constant(rate(100), length),
    edits: constant(whole('EDITS', 2, MOST_EDITS), length, { exec: 'edit', busy: WATCHED_SECONDS }),
  },
  { ...reading, ...editing },
);

export function setup() {
  admitted();
  return listProducts();
}

export default browse;
export const edit = editAndWatch;
export const handleSummary = summary('edit-while-reading', question);
