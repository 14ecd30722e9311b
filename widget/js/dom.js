// How is a piece of page made without ever parsing text as HTML?

/** One element. `class`, `text`, `attrs`, `data`, `on` and `props` are optional; children may be nodes, text or nothing. */
export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  if (options.class) node.className = options.class;
  if (options.text !== undefined && options.text !== null) node.textContent = String(options.text);
  for (const [name, value] of Object.entries(options.attrs ?? {})) setAttribute(node, name, value);
  for (const [name, value] of Object.entries(options.data ?? {})) {
    if (value !== null && value !== undefined) node.dataset[name] = String(value);
  }
  for (const [name, listener] of Object.entries(options.on ?? {})) node.addEventListener(name, listener);
  Object.assign(node, options.props ?? {});
  append(node, children);
  return node;
}

/** Puts `children` in the place of everything `node` holds. */
export function replace(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/** Adds nodes and text; null, undefined and false are left out, arrays are opened. */
export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  node.setAttribute(name, value === true ? "" : String(value));
}
