// The end of a run: a table on the terminal, and in the folder that VITRINA_REPORTS names the same as Markdown,
// as HTML and as JSON.

import { html, markdown } from './page.js';
import { ofLayers, ofSpread, ofThresholds } from './rows.js';

// For `handleSummary`. `conclude` may change the rows: what a script compares beyond its thresholds.
export function summary(script, question, conclude = (rows) => rows) {
  return ({ metrics, state }) => {
    const thresholds = ofThresholds(metrics);
    const rows = [...conclude(thresholds, metrics), ...ofSpread(metrics), ...ofLayers(metrics)];
    const report = { script, question, rows, seconds: state.testRunDurationMs / 1000 };
    const text = markdown(report);
    const folder = __ENV.VITRINA_REPORTS;
    if (!folder) {
      return { stdout: text };
    }
    return {
      stdout: text,
      [`${folder}/${script}.md`]: text,
      [`${folder}/${script}.html`]: html(report),
      [`${folder}/${script}.json`]: `${JSON.stringify(rows, null, 2)}\n`,
    };
  };
}
