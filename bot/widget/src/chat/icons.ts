/** Line icons, drawn in a square of 24; decoration only, so hidden from screen readers. */

const PATHS = {
  house: "M4 11 12 4l8 7v9h-5v-6H9v6H4z",
  tick: "M5 13l4.500 4.500L19 7",
  cross: "M6 6l12 12M18 6 6 18",
  question: "M8.500 9a3.500 3.500 0 1 1 5.200 3.100C12.500 12.800 12 13.400 12 15M12 18.500v.500",
  send: "M5 12h13M12 5l7 7-7 7",
  microphone: "M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4zM6 11.500a6 6 0 0 0 12 0M12 17.500V21",
  speaker: "M4 10v4h3.500L12 18V6L7.500 10zM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11",
  stop: "M7 7h10v10H7z",
  menu: "M4 7h16M4 12h16M4 17h16",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20.500c.800-4 3.800-6 7.500-6s6.700 2 7.500 6",
  bin: "M5 7h14M10 7V4.500h4V7M7 7l1 13h8l1-13M10.500 11v5.500M13.500 11v5.500",
  paper: "M7 3.500h7l4 4v13H7zM14 3.500v4h4M10 12h5M10 16h5",
  up: "M7.500 11 11.500 4c1.500 0 2.500 1 2.300 2.700L13.300 10h5c1.300 0 2 1 1.700 2.200l-1.500 6c-.300.900-1 1.500-2 1.500h-9M4 11h3.500v8.700H4z",
  down: "M16.500 13 12.500 20c-1.500 0-2.500-1-2.300-2.700l.500-3.300h-5c-1.300 0-2-1-1.700-2.200l1.500-6c.300-.900 1-1.500 2-1.500h9M20 13h-3.500V4.300H20z",
  warning: "M12 4 2.800 20h18.400zM12 10v5M12 17v.500",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 7.500V8",
} as const;

export type IconName = keyof typeof PATHS;

const SVG = "http://www.w3.org/2000/svg";

/** The icon of this name. */
export function icon(name: IconName): SVGSVGElement {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("focusable", "false");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  drawing.appendChild(path);
  return drawing;
}
