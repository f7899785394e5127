// What modules that came together in one script are kept in (see gameserver/web/bundle.py).

globalThis.pageModules = ((script) => {
  const base = new URL(script.src.replace(/bundle\/.*/, ""));
  const makers = new Map();
  const made = new Map();
  const fetched = new Map();

  /** What a module exports; it is made when it is first needed. */
  function need(path) {
    if (!made.has(path)) made.set(path, makers.get(path)());
    return made.get(path);
  }

  /** The same of one that may still have to be fetched. Raises a TypeError, like an import, when that fails. */
  async function load(path) {
    if (!makers.has(path)) await bundle(path);
    return need(path);
  }

  function bundle(path) {
    if (!fetched.has(path)) fetched.set(path, fetchOne(path));
    return fetched.get(path);
  }

  function fetchOne(path) {
    return new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = new URL(`bundle/${path}`, base).href;
      element.onload = resolve;
      element.onerror = () => {
        // It may be tried again.
        fetched.delete(path);
        element.remove();
        reject(new TypeError(`${path} cannot be fetched`));
      };
      document.head.append(element);
    });
  }

  return {
    /** A module that another script has brought already stays as it is. */
    add(path, maker) {
      if (!makers.has(path)) makers.set(path, maker);
    },
    need,
    load,
    /** The whole address of a file of the pages. */
    here: (path) => new URL(path, base).href,
  };
})(document.currentScript);
