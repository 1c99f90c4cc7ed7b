// What JupyterLab loads: a container of modules as webpack's module federation wants it. JupyterLab hands
// over the modules that it shares by `init`, then asks for './extension' by `get`.
(() => {
  'use strict';

  const name = 'jupyterlab-nabla'; // as in package.json
  const folder = new URL('.', document.currentScript.src).href;
  let shared = {};

  /** A module of JupyterLab's own; of several versions the one that runs already. Nothing where it is not shared. */
  async function ifShared(module) {
    const versions = Object.values(shared[module] ?? {});
    if (versions.length === 0) return undefined;
    const version = versions.find(version => version.loaded) ?? versions[0];
    try {
      const factory = await version.get();
      return factory();
    } catch {
      return undefined; // named, and not there: Voila's pages have no editors
    }
  }

  /** A module beside this. */
  const own = file => import(`${folder}${file}`);

  /** What needs a page alone: pictures and tables that answer the pointer. */
  async function outputs() {
    const [hints, tables] = await Promise.all(['picture-hints.js', 'tables.js'].map(own));
    return {
      id: `${name}:outputs`,
      description: 'Numbers of diagrams where the pointer is; tables that sort and filter',
      autoStart: true,
      activate() {
        hints.watch();
        tables.watch();
      },
    };
  }

  /** The language: colours, indentation, and the file type. */
  async function language() {
    const [codemirror, editing] = await Promise.all(['@jupyterlab/codemirror', '@codemirror/language'].map(ifShared));
    if (!codemirror || !editing) return undefined;
    const [mode, names] = await Promise.all(['nabla-mode.js', 'nabla-names.js'].map(own));
    const { IEditorLanguageRegistry } = codemirror;
    const { StreamLanguage, LanguageSupport } = editing;
    return {
      id: `${name}:plugin`,
      description: 'The language Nabla and files named .nabla',
      autoStart: true,
      requires: [IEditorLanguageRegistry],
      activate(app, languages) {
        languages.addLanguage({
          name: 'nabla',
          displayName: 'Nabla',
          mime: 'text/x-nabla',
          extensions: ['nabla'],
          support: new LanguageSupport(StreamLanguage.define(mode.nabla(names.default))),
        });
        app.docRegistry.addFileType({
          name: 'nabla',
          displayName: 'Nabla File',
          extensions: ['.nabla'],
          mimeTypes: ['text/x-nabla'],
          contentType: 'file',
          fileFormat: 'text',
        });
      },
    };
  }

  /** What needs notebooks with kernels: mistakes underlined, cells laid out, an output's menu. Not every host has them. */
  async function notebookTools() {
    const [codemirror, view, state, notebook, services, apputils, components] = await Promise.all(
      ['@jupyterlab/codemirror', '@codemirror/view', '@codemirror/state', '@jupyterlab/notebook', '@jupyterlab/services',
        '@jupyterlab/apputils', '@jupyterlab/ui-components'].map(ifShared));
    if (!codemirror || !view || !state || !notebook || !services || !apputils || !components) return undefined;
    const [{ findings }, { addFormatting }, { addOutputMenu }] = await Promise.all(
      ['findings.js', 'formatting.js', 'outputs.js'].map(own));
    const { EditorExtensionRegistry, IEditorExtensionRegistry } = codemirror;
    return {
      id: `${name}:notebooks`,
      description: 'Mistakes underlined, cells laid out, LaTeX and pictures of outputs',
      autoStart: true,
      requires: [notebook.INotebookTracker, IEditorExtensionRegistry],
      optional: [apputils.ICommandPalette],
      activate(app, tracker, editors, palette) {
        const notebooks = {
          isNabla(panel) {
            const { model } = panel.content;
            const language = model?.getMetadata('kernelspec')?.language ?? model?.getMetadata('language_info')?.name;
            return language === 'nabla';
          },
          /** The notebook in use, if it is Nabla's. */
          current() {
            const panel = tracker.currentWidget;
            return panel && this.isNabla(panel) ? panel : undefined;
          },
        };

        /** What the kernel of a notebook answers to a request of its own. */
        async function ask(panel, msgType, code) {
          const kernel = panel.sessionContext.session?.kernel;
          if (!kernel || kernel.connectionStatus !== 'connected') return undefined;
          const message = services.KernelMessage.createMessage({
            channel: 'shell', msgType, session: kernel.clientId, username: kernel.username, content: { code },
          });
          const reply = await kernel.sendShellMessage(message, true, true).done;
          return reply?.content;
        }

        editors.addExtension(Object.freeze({
          name: 'nabla-findings',
          factory: () => EditorExtensionRegistry.createImmutableExtension(findings({ view, state }, async (editor, code) => {
            if (!editor.closest('.jp-CodeCell')) return undefined;
            const panel = tracker.find(panel => panel.node.contains(editor));
            if (!panel || !notebooks.isNabla(panel)) return undefined;
            return (await ask(panel, 'nabla_findings_request', code))?.findings;
          })),
        }));
        // The widgets' manager sees to kernels that are restarted, not to those that die: then what is stored takes their place.
        const seeToDeath = panel => panel.sessionContext.statusChanged.connect((_, status) => {
          if (status !== 'autorestarting' && status !== 'dead') return;
          for (const node of panel.node.querySelectorAll('.nabla-explore-widgets')) node.classList.add('jupyter-widgets-disconnected');
        });
        tracker.forEach(seeToDeath);
        tracker.widgetAdded.connect((_, panel) => void seeToDeath(panel));
        addFormatting(app, notebooks, ask, { ...components, Notification: apputils.Notification, palette });
        addOutputMenu(app, notebooks, apputils);
      },
    };
  }

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB[name] = {
    init(scope) {
      shared = scope;
    },
    async get(module) {
      if (module !== './extension') throw new Error(`${name} has no module ${module}`);
      const plugins = (await Promise.all([outputs(), language(), notebookTools()])).filter(Boolean);
      // JupyterLab writes into this object, so it can be no module's own namespace.
      return () => ({ __esModule: true, default: plugins });
    },
  };
})();
