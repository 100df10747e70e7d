import type { Answer, Message } from "../src/chat/types";

export function answer(fields: Partial<Answer> = {}): Answer {
  return {
    status: "answered",
    source: "policy",
    verdict: null,
    criteria: [],
    results: [],
    asks: null,
    documents: [],
    office: null,
    checklist_url: null,
    citations: [],
    as_of: "2026-11-25",
    verified: true,
    ...fields,
  };
}

export function message(id: string, text: string, fields: Partial<Message> = {}): Message {
  return { id, role: "bot", text, sent_at: "2026-11-25T08:00:00+07:00", buttons: [], answer: answer(), ...fields };
}
