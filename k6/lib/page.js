// A report as Markdown and as HTML.

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}' +
  'table{border-collapse:collapse;width:100%}td,th{padding:.3rem .8rem;border-bottom:1px solid #ddd;text-align:left}' +
  'td.figure{text-align:right;font-variant-numeric:tabular-nums}tr.missed{background:#fde8e8;font-weight:600}';

export function markdown(report) {
  const lines = report.rows.map(
    (row) => `| ${row.name} | ${figure(row.value)} ${row.unit} | ${row.target ?? ''} | ${verdict(row)} |`,
  );
  return [
    `# ${report.script}: ${report.question}`,
    '',
    conclusion(report),
    '',
    '| what | figure | target | |',
    '|---|---:|---|---|',
    ...lines,
    '',
  ].join('\n');
}

export function html(report) {
  const lines = report.rows.map(
    (row) =>
      `<tr class="${verdict(row).toLowerCase()}"><td>${escaped(row.name)}</td>` +
      `<td class="figure">${figure(row.value)} ${row.unit}</td>` +
      `<td>${escaped(row.target ?? '')}</td><td>${verdict(row)}</td></tr>`,
  );
  return [
    '<!doctype html>',
    `<html lang="en"><meta charset="utf-8"><title>${report.script}</title><style>${STYLE}</style>`,
    `<h1>${report.script}</h1><p>${escaped(report.question)}</p><p><strong>${conclusion(report)}</strong></p>`,
    '<table><tr><th>what</th><th>figure</th><th>target</th><th></th></tr>',
    ...lines,
    '</table></html>',
    '',
  ].join('\n');
}

function conclusion({ rows, seconds }) {
  const targets = rows.filter((row) => row.met !== null);
  const missed = targets.filter((row) => !row.met).length;
  const all = targets.length;
  const outcome = missed === 0 ? `All ${all} targets are met` : `MISSED: ${missed} of ${all} targets`;
  return `${outcome}, after ${Math.round(seconds)} s.`;
}

function verdict({ met }) {
  if (met === null) {
    return '';
  }
  return met ? 'met' : 'MISSED';
}

function figure(value) {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

function escaped(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
