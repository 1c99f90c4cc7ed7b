// The line of a plot with its points, drawn anew in axes that stay: as the kernel draws it.
const drawn = (look, y, numbers) => {
const [left, top, width, height] = look.box, right = left + width, bottom = top + height;
const part = ([lower, upper, isLogarithmic], v) => !(Math.abs(v) <= 1e300) || isLogarithmic && !(v >= 1e-300) ? null
  : isLogarithmic ? Math.log(v / lower) / Math.log(upper / lower) : (v - lower) / (upper - lower);
const point = (x, v) => {
  const across = part(look.x, x), up = part(look.y, v);
  return across === null || up === null ? null : {x: left + across * width, y: bottom - up * height};
};
const isInside = p => p && p.x >= left - 0.5 && p.x <= right + 0.5 && p.y >= top - 0.5 && p.y <= bottom + 0.5;
// Where a function leaps: there its values differ at ever closer places.
const leapBehind = (f, x, y, i) => {
  let [low, high, atLow, atHigh] = [x[i], x[i + 1], y[i], y[i + 1]];
  const spacing = high - low, step = Math.abs(atHigh - atLow);
  for (let n = 0; n < 60; n++) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) break;
    const at = f(middle);
    if (!isFinite(at)) return null;
    if (Math.abs(at - atLow) >= Math.abs(atHigh - at)) [high, atHigh] = [middle, at];
    else [low, atLow] = [middle, at];
    const rest = Math.abs(atHigh - atLow);
    if (!(rest >= 0.2 * step && rest <= 5 * step)) return null;
  }
  const middle = low + (high - low) / 2, scale = 10 ** (10 - Math.ceil(Math.log10(spacing))), short = Math.round(middle * scale) / scale;
  const place = Math.abs(short - middle) <= spacing * 1e-12 ? short : high;
  const [before, at, after] = [f(place - spacing * 1e-6), f(place), f(place + spacing * 1e-6)];
  return isFinite(before) && isFinite(after) ? {x: place, left: before, right: after, value: isFinite(at) ? at : null} : null;
};
const leaps = (f, x, y) => {
  const steps = y.slice(1).map((v, i) => Math.abs(v - y[i])), finite = y.filter(isFinite);
  const range = Math.max(...finite) - Math.min(...finite), found = [];
  if (!(range > 0)) return found;
  const suspects = [...steps.keys()].filter(i => {
    if (!isFinite(steps[i])) return false;
    const around = steps.slice(Math.max(i - 3, 0), i + 4).filter((_, k) => k !== Math.min(i, 3)).map(s => isNaN(s) ? Infinity : s).sort((a, b) => a - b);
    return steps[i] > 4 * around[around.length >> 1] + 1e-6 * range;
  });
  if (suspects.length > 100) return found;
  for (const i of suspects) {
    const leap = leapBehind(f, x, y, i), last = found[found.length - 1];
    if (leap && !(last && leap.x - last.x < (x[1] - x[0]) / 1000)) found.push(leap);
  }
  return found;
};
// The dots where it leaps: open ones are ends that it only comes near.
const dots = ({left, right, value}) => {
  const near = Math.max(Math.abs(right - left), value === null ? 0 : Math.abs(value - left)) * 1e-3;
  const open = (Math.abs(left - right) <= near ? [left] : [left, right]).filter(end => value === null || Math.abs(value - end) > near);
  return open.map(y => [y, 1]).concat(value === null ? [] : [[value, 0]]);
};
// The part of a segment inside the box (Liang and Barsky); null: there is none.
const clipped = (a, b) => {
  const dx = b.x - a.x, dy = b.y - a.y, at = t => ({x: a.x + t * dx, y: a.y + t * dy});
  let first = 0, last = 1;
  for (const [change, room] of [[-dx, a.x - left], [dx, right - a.x], [-dy, a.y - top], [dy, bottom - a.y]]) {
    if (change === 0) { if (room < 0) return null; }
    else if (change < 0) first = Math.max(first, room / change);
    else last = Math.min(last, room / change);
  }
  return first <= last ? [at(first), at(last)] : null;
};
const text = v => String(Math.round(v * 100) / 100), place = p => text(p.x) + "," + text(p.y);
const path = places => {
  let d = "", end = null;
  places.slice(1).forEach((next, i) => {
    const start = places[i];
    // Between two places of a function beyond opposite edges there is no line: that is a pole.
    const isLine = start && next && !(look.even && Math.min(start.y, next.y) < top && Math.max(start.y, next.y) > bottom);
    const piece = isLine ? clipped(start, next) : null;
    if (!piece) { end = null; return; }
    if (!end || end.x !== piece[0].x || end.y !== piece[0].y) d += "M" + place(piece[0]);
    d += "L" + place(piece[1]);
    end = piece[1];
  });
  return d;
};
// The points that get a marker: all of few, or of those that are points by themselves; else some along the line.
const marked = places => {
  if (!places.length) return [];
  if (places.length <= 26 || look.stagger === undefined) {
    const step = Math.max(Math.ceil(places.length / look.limit), 1);
    return places.filter((_, i) => i % step === 0);
  }
  const pitch = (places[places.length - 1].x - places[0].x) / 6, found = [];
  if (look.stagger === false || !(pitch > 0)) return found;
  let next = places[0].x + pitch * look.stagger;
  for (const p of places) if (p.x >= next) { found.push(p); next += pitch; }
  return found;
};
const spaced = ([from, to, count]) => [...Array(count).keys()].map(i => from + (to - from) * i / (count - 1));
let x = look.at || (look.spaced ? spaced(look.spaced) : numbers[look.entry]), jumps = [];
if (look.even) {
  const f = y;
  x = spaced(look.even);
  y = x.map(f);
  jumps = leaps(f, x, y);
  let points = x.map((v, i) => [v, y[i]]).filter(p => !jumps.some(j => j.x === p[0]));
  for (const j of jumps) {
    const i = points.findIndex(p => p[0] > j.x);
    points.splice(i < 0 ? points.length : i, 0, [j.x, j.left], [j.x, NaN], [j.x, j.right]);
  }
  [x, y] = [points.map(p => p[0]), points.map(p => p[1])];
}
const places = y.map((v, i) => point(x[i], v));
if (!places.some(p => p)) return "";
const put = (markup, p) => `<g transform="translate(${place(p)})">${markup}</g>`;
const line = look.line ? path(places) : "", markers = marked(places.filter(isInside));
const lonely = places.filter((p, i) => isInside(p) && !places[i - 1] && !places[i + 1] && !markers.includes(p));
return (line && look.line.replace("M0,0", line)) + markers.concat(lonely).map(p => put(look.marker, p)).join("")
  + jumps.flatMap(j => dots(j).map(([v, isOpen]) => [point(j.x, v), isOpen])).filter(([p]) => isInside(p)).map(([p, isOpen]) => put(look.dots[isOpen], p)).join("");
};
