// An output's menu: its LaTeX into the clipboard, its picture into a file.

const pictures = [['SVG', 'image/svg+xml', 'svg'], ['PNG', 'image/png', 'png'], ['PDF', 'application/pdf', 'pdf']];

/** The output at a node of the page, as the notebook holds it, and its cell. */
export function outputAt(node, panel) {
  for (const cell of panel?.content.widgets ?? []) {
    if (!cell.node.contains(node) || !cell.outputArea) continue;
    const index = cell.outputArea.widgets.findIndex(widget => widget.node.contains(node));
    if (index >= 0 && index < cell.outputArea.model.length) {
      return { cell, data: cell.outputArea.model.get(index).data };
    }
  }
  return undefined;
}

/** A text or, of bytes, their base64, as something that a browser saves. */
export function fileOf(content, type) {
  const text = Array.isArray(content) ? content.join('') : content;
  if (type === 'image/svg+xml') return new Blob([text], { type });
  return new Blob([Uint8Array.from(atob(text.replace(/\s/g, '')), sign => sign.charCodeAt(0))], { type });
}

export function addOutputMenu(app, notebooks, { Clipboard }) {
  const selector = '.jp-OutputArea-child';

  function clicked() {
    const node = app.contextMenuHitTest(node => node.matches(selector));
    return node && outputAt(node, notebooks.current());
  }

  function save(blob, name) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  app.commands.addCommand('nabla:copy-latex', {
    label: 'Copy LaTeX',
    isVisible: () => clicked()?.data['text/latex'] !== undefined,
    execute() {
      const latex = clicked()?.data['text/latex'];
      if (latex !== undefined) Clipboard.copyToSystem(Array.isArray(latex) ? latex.join('') : latex);
    },
  });
  app.contextMenu.addItem({ command: 'nabla:copy-latex', selector, rank: 0.1 });
  pictures.forEach(([name, type, ending], index) => {
    const command = `nabla:download-${ending}`;
    app.commands.addCommand(command, {
      label: `Download Picture as ${name}`,
      isVisible: () => clicked()?.data['image/svg+xml'] !== undefined && clicked().data[type] !== undefined,
      execute() {
        const output = clicked();
        if (!output?.data[type]) return;
        const path = notebooks.current().context.path;
        const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
        const number = output.cell.model.executionCount ?? '';
        save(fileOf(output.data[type], type), `${stem}-${number}`.replace(/-$/, '') + `.${ending}`);
      },
    });
    app.contextMenu.addItem({ command, selector, rank: 0.2 + index / 10 });
  });
}
