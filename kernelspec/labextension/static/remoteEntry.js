// What JupyterLab loads: a container of modules as webpack's module federation wants it. JupyterLab hands
// over the modules that it shares by `init`, then asks for './extension' by `get`.
(() => {
  'use strict';

  const name = 'jupyterlab-nabla'; // as in package.json
  const folder = new URL('.', document.currentScript.src).href;
  let shared = {};

  /** A module of JupyterLab's own; of several versions the one that runs already. */
  async function fromJupyterLab(module) {
    const versions = Object.values(shared[module] ?? {});
    if (versions.length === 0) throw new Error(`${name}: JupyterLab shares no ${module}`);
    const version = versions.find(version => version.loaded) ?? versions[0];
    const factory = await version.get();
    return factory();
  }

  async function extension() {
    const [{ IEditorLanguageRegistry }, { StreamLanguage, LanguageSupport }, mode, names, hints] =
      await Promise.all([
        fromJupyterLab('@jupyterlab/codemirror'),
        fromJupyterLab('@codemirror/language'),
        import(`${folder}nabla-mode.js`),
        import(`${folder}nabla-names.js`),
        import(`${folder}picture-hints.js`),
      ]);
    return {
      id: `${name}:plugin`,
      description: 'The language Nabla and files named .nabla',
      autoStart: true,
      requires: [IEditorLanguageRegistry],
      activate(app, languages) {
        hints.watch();
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

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB[name] = {
    init(scope) {
      shared = scope;
    },
    async get(module) {
      if (module !== './extension') throw new Error(`${name} has no module ${module}`);
      const plugin = await extension();
      // JupyterLab writes into this object, so it can be no module's own namespace.
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
