// Mistakes underlined while a cell is typed. The kernel's parser finds them, also while a cell runs; what it says stands
// beside the pointer.

const pause = 400; // milliseconds without a key before the kernel is asked

/** Where each Unicode scalar of a text begins, in the units in which JavaScript counts; and its end. */
export function scalarOffsets(text) {
  const offsets = [];
  let offset = 0;
  for (const scalar of text) {
    offsets.push(offset);
    offset += scalar.length;
  }
  offsets.push(offset);
  return offsets;
}

/** What of a text is underlined for a finding: at least one sign, of an empty place the one before it. */
export function underlined({ start, end }, offsets) {
  const last = offsets.length - 1;
  const at = place => offsets[Math.min(Math.max(place, 0), last)];
  if (at(start) < at(end)) return { from: at(start), to: at(end) };
  return start < last && start === 0 ? { from: at(0), to: at(1) } : { from: at(Math.min(start, last) - 1), to: at(start) };
}

/** An extension of CodeMirror; `ask(editor, code)` promises the findings, or nothing where there is no kernel of Nabla. */
export function findings({ view: { Decoration, EditorView, ViewPlugin, hoverTooltip }, state: { StateEffect, StateField } }, ask) {
  const found = StateEffect.define();

  const marks = StateField.define({
    create: () => Decoration.none,
    update(marks, transaction) {
      for (const effect of transaction.effects) if (effect.is(found)) return effect.value;
      return marks.map(transaction.changes);
    },
    provide: field => EditorView.decorations.from(field),
  });

  class Checking {
    constructor(view) {
      this.view = view;
    }

    update(update) {
      if (update.docChanged || (update.focusChanged && this.view.hasFocus)) this.later();
    }

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.check(), pause);
    }

    destroy() {
      clearTimeout(this.timer);
      this.view = undefined;
    }

    async check() {
      const { doc } = this.view.state;
      const code = doc.toString();
      const answer = code.trim() === '' ? [] : await ask(this.view.dom, code);
      // A later text has a check of its own.
      if (!answer || this.view?.state.doc !== doc) return;
      const offsets = scalarOffsets(code);
      const ranges = answer.map(finding => {
        const { from, to } = underlined(finding, offsets);
        return Decoration.mark({ class: 'nabla-finding', finding }).range(from, to);
      });
      this.view.dispatch({ effects: found.of(Decoration.set(ranges, true)) });
    }
  }

  const explanation = hoverTooltip((view, position) => {
    let tooltip = null;
    view.state.field(marks).between(position, position, (from, to, { spec: { finding } }) => {
      tooltip = { pos: from, end: to, above: true, create: () => ({ dom: text(finding) }) };
      return false;
    });
    return tooltip;
  });

  const look = EditorView.baseTheme({
    '.nabla-finding': {
      textDecoration: 'underline wavy var(--jp-error-color1, #d32f2f)',
      textDecorationSkipInk: 'none',
      textUnderlineOffset: '0.2em',
    },
    '.nabla-finding-text': {
      maxWidth: '60em',
      padding: '0.3em 0.6em',
      whiteSpace: 'normal',
      fontFamily: 'var(--jp-ui-font-family)',
      fontSize: 'var(--jp-ui-font-size1)',
      color: 'var(--jp-ui-font-color1)',
      background: 'var(--jp-layout-color1)',
      border: '1px solid var(--jp-border-color1)',
    },
  });
  return [marks, ViewPlugin.fromClass(Checking), explanation, look];
}

function text({ name, message, label, help }) {
  const node = document.createElement('div');
  node.className = 'nabla-finding-text';
  for (const line of [`${name}: ${message}`, label, help && `help: ${help}`]) {
    if (line) node.appendChild(document.createElement('div')).textContent = line;
  }
  return node;
}
