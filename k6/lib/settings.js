// What the environment says. run.sh and the TestRun set it; the README has the list.

const MOST_PER_SECOND = 20000;
const LONGEST_SECONDS = 12 * 3600;

// Where storefronts read, without a slash at the end; one address or more.
export function storefronts() {
  return addresses('VITRINA_QUERY', 'the address of catalog-query, or several with commas');
}

// Where editors write.
export function editors() {
  return addresses('VITRINA_ADMIN', 'the address of catalog-admin')[0];
}

export function editorToken() {
  return required('VITRINA_EDITOR_TOKEN', "an editor's token").trim();
}

export function addresses(name, meaning) {
  return required(name, meaning)
    .split(',')
    .map((address) => address.trim().replace(/\/+$/, ''));
}

// Requests a second.
export function rate(usual) {
  return whole('RATE', usual, MOST_PER_SECOND);
}

// Any other count.
export function whole(name, usual, most) {
  const text = __ENV[name] || String(usual);
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new Error(`${name} is "${text}": give a whole number from 1 to ${most}`);
  }
  return count;
}

// How long, in seconds; written 30s, 10m or 4h.
export function seconds(usual) {
  const text = __ENV.DURATION || usual;
  const match = /^(\d+)([smh])$/.exec(text);
  const length = match ? Number(match[1]) * { s: 1, m: 60, h: 3600 }[match[2]] : 0;
  if (length < 1 || length > LONGEST_SECONDS) {
    throw new Error(`DURATION is "${text}": write it as 30s, 10m or 4h, at most 12h`);
  }
  return length;
}

// Only where it is used, so that `k6 inspect` and `k6 archive` need no stack.
function required(name, meaning) {
  const value = __ENV[name];
  if (!value) {
    throw new Error(`${name} is not set: give ${meaning}, or use k6/run.sh`);
  }
  return value;
}
