/** Server-sent events, read from a fetch stream. */

export interface ServerEvent {
  name: string;
  data: string;
}

/** The whole events of what has arrived so far, and what is left of an unfinished one. */
export function split(received: string): [ServerEvent[], string] {
  const parts = received.replace(/\r\n/g, "\n").split("\n\n");
  const rest = parts.pop() ?? "";
  const events: ServerEvent[] = [];
  for (const part of parts) {
    let name = "message";
    const data: string[] = [];
    for (const line of part.split("\n")) {
      if (line.startsWith("event: ")) name = line.slice(7);
      else if (line.startsWith("data: ")) data.push(line.slice(6));
    }
    // Comments (heartbeats) and retry hints carry no data.
    if (data.length) events.push({ name, data: data.join("\n") });
  }
  return [events, rest];
}

/** Hands on the events of a response until it ends or `take` says false; then lets go of the connection. */
export async function follow(response: Response, take: (event: ServerEvent) => boolean): Promise<void> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const [events, left] = split(rest + decoder.decode(value, { stream: true }));
      rest = left;
      for (const event of events) if (!take(event)) return;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
