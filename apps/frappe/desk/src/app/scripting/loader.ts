/** Loads scripts by address: the Content-Security-Policy allows files of this site and no text. Invariant: each address is loaded once. */
const loading = new Map<string, Promise<void>>();

function append(address: string, make: () => HTMLScriptElement | HTMLLinkElement): Promise<void> {
  const known = loading.get(address);
  if (known) return known;
  const done = new Promise<void>((resolve, reject) => {
    const element = make();
    element.addEventListener('load', () => resolve());
    element.addEventListener('error', () => {
      loading.delete(address);
      reject(new Error(`${address} could not be loaded`));
    });
    document.head.append(element);
  });
  loading.set(address, done);
  return done;
}

/** Runs a script of this site. */
export function loadScript(address: string): Promise<void> {
  return append(address, () => Object.assign(document.createElement('script'), { src: address, async: false }));
}

/** Applies a style sheet of this site. */
export function loadStyle(address: string): Promise<void> {
  return append(address, () => Object.assign(document.createElement('link'), { rel: 'stylesheet', href: address }));
}

/** Loads a script or style sheet by its ending. */
export function loadAsset(address: string): Promise<void> {
  const path = address.startsWith('assets/') ? `/${address}` : address;
  return /\.css(\?|$)/.test(path) ? loadStyle(path) : loadScript(path);
}
