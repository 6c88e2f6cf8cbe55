// Ranks by Zipf's law: a few products take most of the reads. Sampled by rejection-inversion (Hörmann and
// Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", 1996): the
// constants are computed once, a draw takes constant time, and no table is needed however large the catalog.

// The skew that YCSB made usual for key-value reads.
export const SKEW = 0.99;

export class Zipf {
  constructor(count, skew = SKEW) {
    this.count = count;
    this.skew = skew;
    this.first = this.integral(1.5) - 1;
    this.last = this.integral(count + 0.5);
    this.shift = 2 - this.inverse(this.integral(2.5) - this.weight(2));
  }

  // A rank from 0, the most popular, to count - 1.
  draw(random = Math.random) {
    for (;;) {
      const area = this.last + random() * (this.first - this.last);
      const at = this.inverse(area);
      const rank = Math.min(Math.max(Math.round(at), 1), this.count);
      if (rank - at <= this.shift || area >= this.integral(rank + 0.5) - this.weight(rank)) {
        return rank - 1;
      }
    }
  }

  weight(rank) {
    return rank ** -this.skew;
  }

  // The antiderivative of the weight, and its inverse; a skew of 1 makes it a logarithm.
  integral(at) {
    const power = 1 - this.skew;
    return power === 0 ? Math.log(at) : Math.expm1(power * Math.log(at)) / power;
  }

  inverse(area) {
    const power = 1 - this.skew;
    return power === 0 ? Math.exp(area) : Math.exp(Math.log1p(power * area) / power);
  }
}
