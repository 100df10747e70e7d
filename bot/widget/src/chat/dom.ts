/** Elements without markup: whatever text comes in becomes a text node, never HTML. */

export type Child = Node | string | null | undefined | false;
type Attributes = { [name: string]: string | number | boolean | ((event: Event) => void) | null | undefined };

/** An element with attributes, listeners (`onclick: …`) and children; a null or false attribute is left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  add(element, children);
  return element;
}

/** Appends what is not empty. */
export function add(parent: Node, children: Child[]): void {
  for (const child of children) {
    if (child) parent.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
}

/** Takes out all children. */
export function empty(parent: Node): void {
  parent.textContent = "";
}

/** A plain button. */
export function button(className: string, press: () => void, ...children: Child[]): HTMLButtonElement {
  return h("button", { type: "button", class: className, onclick: press }, ...children);
}
