// Do ranks come as often as Zipf's law says? The run is aborted if they do not.

import exec from 'k6/execution';

import { Zipf } from '../lib/zipf.js';

const DRAWS = 200000;

export default function ranksComeByTheLaw() {
  for (const [count, skew] of [[1, 0.99], [2, 0.99], [150, 0.99], [10000, 0.99], [1000, 1]]) {
    const zipf = new Zipf(count, skew);
    const drawn = new Array(count).fill(0);
    for (let draw = 0; draw < DRAWS; draw += 1) {
      drawn[zipf.draw()] += 1;
    }
    const weights = drawn.map((_, rank) => (rank + 1) ** -skew);
    const sum = weights.reduce((total, weight) => total + weight);
    const expected = weights.map((weight) => (DRAWS * weight) / sum);
    const deviation = chiSquare(drawn, expected);
    // Of a chi-square with k degrees of freedom the mean is k and the deviation the root of 2k: five of these
    // come once in millions of runs.
    const limit = deviation.degrees + 5 * Math.sqrt(2 * deviation.degrees);
    if (deviation.sum > limit || drawn.length !== count) {
      exec.test.abort(`of ${count} ranks with skew ${skew}: chi-square ${deviation.sum}, at most ${limit}`);
    }
  }
}

// Ranks that are expected rarely are taken together.
function chiSquare(drawn, expected) {
  let [sum, degrees, rarely, wanted] = [0, 0, 0, 0];
  drawn.forEach((times, rank) => {
    rarely += times;
    wanted += expected[rank];
    if (wanted >= 50) {
      sum += (rarely - wanted) ** 2 / wanted;
      degrees += 1;
      [rarely, wanted] = [0, 0];
    }
  });
  return { sum, degrees };
}
