/** The gateway's web API. */

import type { Message, Outgoing } from "./types";

/** A response that is no success; `message` is a sentence for citizens, `seconds` how long to wait. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly seconds: number,
  ) {
    super(message);
  }
}

/** Of the notice in `words.ts`: whoever changes what it promises gives it a new one. It is recorded that it was accepted. */
const NOTICE_VERSION = "2026-12.2";

/** Longer than any turn takes: after it the connection counts as lost, and the same message is sent again. */
const PATIENCE = 25_000;

export class Api {
  constructor(private readonly root: string) {}

  /** Opens a conversation, after the notice has been accepted. */
  async open(): Promise<{ token: string; messages: Message[] }> {
    return (await this.call("POST", "session", null, { notice: NOTICE_VERSION })) as { token: string; messages: Message[] };
  }

  /** The last messages, or those behind message `after`. */
  async history(token: string, after: string | null): Promise<Message[]> {
    const query = after ? `?after=${encodeURIComponent(after)}` : "";
    return tidy(await this.call("GET", `messages${query}`, token));
  }

  /** Sends one message and returns the replies; the same id again returns the same replies. */
  async send(token: string, message: Outgoing): Promise<Message[]> {
    const path = "human" in message ? "handover" : "messages";
    const given = "human" in message ? { id: message.id } : message;
    return tidy(await this.call("POST", path, token, given));
  }

  async rate(token: string, message: string, value: 1 | -1, reason: string | null): Promise<void> {
    await this.call("POST", "feedback", token, reason ? { message, value, reason } : { message, value });
  }

  async erase(token: string): Promise<void> {
    await this.call("DELETE", "session", token);
  }

  /** The open event stream behind message `after`; raises Refused. EventSource could not send the token. */
  async events(token: string, after: string | null): Promise<Response> {
    const query = after ? `?after=${encodeURIComponent(after)}` : "";
    const response = await fetch(`${this.root}/events${query}`, { headers: { Authorization: `Bearer ${token}` } });
    if (!response.ok) throw await refused(response);
    return response;
  }

  private async call(method: string, path: string, token: string | null, given?: object): Promise<unknown> {
    const headers: { [name: string]: string } = {};
    if (token) headers["Authorization"] = `Bearer ${token}`;
    if (given) headers["Content-Type"] = "application/json";
    const request = fetch(`${this.root}/${path}`, { method, headers, body: given ? JSON.stringify(given) : null });
    const response = await Promise.race([request, lost()]);
    if (!response.ok) throw await refused(response);
    return response.status === 204 ? null : response.json();
  }
}

/** What an officer writes has an empty answer object, or none. */
function tidy(body: unknown): Message[] {
  const { messages } = body as { messages: Message[] };
  return messages.map((each) => (each.answer && each.answer.status ? each : { ...each, answer: null }));
}

async function refused(response: Response): Promise<Refused> {
  let said = "";
  try {
    said = String(((await response.json()) as { error: { message: string } }).error.message);
  } catch {
    // Not from the gateway: a proxy, say, that has its own idea of an error page.
  }
  return new Refused(response.status, said, Number(response.headers.get("Retry-After")) || 0);
}

function lost(): Promise<never> {
  return new Promise((_, fail) => setTimeout(() => fail(new TypeError("no answer in time")), PATIENCE));
}
