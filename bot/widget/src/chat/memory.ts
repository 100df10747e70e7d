/** What the browser keeps. Storage may be forbidden (private mode, blocked in frames): then the page alone remembers. */

/** One kind of storage under our prefix. */
export class Memory {
  private readonly own: { [key: string]: string } = {};

  constructor(private readonly kind: "localStorage" | "sessionStorage") {}

  /** Whether what is kept outlives the page. */
  get lasts(): boolean {
    try {
      return Boolean(window[this.kind]);
    } catch {
      return false;
    }
  }

  /** What is kept under the key; null when there is nothing. */
  get(key: string): string | null {
    try {
      return window[this.kind].getItem(`ansinh.${key}`);
    } catch {
      return this.own[key] ?? null;
    }
  }

  /** Keeps the value; null forgets it. */
  set(key: string, value: string | null): void {
    if (value === null) delete this.own[key];
    else this.own[key] = value;
    try {
      if (value === null) window[this.kind].removeItem(`ansinh.${key}`);
      else window[this.kind].setItem(`ansinh.${key}`, value);
    } catch {
      // Kept in `own` for as long as the page lives.
    }
  }
}

/** All tabs share it: the token of the conversation, how the page looks. */
export const shared = new Memory("localStorage");

/** This tab's own, across a reload: the message on its way. */
export const tab = new Memory("sessionStorage");
