// Cells laid out by the kernel: commands, and a button in the notebook's toolbar.

const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16"><path class="jp-icon3" fill="#616161" '
  + 'd="M2 2h12v1.5H2zM5 5.5h9V7H5zM5 9h9v1.5H5zM2 12.5h12V14H2z"/></svg>';

/** How many signs that are no space stand before a place; they are what laying out keeps. */
export function signsBefore(text, offset) {
  return text.slice(0, offset).replace(/\s/gu, '').length;
}

/** The place behind as many signs. */
export function placeBehind(text, signs) {
  let offset = 0;
  for (let seen = 0; offset < text.length && seen < signs; offset += 1) {
    if (!/\s/u.test(text[offset])) seen += 1;
  }
  return offset;
}

/** Adds the commands; `notebooks` tells which notebook is Nabla's, `kernel.ask` asks its kernel. */
export function addFormatting(app, notebooks, ask, { LabIcon, ToolbarButton, Notification, palette }) {
  const icon = new LabIcon({ name: 'nabla:format', svgstr: picture });

  async function format(cell, panel) {
    const code = cell.model.sharedModel.getSource();
    if (code.trim() === '') return;
    const reply = await ask(panel, 'nabla_format_request', code);
    if (!reply || cell.isDisposed || cell.model.sharedModel.getSource() !== code) return;
    if (reply.status !== 'ok') {
      Notification.warning(`Not laid out. Line ${reply.line}: ${reply.reason}`, { autoClose: 6000 });
    } else if (reply.code !== code) {
      const { editor } = cell;
      const signs = editor && signsBefore(code, editor.getOffsetAt(editor.getCursorPosition()));
      cell.model.sharedModel.setSource(reply.code);
      editor?.setCursorPosition(editor.getPositionAt(placeBehind(reply.code, signs)));
    }
  }

  const isEnabled = () => notebooks.current() !== undefined;
  app.commands.addCommand('nabla:format-cell', {
    label: 'Format Cell',
    caption: 'Lay out the selected cells: indentation, spaces, columns',
    icon,
    isEnabled,
    async execute() {
      const panel = notebooks.current();
      const { content } = panel;
      for (const cell of content.widgets.filter(cell => cell.model.type === 'code' && content.isSelectedOrActive(cell))) {
        await format(cell, panel);
      }
    },
  });
  app.commands.addCommand('nabla:format-notebook', {
    label: 'Format All Cells',
    isEnabled,
    async execute() {
      const panel = notebooks.current();
      for (const cell of panel.content.widgets.filter(cell => cell.model.type === 'code')) await format(cell, panel);
    },
  });
  app.commands.addKeyBinding({ command: 'nabla:format-cell', keys: ['Alt Shift F'], selector: '.jp-Notebook' });
  for (const command of ['nabla:format-cell', 'nabla:format-notebook']) palette?.addItem({ command, category: 'Nabla' });

  app.docRegistry.addWidgetExtension('Notebook', {
    createNew(panel) {
      const button = new ToolbarButton({
        icon,
        tooltip: 'Format Cell (Alt+Shift+F)',
        onClick: () => app.commands.execute('nabla:format-cell'),
      });
      button.addClass('nabla-format-button');
      const show = () => button.setHidden(!notebooks.isNabla(panel));
      show();
      panel.context.ready.then(() => {
        show();
        panel.content.model?.metadataChanged.connect(show);
      });
      panel.toolbar.insertBefore('spacer', 'nabla-format', button) || panel.toolbar.addItem('nabla-format', button);
      return button;
    },
  });
}
