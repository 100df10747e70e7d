/** Reading aloud and taking speech, where the browser can do it in Vietnamese. */

const LANGUAGE = "vi-VN";

interface Recognition {
  lang: string;
  interimResults: boolean;
  onresult: (event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void;
  onerror: (event: { error: string }) => void;
  onend: () => void;
  start(): void;
  stop(): void;
}

type Speaking = { SpeechRecognition?: new () => Recognition; webkitSpeechRecognition?: new () => Recognition };

function voice(): SpeechSynthesisVoice | undefined {
  if (!("speechSynthesis" in window)) return undefined;
  return speechSynthesis.getVoices().find((each) => each.lang.toLowerCase().replace("_", "-").startsWith("vi"));
}

/** Calls `found` once a Vietnamese voice is there: at once, later (voices load slowly), or never. */
export function whenReadable(found: () => void): void {
  if (voice()) found();
  else if ("speechSynthesis" in window && "addEventListener" in speechSynthesis) {
    const look = (): void => {
      if (!voice()) return;
      speechSynthesis.removeEventListener("voiceschanged", look);
      found();
    };
    speechSynthesis.addEventListener("voiceschanged", look);
  }
}

/** Reads the text aloud in place of what is being read; calls `ended` when it is over, or was stopped. */
export function read(text: string, ended: () => void): void {
  speechSynthesis.cancel();
  // Chrome falls silent in the middle of a long text: one utterance per line.
  const lines = text.split("\n").filter((line) => line.trim());
  lines.forEach((line, index) => {
    const utterance = new SpeechSynthesisUtterance(line);
    const speaker = voice();
    utterance.lang = LANGUAGE;
    if (speaker) utterance.voice = speaker;
    utterance.rate = 0.95;
    utterance.onerror = ended;
    if (index === lines.length - 1) utterance.onend = ended;
    speechSynthesis.speak(utterance);
  });
}

/** Falls silent. */
export function silence(): void {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}

/** Whether the browser can turn speech into text. */
export function canHear(): boolean {
  return recognition() !== undefined;
}

function recognition(): (new () => Recognition) | undefined {
  const { SpeechRecognition, webkitSpeechRecognition } = window as unknown as Speaking;
  return SpeechRecognition || webkitSpeechRecognition;
}

/** Listens once: `heard` gets the text as it grows, `ended` the reason of a failure or null. Returns how to stop. */
export function hear(heard: (text: string) => void, ended: (failure: string | null) => void): () => void {
  const listening = new (recognition()!)();
  let failure: string | null = null;
  listening.lang = LANGUAGE;
  listening.interimResults = true;
  listening.onresult = (event) => heard(Array.from(event.results, (result) => result[0]!.transcript).join(" ").trim());
  listening.onerror = (event) => {
    failure = event.error;
  };
  listening.onend = () => ended(failure);
  listening.start();
  return () => listening.stop();
}
