// What a compiled formula computes with. A number is a number, an array {s: sizes, d: entries, row by row}.
const A = (() => {
const arr = (s, d) => s.length ? {s, d} : d[0];
const sizes = a => a.s || [];
const data = a => a.s ? a.d : [a];
const count = s => s.reduce((n, k) => n * k, 1);
// Element by element; arrays meet at their last sizes, and a size of 1 serves for any.
const both = (f, a, b) => {
  if (!a.s && !b.s) return f(a, b);
  if (!b.s) return {s: a.s, d: a.d.map(x => f(x, b))};
  if (!a.s) return {s: b.s, d: b.d.map(y => f(a, y))};
  if (a.s.length === b.s.length && a.s.every((n, i) => n === b.s[i]))
    return {s: a.s, d: a.d.map((x, i) => f(x, b.d[i]))};
  const r = Math.max(a.s.length, b.s.length), wide = s => Array(r - s.length).fill(1).concat(s);
  const u = wide(a.s), v = wide(b.s), s = u.map((n, i) => Math.max(n, v[i])), d = [];
  for (let p = 0; p < count(s); p++) {
    let i = 0, j = 0, rest = p, k = 1, l = 1;
    for (let q = r - 1; q >= 0; q--) {
      const x = rest % s[q];
      rest = (rest - x) / s[q];
      if (u[q] > 1) i += x * k;
      if (v[q] > 1) j += x * l;
      k *= u[q];
      l *= v[q];
    }
    d.push(f(a.d[i], b.d[j]));
  }
  return {s, d};
};
const map = (f, a) => a.s ? {s: a.s, d: a.d.map(x => f(x))} : f(a);
const rows = a => a.s ? a.s.length < 2 ? [a.s[0], 1] : [a.s[0], count(a.s.slice(1))] : [1, 1];
// a @ b; isRow: the vector a lies. rank is that of the result.
const product = (a, b, isRow, rank) => {
  const [m, n] = isRow ? [1, data(a).length] : rows(a), k = rows(b)[1], x = data(a), y = data(b), d = [];
  for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) {
    let t = 0;
    for (let l = 0; l < n; l++) t += x[i * n + l] * y[l * k + j];
    d.push(t);
  }
  return rank ? {s: rank < 2 ? [d.length] : [m, k], d} : d[0];
};
const transpose = a => {
  if (!a.s) return a;
  if (a.s.length < 2) return {s: [1, a.s[0]], d: a.d};
  const [m, n] = a.s, d = [];
  for (let j = 0; j < n; j++) for (let i = 0; i < m; i++) d.push(a.d[i * n + j]);
  return {s: [n, m], d};
};
const best = (isMax, v) => v.reduce((b, x, i) => b < 0 || (isMax ? x > v[b] : x < v[b]) ? i : b, -1);
const sum = v => v.reduce((t, x) => t + x, 0);
const variance = v => { const m = sum(v) / v.length; return v.reduce((t, x) => t + (x - m) * (x - m), 0) / v.length; };
const reductions = {
  sum, mean: v => sum(v) / v.length, prod: v => v.reduce((t, x) => t * x, 1),
  norm: v => Math.sqrt(v.reduce((t, x) => t + x * x, 0)), var: variance, std: v => Math.sqrt(variance(v)),
  max: v => v[best(true, v)], min: v => v[best(false, v)],
};
// The groups of places along an axis from 0, null for all, and the sizes without it.
const groups = (s, axis) => {
  if (axis === null) return [[[...Array(count(s)).keys()]], []];
  const n = s[axis], inner = count(s.slice(axis + 1)), outer = count(s.slice(0, axis)), g = [];
  for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++)
    g.push([...Array(n).keys()].map(k => (o * n + k) * inner + i));
  return [g, s.filter((_, i) => i !== axis)];
};
const reduce = (kind, a, axis) => {
  const v = data(a), [g, s] = groups(sizes(a), sizes(a).length > 1 ? axis : null);
  return arr(s, g.map(p => reductions[kind](p.map(i => v[i]))));
};
const byRow = (f, a) => {
  const n = sizes(a).length ? a.s[a.s.length - 1] : 1, v = data(a), d = [];
  for (let p = 0; p < v.length; p += n) d.push(...f(v.slice(p, p + n)));
  return arr(sizes(a), d);
};
const softmax = a => byRow(v => {
  const top = Math.max(...v), e = v.map(x => Math.exp(x - top)), t = sum(e);
  return e.map(x => x / t);
}, a);
const logSoftmax = a => byRow(v => {
  const top = Math.max(...v), l = Math.log(sum(v.map(x => Math.exp(x - top)))) + top;
  return v.map(x => x - l);
}, a);
const diagonal = a => {
  const n = a.s[0];
  if (a.s.length > 1) return {s: [Math.min(...a.s)], d: [...Array(Math.min(...a.s)).keys()].map(i => a.d[i * a.s[1] + i])};
  const d = Array(n * n).fill(0);
  a.d.forEach((x, i) => d[i * n + i] = x);
  return {s: [n, n], d};
};
const identity = n => diagonal({s: [n], d: Array(n).fill(1)});
const fill = (s, x) => arr(s, Array(count(s)).fill(x));
const list = parts => arr([parts.length, ...sizes(parts[0])], parts.flatMap(data));
const choose = (c, a, b, s) => {
  if (c.s) return both((x, y) => x + y, both((p, x) => p ? x : 0, c, a), both((p, x) => p ? 0 : x, c, b));
  const chosen = c ? a : b;
  return sizes(chosen).length < s.length ? both((x, _) => x, chosen, fill(s, 0)) : chosen;
};
// Each index: null for all, [first, last] from 0, or a position from 1.
const entry = (a, indices) => {
  let places = [0];
  const s = [];
  indices.forEach((index, q) => {
    const n = a.s[q];
    const chosen = index === null ? [...Array(n).keys()]
      : Array.isArray(index) ? [...Array(Math.max(0, index[1] - index[0] + 1)).keys()].map(i => i + index[0]) : [index - 1];
    if (index === null || Array.isArray(index)) s.push(chosen.length);
    places = places.flatMap(p => chosen.map(i => p * n + i));
  });
  return arr(s, places.map(p => a.d[p]));
};
const indexSum = (from, to, f) => {
  let t = 0;
  for (let i = from; i <= to; i++) t = i === from ? f(i) : both((x, y) => x + y, t, f(i));
  return t;
};
const array = (n, f) => list([...Array(n).keys()].map(i => f(i + 1)));
const hstack = (s, parts) => arr(s, [...Array(s[0]).keys()].flatMap(
  i => parts.flatMap(p => { const n = rows(p)[1]; return data(p).slice(i * n, (i + 1) * n); })));
const kron = (a, b, s) => {
  const [m, n] = rows(a), [p, q] = rows(b), x = data(a), y = data(b), d = [];
  for (let i = 0; i < m; i++) for (let k = 0; k < p; k++) for (let j = 0; j < n; j++) for (let l = 0; l < q; l++)
    d.push(x[i * n + j] * y[k * q + l]);
  return arr(s, d);
};
const cross = (a, b) => {
  const [x, y, z] = a.d, [u, v, w] = b.d;
  return {s: [3], d: [y * w - z * v, z * u - x * w, x * v - y * u]};
};
const cumsum = (a, axis) => {
  const d = [...a.d];
  for (const g of groups(a.s, axis)[0]) for (let i = 1; i < g.length; i++) d[g[i]] += d[g[i - 1]];
  return {s: a.s, d};
};
// P A = L U with the largest pivots; the sign of the permutation stands last.
const factor = a => {
  const n = a.s[0], u = [...a.d], order = [...Array(n).keys()];
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(u[i * n + k]) > Math.abs(u[p * n + k])) p = i;
    if (p !== k) {
      for (let j = 0; j < n; j++) [u[k * n + j], u[p * n + j]] = [u[p * n + j], u[k * n + j]];
      [order[k], order[p]] = [order[p], order[k]];
      sign = -sign;
    }
    for (let i = k + 1; i < n && u[k * n + k] !== 0; i++) {
      const f = u[i * n + k] /= u[k * n + k];
      for (let j = k + 1; j < n; j++) u[i * n + j] -= f * u[k * n + j];
    }
  }
  return [u, order, sign];
};
const determinant = a => { const n = a.s[0], [u, , sign] = factor(a); let t = sign; for (let k = 0; k < n; k++) t *= u[k * n + k]; return t; };
const inverse = a => {
  const n = a.s[0], [u, order] = factor(a), d = Array(n * n);
  for (let c = 0; c < n; c++) {
    const x = order.map(o => o === c ? 1 : 0);
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) x[i] -= u[i * n + j] * x[j];
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) x[i] -= u[i * n + j] * x[j];
      x[i] /= u[i * n + i];
    }
    x.forEach((v, i) => d[i * n + c] = v);
  }
  return {s: a.s, d};
};
const trace = a => sum(diagonal(a).d);
// erf by its series, whose terms are all positive, erfc by its continued fraction where that is small.
const erfSeries = x => {
  let term = x, t = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(t); n++) t += term *= 2 * x * x / (2 * n + 1);
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * t;
};
const erfcFraction = x => {
  let f = 0;
  for (let n = 200; n > 0; n--) f = n / 2 / (x + f);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + f);
};
const erf = x => x === 0 ? x : Math.abs(x) < 2 ? erfSeries(x) : x > 0 ? 1 - erfcFraction(x) : erfcFraction(-x) - 1;
const erfc = x => x < 1 ? 1 - erf(x) : erfcFraction(x);
const round = x => Math.sign(x) * Math.floor(Math.abs(x)) + (Math.abs(x) % 1 >= 0.5 ? Math.sign(x) : 0);
const mod = (x, y) => {
  if (!isFinite(y) && isFinite(x)) return x === 0 || (x < 0) === (y < 0) ? x : y;
  const r = x % y;
  return r !== 0 && (r < 0) !== (y < 0) ? r + y : r;
};
const sigmoid = x => { if (x >= 0) return 1 / (1 + Math.exp(-x)); const e = Math.exp(x); return e / (1 + e); };
// Entries from their places, -1 for what is filled in; and back, where they are added up.
const gather = (s, places, a, filling) => { const v = data(a); return arr(s, places.map(p => p < 0 ? filling : v[p])); };
const scatter = (s, places, a) => {
  const d = Array(count(s)).fill(0), v = data(a);
  places.forEach((p, i) => { if (p >= 0) d[p] += v[i]; });
  return arr(s, d);
};
return {both, map, gather, scatter, product, transpose, reduce, softmax, logSoftmax, diagonal, identity, fill, list, choose, entry,
  indexSum, array, hstack, kron, cross, cumsum, determinant, inverse, trace, erf, erfc, round, mod, sigmoid, data,
  best, sizes, stack: (s, parts) => arr(s, parts.flatMap(data)), reshape: (s, a) => arr(s, data(a)),
  position: (isMax, a) => best(isMax, data(a)) + 1,
  add: (a, b) => both((x, y) => x + y, a, b), multiply: (a, b) => both((x, y) => x * y, a, b),
  divide: (a, b) => both((x, y) => x / y, a, b), power: (a, b) => both(Math.pow, a, b),
  max: (a, b) => both((x, y) => x >= y ? x : y, a, b), min: (a, b) => both((x, y) => x <= y ? x : y, a, b)};
})();
