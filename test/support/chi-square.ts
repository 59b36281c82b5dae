/** The upper tail of the chi-square distribution, for tests of randomness. */

/**
 * P(χ² ≥ x) with `degrees` degrees of freedom: the regularised upper incomplete gamma function Q(degrees/2, x/2), by its
 * series (DLMF 8.7.1) below its middle and by Legendre's continued fraction (DLMF 8.9.2, evaluated after Lentz 1976)
 * above. Good to some 12 digits up to tens of thousands of degrees.
 */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(degrees > 0) || Number.isNaN(x)) throw new RangeError(`no chi-square tail: x=${x}, degrees=${degrees}`);
  if (x <= 0) return 1;
  const [a, z] = [degrees / 2, x / 2];
  const scale = Math.exp(a * Math.log(z) - z - logGamma(a));
  return z < a + 1 ? 1 - scale * seriesOf(a, z) : scale * fractionOf(a, z);
}

function seriesOf(a: number, z: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= z / (a + n);
    sum += term;
  }
  return sum;
}

function fractionOf(a: number, z: number): number {
  let b = z + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let value = d;
  for (let i = 1; i < 100_000; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const step = c * d;
    value *= step;
    if (Math.abs(step - 1) < 4 * Number.EPSILON) break;
  }
  return value;
}

/** ln Γ(a) by Stirling's series (DLMF 5.11.1), moved up to where five terms give full precision. */
function logGamma(a: number): number {
  let [at, shift] = [a, 0];
  for (; at < 15; at++) shift += Math.log(at);
  const inverse = 1 / (at * at);
  const tail = 1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)));
  return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + tail / at - shift;
}
