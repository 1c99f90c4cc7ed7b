// An exploration in a page without a kernel: controls, and displays whose numbers are computed here.
const explorePage = (name, data, programs) => {
// The shortest decimal of a number: digits, and the power of ten of the last one.
const shortest = x => {
  const [m, e] = Math.abs(x).toExponential().split("e"), d = m.replace(".", "");
  const digits = d.replace(/0+$/, "") || "0";
  return digits === "0" ? {d: "0", e: 0} : {d: digits, e: +e - digits.length + 1};
};
const power = n => n.d.length - 1 + n.e;
// Rounded half away from zero to a multiple of a power of ten.
const rounded = (n, p) => {
  const drop = p - n.e;
  if (drop <= 0 || n.d === "0") return n;
  if (drop > n.d.length) return {d: "0", e: 0};
  const kept = BigInt(n.d.slice(0, n.d.length - drop) || "0") + (n.d[n.d.length - drop] >= "5" ? 1n : 0n);
  let d = String(kept), e = p;
  if (d === "0") return {d, e: 0};
  while (d.endsWith("0")) { d = d.slice(0, -1); e++; }
  return {d, e};
};
const figures = (n, decimals) => {
  const all = n.d === "0" ? "0" : n.d + "0".repeat(Math.max(0, n.e + decimals));
  if (decimals === 0) return [all, ""];
  const s = all.padStart(decimals + 1, "0");
  return [s.slice(0, -decimals), s.slice(-decimals)];
};
const fixed = (x, n, decimals) => {
  const r = rounded(n, -decimals), [i, f] = figures(r, decimals);
  return {minus: x < 0 && r.d !== "0", i, f};
};
const scientific = (x, n, decimals, trimmed) => {
  const r = rounded(n, power(n) - decimals), p = r.d === "0" ? 0 : power(r);
  const shown = trimmed && r.d === n.d && r.e === n.e ? r.d.length - 1 : decimals;
  const [i, f] = figures({d: r.d, e: r.d === "0" ? 0 : r.e - p}, shown);
  return {minus: x < 0, i, f, p};
};
const written = (x, style, decimals) => {
  if (!isFinite(x)) return {minus: x < 0, i: isNaN(x) ? "nan" : "∞", f: ""};
  const n = shortest(x);
  if (style === 1) return power(n) < 15 ? fixed(x, n, Math.min(decimals, 20)) : scientific(x, n, decimals, false);
  if (style === 2) return n.d === "0" ? {i: "0", f: ""} : scientific(x, n, Math.min(decimals, 17), false);
  const whole = n.e >= 0, p = power(n);
  let needed = null;
  if (n.d === "0") needed = 0;
  else if (whole) needed = p < 15 ? 0 : null;
  else if (p < 7) {
    const count = Math.max(data.digits, data.significant - 1 - power(rounded(n, p - data.significant + 1)));
    needed = count <= Math.max(data.digits + 2, data.significant + 3) ? count : null;
  }
  return needed === null ? scientific(x, n, Math.max(data.digits, data.significant - 1), true) : fixed(x, n, needed);
};
const raised = p => [...String(p)].map(c => c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]).join("");
// Without zeros at its end where it is no more than that but for rounding, and with the sign that its place asks for.
const inFormula = (x, place) => {
  const n = written(x, 0, 0);
  let s = (n.i === "∞" ? "inf" : n.i) + (n.f ? "." + n.f : "") + (n.p === undefined ? "" : "e" + n.p);
  const ulp = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), -1022) - 52);
  if (n.f && n.p === undefined && Math.abs(s - Math.abs(x)) <= 4 * ulp) s = s.replace(/\.?0+$/, "");
  return n.minus ? ["-" + s, `(-${s})`, "- " + s, "(-" + s, ")"][place] : [s, s, "+ " + s, s, ""][place];
};
const number = (x, [, style, decimals, room], form) => {
  if (style === 4) return inFormula(x, decimals);
  const n = written(x, style, decimals), plain = form === "text";
  let s = (n.minus ? plain ? "-" : "−" : "") + (plain && n.i === "∞" ? "inf" : n.i) + (n.f ? "." + n.f : "");
  if (n.p !== undefined) return s + (plain ? "e" + n.p
    : form === "picture" ? "\u2009×\u200910" + raised(n.p) : "\u2009×\u200910<sup>" + String(n.p).replace("-", "−") + "</sup>");
  if (n.f.length < room) s += (n.f ? "" : "\u2008") + "\u2007".repeat(room - n.f.length);
  return s;
};
const short = x => { const n = written(x, 0, 0); return (n.minus ? "−" : "") + n.i + (n.f ? "." + n.f.replace(/0+$/, "") : "").replace(/\.$/, "") + (n.p === undefined ? "" : "e" + n.p); };

const make = (tag, style, text) => { const n = document.createElement(tag); n.style.cssText = style; if (text) n.textContent = text; return n; };

const begin = root => {
const settings = data.controls.map(c => c.start), inputs = [], players = [];
const views = [...root.querySelectorAll(".nabla-view")].map((node, i) => ({node, form: data.forms[i]}));
for (const view of views) {
  const image = view.form === "picture" && view.node.querySelector("img");
  if (image) view.node.innerHTML = decodeURIComponent(image.getAttribute("src").replace(/^[^,]*,/, ""));
  view.template = view.node.innerHTML;
  view.note = make("div", "font-size:85%;opacity:0.75");
  view.node.after(view.note);
  view.current = null;
}
const say = (place, x) => { const c = data.controls[place]; return c.kind === "range" ? short(x) : c.kind === "menu" ? c.labels[x] : String(x !== 0); };
const position = c => c.step ? Math.round((settings[c.place] - c.from) / c.step) : settings[c.place];
// The menus whose choices are no numbers choose the program.
const variant = () => data.variants.findIndex(v => v.every(([place, x]) => settings[place] === x));
const mount = (view, html, key) => {
  if (view.current === key) return;
  view.current = key;
  view.node.innerHTML = html;
  view.slots = [...view.node.querySelectorAll(".nb-n")];
  view.first = view.slots.map(n => n.innerHTML);
  view.shown = [...view.first];
};
const put = (view, slot, text) => {
  if (view.shown[slot] === text) return;
  view.shown[slot] = text;
  const node = view.slots[slot], changed = text !== view.first[slot];
  node.innerHTML = text;
  if (view.form === "picture") {
    if (changed) { node.setAttribute("fill", "#b3400b"); node.setAttribute("font-weight", "bold"); }
    else { node.removeAttribute("fill"); node.removeAttribute("font-weight"); }
  } else { node.style.background = changed ? "rgba(255,170,0,0.28)" : ""; node.style.borderRadius = "2px"; }
};
const stroke = (node, x, largest, look) => {
  const r = data.lines[look], kind = x > 0 ? 0 : x < 0 ? 1 : 2, part = x ? Math.min(1, Math.abs(x) / (largest || 1)) : 0;
  const width = x ? r.least + r.more * part : r.zero;
  node.setAttribute("stroke", x ? `color-mix(in oklab,${r.colors[kind]} ${100 * (r.tint + (1 - r.tint) * part)}%,${r.ground})` : r.colors[kind]);
  node.setAttribute("stroke-width", width.toFixed(2));
  node.setAttribute("stroke-dasharray", r.dashes[kind].map(u => (u * Math.max(width, 2)).toFixed(2)).join(" ") || "none");
};
// A circle among those of its layer.
const fill = (node, x, largest) => {
  const [above, below, zero] = data.shade.colors;
  node.setAttribute("fill", isFinite(x) && largest
    ? `color-mix(in oklab,${x < 0 ? below : above} ${100 * (Math.abs(x) / largest)}%,${zero})` : data.shade.none);
};
// The attributes of a shape as they are stored.
const restroke = (node, text) => {
  node.removeAttribute("stroke-dasharray");
  for (const [, key, value] of text.matchAll(/([\w-]+)="([^"]*)"/g)) node.setAttribute(key, value);
};
const nearest = (list, x) => list.reduce((b, y, i) => Math.abs(y - x) < Math.abs(list[b] - x) ? i : b, 0);
let last = 0;
const update = () => {
  const v = variant();
  if (v < 0) {
    // A choice at which something fails has no program.
    const choices = data.variants[0].map(([p]) => data.controls[p].label + " = " + say(p, settings[p])).join(", ");
    for (const view of views) { view.current = null; view.node.textContent = ""; view.note.textContent = "nothing can be shown for " + choices; }
    return;
  }
  const part = data.parts[v], numbers = programs[v](settings);
  views.forEach((view, i) => {
    const own = part[i];
    let frame = null;
    if (own.frames && own.frames.grid) {
      const g = own.frames.grid, at = g.controls.reduce((p, c, k) => p * g.at[k].length + nearest(g.at[k], settings[c]), 0);
      if (g.controls.some(c => settings[c] !== data.controls[c].start)) frame = {shown: g.frames[at], key: "grid," + at, note: ""};
    } else if (own.frames) {
      // The control that was moved last and is not where it began.
      const moved = [last, ...data.controls.keys()].find(c => settings[c] !== data.controls[c].start && own.frames.by[c]);
      if (moved !== undefined) {
        const by = own.frames.by[moved], at = nearest(by.at, settings[moved]);
        const others = data.controls.some((c, k) => k !== moved && settings[k] !== c.start && !data.variants[v].some(([p]) => p === k));
        frame = {shown: by.frames[at], key: moved + "," + at, note: by.at[at] !== settings[moved] || others
          ? "stored for " + data.controls[moved].label + " = " + say(moved, by.at[at]) + (others ? ", the rest as at the start" : "") : ""};
      }
    }
    if (own.frames && own.frames.pieces && frame)
      mount(view, frame.shown.map(p => own.frames.pieces[p]).join(""), frame.key + "," + v);
    else mount(view, own.html === undefined ? view.template : own.html, "start," + v);
    view.note.textContent = frame ? frame.note : "";
    if (own.frames && own.frames.pieces) return;
    const texts = own.frames && (frame ? frame.shown : own.frames.start);
    // The largest of all lines, and of the circles of each layer.
    let rest = 0;
    const largest = {}, kind = s => s[1] === 8 ? "lines" : s[2], amount = s => s[0] < 0 ? s[4] : numbers[s[0]];
    for (const s of own.slots) if ((s[1] === 8 || s[1] === 9) && s[0] > -2 && isFinite(amount(s))) largest[kind(s)] = Math.max(largest[kind(s)] || 0, Math.abs(amount(s)));
    // An entry of the program; -1: a line that stays; -2: what is stored.
    own.slots.forEach((s, j) => {
      const stored = s[0] === -2 && texts ? texts[rest++] : null;
      if (s[1] < 8) put(view, j, s[0] < 0 ? stored ?? view.first[j] : number(numbers[s[0]], s, view.form));
      else if (s[1] === 10) view.slots[j].innerHTML = s[0] < 0 ? stored ?? view.first[j] : drawn(s[5], numbers[s[0]], numbers);
      else if (s[0] === -2) { if (stored !== null) restroke(view.slots[j], stored); }
      else if (s[1] === 8) stroke(view.slots[j], amount(s), largest.lines, s[2]);
      else fill(view.slots[j], amount(s), largest[s[2]]);
    });
    if (own.slots.some(s => s[1] === 10) && !own.slots.some((s, j) => s[1] === 10 && view.slots[j].innerHTML)) view.note.textContent = "no value has a place on the axes here";
  });
  root.nablaNumbers = numbers;
};
const move = (place, x) => {
  last = place;
  settings[place] = x;
  refresh(place);
  update();
};
const refresh = place => inputs[place]();
const panel = root.querySelector(".nabla-controls");
panel.textContent = "";
data.controls.forEach((c, place) => {
  c.place = place;
  const row = make("div", "display:flex;align-items:center;gap:0.6em;margin:0.15em 0");
  const label = make("label", "min-width:7em;text-align:right", c.label);
  row.append(label);
  if (c.kind === "range") {
    const input = make("input", "width:18em;max-width:45vw"), out = make("output", "min-width:5em;font-variant-numeric:tabular-nums");
    const count = Math.round((c.to - c.from) / c.step);
    const at = i => i >= count && !c.stepped ? c.to : Math.abs(c.from + i * c.step - c.to) <= 1e-10 * c.step ? c.to : c.from + i * c.step;
    input.type = "range";
    [input.min, input.max, input.step] = [0, count, c.stepped || c.whole ? 1 : "any"];
    input.setAttribute("aria-label", c.label);
    const value = i => c.stepped || c.whole ? at(i) : +at(Math.round(i)).toPrecision(12);
    input.addEventListener("input", () => move(place, value(+input.value)));
    inputs[place] = () => { input.value = (settings[place] - c.from) / c.step; out.textContent = short(settings[place]); };
    row.append(input, out);
    if (c.stepped) {
      const play = make("button", "cursor:pointer", "▶");
      play.type = "button";
      play.title = "play";
      let timer = null;
      const stop = () => { clearInterval(timer); timer = null; play.textContent = "▶"; };
      play.addEventListener("click", () => {
        if (timer) return stop();
        if (position(c) >= count) move(place, c.from);
        play.textContent = "❚❚";
        timer = setInterval(() => root.isConnected && position(c) < count ? move(place, at(position(c) + 1)) : stop(), 150);
      });
      players.push(stop);
      row.append(play);
    }
  } else if (c.kind === "menu") {
    const input = make("select", "");
    c.labels.forEach((l, i) => { const o = make("option", "", l); o.value = i; input.append(o); });
    input.setAttribute("aria-label", c.label);
    input.addEventListener("change", () => move(place, +input.value));
    inputs[place] = () => { input.value = settings[place]; };
    row.append(input);
  } else {
    const input = make("input", "");
    input.type = "checkbox";
    input.setAttribute("aria-label", c.label);
    input.addEventListener("change", () => move(place, input.checked ? 1 : 0));
    inputs[place] = () => { input.checked = settings[place] !== 0; };
    row.append(input);
  }
  panel.append(row);
});
const reset = make("button", "cursor:pointer;margin:0.2em 0 0.5em 7.6em", "↺ back to the start");
reset.type = "button";
reset.addEventListener("click", () => {
  players.forEach(stop => stop());
  data.controls.forEach((c, i) => { settings[i] = c.start; refresh(i); });
  update();
});
panel.append(reset);
data.controls.forEach((_, i) => refresh(i));
views.forEach(view => mount(view, view.template, "template"));
root.nablaMove = (values, draw = true) => { values.forEach((x, i) => { settings[i] = x; refresh(i); }); if (draw) update(); return root.nablaNumbers; };
root.nablaNumbers = variant() < 0 ? [] : programs[variant()](settings);

// Keys that move a control are none of JupyterLab's shortcuts.
if (!window.nablaKeys) window.addEventListener("keydown", window.nablaKeys = event => {
  const node = event.target, mark = "data-lm-suppress-shortcuts";
  if (!/^(Arrow|Home|End|Page)/.test(event.key) || !node.closest?.(".nabla-explore-widgets,.nabla-controls")) return;
  node.setAttribute(mark, "true");
  setTimeout(() => node.removeAttribute(mark));
}, true);

// Where the kernel's widgets are alive they are shown instead; when they die, the page is there.
const area = root.closest(".jp-OutputArea, .output, .cell-output-container") || root.parentElement;
const own = root.closest(".jp-OutputArea-child, .output_area") || root;
const isPage = !document.querySelector("#jupyter-config-data, #ipython-main-app") && !window.acquireVsCodeApi;
const watch = () => {
  if (!root.isConnected) return clearInterval(clock);
  const widget = isPage ? null : document.querySelector(".nabla-explore-widgets." + name);
  const alive = widget && !widget.matches(".jupyter-widgets-disconnected") && !widget.querySelector(".jupyter-widgets-disconnected") && widget.isConnected;
  const other = own !== root && own.previousElementSibling;
  own.style.display = alive ? "none" : "";
  if (other && (widget ? other.contains(widget) : isPage && other.querySelector(".jupyter-widgets, [data-mime-type*=widget]") || /^(Loading widget|Error displaying widget)/.test(other.textContent.trim())))
    other.style.display = alive ? "" : "none";
};
const clock = setInterval(watch, 400);
watch();
};
// The element may come into the document after this script has run.
let tries = 0;
const find = () => {
  const roots = [...document.querySelectorAll(".nabla-explore." + name)].filter(r => !r.nablaNumbers);
  roots.forEach(begin);
  if (!roots.length && tries++ < 200) setTimeout(find, 50);
};
find();
};
