/**
 * The one script that a page includes: a button in the corner that opens the chat in a frame.
 *
 *     <script src="https://…/widget.js" async data-label="Hỏi chính sách" data-side="left"></script>
 *
 * It must live with any page and any Content-Security-Policy that lets this script and this frame in: no style element
 * and no style attribute in markup, only the style object of elements, and a shadow root against the page's own styles.
 */

const TAG = "ansinh-widget";
const WORDS = {
  label: "Hỏi An Sinh",
  close: "Đóng An Sinh",
  frame: "An Sinh – trợ lý chính sách",
  news: "Có tin mới",
  failed: "Khung trò chuyện không mở được ở đây. ",
  open: "Mở An Sinh ở trang riêng",
};
const SVG = "http://www.w3.org/2000/svg";
const HOUSE = "M4 11 12 4l8 7v9h-5v-6H9v6H4z";
const GREEN = "#0b5c4a";
const ABOVE_ALL = "2147483000";
/** Seconds that the frame gets before the way to the full page is offered. */
const PATIENCE = 20;

type Style = { [property: string]: string };

function styled<E extends HTMLElement | SVGElement>(element: E, style: Style): E {
  for (const property of Object.keys(style)) element.style.setProperty(property, style[property]!);
  return element;
}

function house(): SVGElement {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", HOUSE);
  path.setAttribute("fill", "none");
  path.setAttribute("stroke", "#fff");
  path.setAttribute("stroke-width", "2");
  path.setAttribute("stroke-linejoin", "round");
  drawing.appendChild(path);
  return styled(drawing, { width: "26px", height: "26px", "margin-right": "8px", flex: "none" });
}

function start(script: HTMLScriptElement): void {
  if (document.querySelector(TAG)) return;
  const origin = new URL(script.src).origin;
  const side = script.getAttribute("data-side") === "left" ? "left" : "right";
  const label = script.getAttribute("data-label") || WORDS.label;

  const words = document.createElement("span");
  words.textContent = label;
  const dot = styled(document.createElement("span"), {
    display: "none",
    "margin-left": "8px",
    padding: "2px 8px",
    background: "#fff",
    color: "#a5301b",
    "border-radius": "999px",
    font: "bold 13px/1.4 system-ui, sans-serif",
  });
  dot.textContent = WORDS.news;
  const launcher = styled(document.createElement("button"), {
    display: "flex",
    "align-items": "center",
    "min-height": "56px",
    "max-width": "calc(100vw - 32px)",
    padding: "8px 20px 8px 16px",
    border: "2px solid #fff",
    "border-radius": "28px",
    background: GREEN,
    color: "#fff",
    cursor: "pointer",
    "box-shadow": "0 2px 10px rgba(0, 0, 0, .35)",
    font: "600 17px/1.2 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  });
  launcher.type = "button";
  launcher.setAttribute("aria-expanded", "false");
  launcher.appendChild(house());
  launcher.appendChild(words);
  launcher.appendChild(dot);
  for (const [event, ring] of [["focus", "3px solid #e0a100"], ["blur", "none"]] as const) {
    launcher.addEventListener(event, () => styled(launcher, { outline: ring, "outline-offset": "2px" }));
  }

  const box = styled(document.createElement(TAG), { position: "fixed", bottom: "16px", [side]: "16px", "z-index": ABOVE_ALL });
  const shadow = box.attachShadow({ mode: "open" });
  shadow.appendChild(launcher);
  document.body.appendChild(box);

  let panel: HTMLElement | null = null;
  let frame: HTMLIFrameElement | null = null;
  let ready = false;
  let open = false;
  const small = matchMedia("(max-width: 640px), (max-height: 520px)");

  function lay(): void {
    if (!panel) return;
    const whole = small.matches;
    styled(panel, {
      display: open ? "block" : "none",
      position: "fixed",
      overflow: "hidden",
      background: "#fff",
      "z-index": ABOVE_ALL,
      bottom: whole ? "0" : "84px",
      top: whole ? "0" : "auto",
      left: whole ? "0" : side === "left" ? "16px" : "auto",
      right: whole ? "0" : side === "right" ? "16px" : "auto",
      width: whole ? "auto" : "410px",
      height: whole ? "auto" : "calc(100vh - 108px)",
      "max-height": whole ? "none" : "680px",
      "border-radius": whole ? "0" : "16px",
      "box-shadow": "0 6px 30px rgba(0, 0, 0, .35)",
    });
    launcher.style.setProperty("display", open && whole ? "none" : "flex");
  }

  function build(): void {
    panel = document.createElement("div");
    frame = styled(document.createElement("iframe"), { display: "block", width: "100%", height: "100%", border: "0" });
    frame.title = WORDS.frame;
    frame.setAttribute("allow", "microphone");
    frame.src = `${origin}/embed#${encodeURIComponent(location.origin)}`;
    panel.appendChild(frame);
    shadow.insertBefore(panel, launcher);
    setTimeout(() => {
      if (!ready) offerPage();
    }, PATIENCE * 1000);
  }

  /** The frame did not come: no connection, or this page may not show it. */
  function offerPage(): void {
    const text = styled(document.createElement("p"), { margin: "24px", font: "18px/1.5 system-ui, sans-serif", color: "#1c2422" });
    text.textContent = WORDS.failed;
    const link = styled(document.createElement("a"), { color: GREEN });
    link.href = `${origin}/`;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = WORDS.open;
    text.appendChild(link);
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = WORDS.close;
    close.addEventListener("click", () => show(false));
    styled(close, { margin: "0 24px", "min-height": "48px", padding: "0 16px", font: "18px system-ui, sans-serif" });
    panel!.textContent = "";
    panel!.appendChild(text);
    panel!.appendChild(close);
  }

  function show(on: boolean): void {
    open = on;
    if (on && !panel) build();
    lay();
    launcher.setAttribute("aria-expanded", String(on));
    words.textContent = on ? WORDS.close : label;
    if (on) {
      dot.style.setProperty("display", "none");
      if (ready) shown();
    } else launcher.focus();
  }

  function shown(): void {
    frame!.focus();
    frame!.contentWindow!.postMessage({ ansinh: "shown" }, origin);
  }

  launcher.addEventListener("click", () => show(!open));
  small.addListener(lay);
  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin || !event.data) return;
    const said = (event.data as { ansinh?: string }).ansinh;
    if (said === "ready") {
      ready = true;
      if (open) shown();
    } else if (said === "close") show(false);
    else if (said === "news" && !open) dot.style.setProperty("display", "inline");
  });
}

// The element that runs is known only while it runs; the page's body may come later.
const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  if (document.body) start(script);
  else document.addEventListener("DOMContentLoaded", () => start(script));
}
