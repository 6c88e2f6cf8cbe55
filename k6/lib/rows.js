// The figures of a run as rows {name, value, unit, target, met}, as the reports of `bench` have them.

import { words } from './metrics.js';
import { order } from './plan.js';

const EXPRESSION = /^([a-z]+(?:\(([\d.]+)\))?)\s*([<>]=?|==)\s*([\d.]+)$/;

// A figure that is only told.
export function told(name, value, unit = '') {
  return { name, value, unit, target: null, met: null };
}

// A figure with a target.
export function judged(name, value, unit, target, met) {
  return { name, value, unit, target, met };
}

// A row for every threshold of a run.
export function ofThresholds(metrics) {
  return order.flatMap((name) =>
    Object.entries(metrics[name].thresholds).map(([expression, { ok }]) => row(name, metrics[name], expression, ok)),
  );
}

// What is told beside them: where answers came from, and how the times are spread.
export function ofLayers(metrics) {
  return Object.keys(words)
    .filter((name) => name.startsWith('answers_from_') && metrics[name])
    .map((name) => told(words[name], percent(metrics[name].values.rate), '%'));
}

export function ofSpread(metrics) {
  return ['read_duration', 'edit_delay']
    .filter((name) => metrics[name])
    .flatMap((name) =>
      [['p50', 'med'], ['greatest', 'max']].map(([figure, key]) =>
        told(`${words[name]}, ${figure}`, metrics[name].values[key], 'ms'),
      ),
    );
}

function row(name, metric, expression, ok) {
  const [, aggregate, percentile, operator, limit] = EXPRESSION.exec(expression);
  const { scope, meaning } = named(name);
  const [scale, unit] = scaled(metric);
  const suffix = percentile ? `, p${percentile}` : '';
  return judged(
    `${scope}${meaning}${suffix}`,
    scale(figure(metric, aggregate)),
    unit,
    `${operator === '==' ? '' : `${operator} `}${scale(Number(limit))}`,
    wasMeasured(metric) ? ok : null,
  );
}

// A figure of a metric, which the options must ask for.
export function figure(metric, name) {
  const value = metric.values[name];
  if (value === undefined) {
    throw new Error(`the summary has no ${name}, only ${Object.keys(metric.values)}`);
  }
  return value;
}

// k6 takes a threshold as met when there was nothing to hold it to.
function wasMeasured({ type, values }) {
  if (type === 'rate') {
    return values.passes + values.fails > 0;
  }
  return type !== 'trend' || values.max > 0;
}

// `read_duration{scenario:spike}` is the time to an answer in the scenario.
function named(name) {
  const [, metric, , scope] = /^([^{]+)({[a-z]+:([^}]+)})?$/.exec(name);
  return { scope: scope ? `${scope}: ` : '', meaning: words[metric] || metric };
}

function scaled(metric) {
  if (metric.type === 'rate') {
    return [percent, '%'];
  }
  return [(value) => value, metric.contains === 'time' ? 'ms' : ''];
}

// Rounded where a share stops being exact in binary, so that 0.999 is 99.9.
function percent(share) {
  return Math.round(share * 1e8) / 1e6;
}
