// Tables among outputs: a click on a column's head sorts, its funnel opens fields that filter. Only what the page shows
// changes, not the notebook.

const style = `
.nabla-table thead tr:last-of-type > th, .nabla-table thead tr.nabla-heads > th { position: relative; }
.nabla-heads > th { cursor: pointer; }
.nabla-heads > th[aria-sort]::after { position: absolute; right: 0.1em; top: 50%; transform: translateY(-50%); font-size: 0.6em; }
.nabla-heads > th[aria-sort=ascending]::after { content: '▲'; }
.nabla-heads > th[aria-sort=descending]::after { content: '▼'; }
.nabla-funnel { position: absolute; left: 0; top: 0; height: 100%; width: 0.9em; padding: 0; border: none; background: none; color: inherit;
  font-size: 0.75em; cursor: pointer; opacity: 0; }
.nabla-heads > th:hover .nabla-funnel, .nabla-funnel:focus, .nabla-funnel[aria-pressed=true] { opacity: 0.7; }
.nabla-filters th { padding: 0 0.2em 0.2em; }
.nabla-filters input { box-sizing: border-box; width: 0; min-width: 100%; font: inherit; font-weight: normal; color: inherit;
  background: var(--jp-input-background, Canvas); border: 1px solid var(--jp-border-color1, #bbb); }`;

/** A cell's text, powers of ten as `e`. */
export function plain(cell) {
  const copy = cell.cloneNode(true);
  for (const raised of copy.querySelectorAll('sup')) raised.textContent = `^${raised.textContent}`;
  return copy.textContent.replace(/[\s\u2007-\u200a\u202f\u00a0]+/gu, ' ').replace(/−/g, '-').trim();
}

/** The number that a text is, or NaN. */
export function numberIn(text) {
  const tight = text.replace(/ /g, '').replace(/[·⋅×]10\^?(-?\d+)$/, 'e$1').replace(/^(-?)10\^(-?\d+)$/, '$11e$2');
  if (/^-?∞$/.test(tight)) return tight.startsWith('-') ? -Infinity : Infinity;
  return /^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/.test(tight) ? Number(tight) : NaN;
}

/** Whether a cell's text passes what stands in a filter's field: `> 0.5`, `<= 1`, `= 2`, or a part of the text. */
export function passes(text, wanted) {
  const [, sign, rest] = /^\s*(<=|>=|≤|≥|≠|<|>|=)?\s*(.*?)\s*$/u.exec(wanted);
  if (!rest) return true;
  const [value, bound] = [numberIn(text), numberIn(rest.replace(/−/g, '-'))];
  switch (sign) {
    case '<': return value < bound;
    case '>': return value > bound;
    case '<=': case '≤': return value <= bound;
    case '>=': case '≥': return value >= bound;
    case '≠': return value !== bound;
    case '=': return Number.isNaN(bound) ? text.toLowerCase() === rest.toLowerCase() : value === bound;
    default: return text.toLowerCase().includes(rest.toLowerCase());
  }
}

/** Two texts in order: numbers by size, what is none behind them. */
export function compare(left, right) {
  const [a, b] = [numberIn(left), numberIn(right)];
  if (Number.isNaN(a) !== Number.isNaN(b)) return Number.isNaN(a) ? 1 : -1;
  return Number.isNaN(a) ? left.localeCompare(right, undefined, { numeric: true }) : a - b;
}

/** The rows of the body in runs; what heads a group stands between them. */
function groups(body) {
  const runs = [];
  let run;
  for (const row of body.rows) {
    if (!row.classList.contains('nb-r')) {
      run = { head: row, rows: [] };
      runs.push(run);
      continue;
    }
    if (!run) runs.push(run = { head: null, rows: [] });
    run.rows.push(row);
  }
  return runs;
}

const places = new WeakMap(); // of a row: where it stood at first

function sort(head) {
  const table = head.closest('table');
  const body = table.tBodies[0];
  const column = head.cellIndex;
  const next = { ascending: 'descending', descending: null }[head.getAttribute('aria-sort')];
  const order = next === undefined ? 'ascending' : next;
  for (const other of head.parentElement.cells) other.removeAttribute('aria-sort');
  if (order) head.setAttribute('aria-sort', order);
  for (const { head: title, rows } of groups(body)) {
    rows.forEach((row, index) => places.has(row) || places.set(row, index));
    const keys = new Map(rows.map(row => [row, plain(row.cells[column])]));
    const sign = order === 'descending' ? -1 : 1;
    rows.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      const isLast = Number.isNaN(numberIn(x)) !== Number.isNaN(numberIn(y));
      return (order && (isLast ? 1 : sign) * compare(x, y)) || places.get(a) - places.get(b);
    });
    let previous = title;
    for (const row of rows) {
      if (previous) previous.after(row);
      else body.prepend(row);
      previous = row;
    }
  }
}

function filter(table) {
  const wanted = [...table.querySelectorAll('.nabla-filters input')].map(field => field.value);
  for (const { head, rows } of groups(table.tBodies[0])) {
    for (const row of rows) row.hidden = !wanted.every((text, column) => passes(plain(row.cells[column]), text));
    if (head) head.hidden = rows.length > 0 && rows.every(row => row.hidden);
  }
}

/** Opens or closes the fields that filter, the one of a column in hand. */
function toggleFilters(table, column) {
  const open = table.tHead.querySelector('.nabla-filters');
  for (const funnel of table.tHead.querySelectorAll('.nabla-funnel')) funnel.ariaPressed = String(!open);
  if (open) {
    open.remove();
    filter(table);
    return;
  }
  const row = table.tHead.insertRow();
  row.className = 'nabla-filters';
  for (const head of table.tHead.querySelector('.nabla-heads').cells) {
    const field = row.appendChild(document.createElement('th')).appendChild(document.createElement('input'));
    field.ariaLabel = `Filter ${plain(head)}`;
    field.placeholder = '> 0.5';
    field.addEventListener('input', () => filter(table));
    field.addEventListener('keydown', event => {
      event.stopPropagation();
      if (event.key === 'Escape') toggleFilters(table, column);
    });
  }
  row.cells[column].firstChild.focus();
}

/** Gives a table's heads what can be clicked. */
function enliven(table) {
  const row = table.tHead?.rows[table.tHead.rows.length - 1];
  const isPlain = row && table.tBodies[0]?.querySelector('tr.nb-r')
    && [...table.tBodies[0].querySelectorAll('tr.nb-r')].every(other => other.cells.length === row.cells.length);
  if (!isPlain || table.tHead.querySelector('.nabla-heads')) return;
  row.classList.add('nabla-heads');
  for (const head of row.cells) {
    head.title = 'Click to sort';
    head.addEventListener('click', () => sort(head));
    const funnel = head.appendChild(document.createElement('button'));
    funnel.type = 'button';
    funnel.className = 'nabla-funnel';
    funnel.title = 'Filter';
    funnel.ariaLabel = 'Filter';
    funnel.ariaPressed = 'false';
    // Its sign is drawn, so that the head's text stays what it is.
    funnel.innerHTML = '<svg width="9" height="9" viewBox="0 0 10 10" aria-hidden="true"><path fill="currentColor" d="M0 1h10L6 5.5V9.5L4 8.5V5.5z"/></svg>';
    funnel.addEventListener('click', event => {
      event.stopPropagation();
      toggleFilters(table, head.cellIndex);
    });
  }
}

/** Watches for the pointer over tables among outputs. */
export function watch(page = document) {
  page.head.appendChild(page.createElement('style')).textContent = style;
  page.addEventListener('pointerover', event => {
    const table = event.target.closest?.('.jp-OutputArea-output .nabla-table figure > table');
    if (table) enliven(table);
  });
}
