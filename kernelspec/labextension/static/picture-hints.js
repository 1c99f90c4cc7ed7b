// Numbers of a diagram where the pointer is. JupyterLab shows an SVG as an image, in which nothing can be pointed at;
// here the image of a picture whose parts have words for that gives way to the picture itself.

/** The picture in an image's address, or null where it has no such words or holds more than a picture. */
export function pictureIn(address) {
  if (!address.startsWith('data:image/svg+xml')) return null;
  const [head, data] = [address.slice(0, address.indexOf(',')), address.slice(address.indexOf(',') + 1)];
  let text;
  try {
    text = head.endsWith(';base64')
      ? new TextDecoder().decode(Uint8Array.from(atob(data), sign => sign.charCodeAt(0)))
      : decodeURIComponent(data);
  } catch {
    return null;
  }
  const svg = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  if (svg.localName !== 'svg' || !svg.querySelector('g > title')) return null;
  const allowed = ['svg', 'desc', 'title', 'g', 'rect', 'circle', 'line', 'path', 'text', 'tspan'];
  for (const element of [svg, ...svg.querySelectorAll('*')]) {
    if (!allowed.includes(element.localName)) return null;
    for (const { name } of element.attributes) {
      if (/^on|href$|^style$/i.test(name)) return null;
    }
  }
  return svg;
}

/** Puts the picture in the place of its image, as large as that. */
function show(image) {
  const svg = pictureIn(image.src);
  if (!svg) return;
  const picture = document.importNode(svg, true);
  picture.style.maxWidth = '100%';
  picture.style.height = 'auto';
  image.replaceWith(picture);
}

/** Watches for the pointer over pictures among outputs, and keeps these no wider than the page. */
export function watch(page = document) {
  // JupyterLab limits SVGs in the page and images of pixels, but not an SVG that it shows as an image.
  const style = page.createElement('style');
  style.textContent = '.jp-RenderedSVG img { max-width: 100%; height: auto; }';
  page.head.append(style);
  page.addEventListener('pointerover', event => {
    const image = event.target;
    if (image instanceof HTMLImageElement && image.closest('.jp-RenderedSVG')) show(image);
  });
}
