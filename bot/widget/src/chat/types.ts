/** What the gateway sends: the answer schema of the web API. */

export type Verdict = "eligible" | "not_eligible" | "unknown";

export interface Criterion {
  label: string;
  verdict: Verdict;
  value: string | null;
  legal_basis: string;
}

export interface Citation {
  document: string;
  article: string | null;
  effective_from: string | null;
  effective_to: string | null;
  url: string | null;
}

export interface Answer {
  status: string;
  source: string;
  verdict: Verdict | null;
  criteria: Criterion[];
  results: { verdict: Verdict }[];
  asks: { choices: string[]; multiple: boolean } | null;
  documents: string[];
  office: string | null;
  checklist_url: string | null;
  citations: Citation[];
  as_of: string | null;
  verified: boolean;
}

export interface Button {
  title: string;
  payload: string;
}

export interface Message {
  id: string;
  role: "citizen" | "bot" | "officer";
  text: string;
  sent_at: string;
  buttons: Button[];
  answer: Answer | null;
}

/** What a citizen sends: typed text, a pressed button, or the wish to speak with a person. */
export type Outgoing = { id: string } & ({ text: string } | { payload: string } | { human: true });
