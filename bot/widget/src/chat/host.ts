/** Speaks with the loader, when the chat stands in another page. No word of the conversation goes that way. */

/** From us: `ready`, `close`, `news`. From the loader: `shown`. */
export interface HostMessage {
  ansinh: "ready" | "close" | "news" | "shown";
}

export class Host {
  /** The origin of the page around us, which the loader wrote into our address. */
  private readonly origin = decodeURIComponent(location.hash.slice(1));

  tell(what: HostMessage["ansinh"]): void {
    if (this.origin) parent.postMessage({ ansinh: what } satisfies HostMessage, this.origin);
  }

  /** Calls `act` whenever the loader shows us. */
  onShown(act: () => void): void {
    addEventListener("message", (event: MessageEvent) => {
      const known = event.source === parent && event.origin === this.origin;
      if (known && (event.data as HostMessage | null)?.ansinh === "shown") act();
    });
  }
}
