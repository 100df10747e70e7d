/** Tells an ID number in what is being typed, so that the citizen can be warned before it leaves the phone. */

// Single separators may stand inside: "051 234 567 890".
const CLUSTER = /\d+(?:[ .\-–_]\d+)*/g;
const MONEY_AFTER = /^ ?(?:dong|vnd|d|₫|k|nghin|ngan|trieu|tr|ty)(?![a-z])/;
const CUE = /\b(?:cmnd|cmt|cccd|chung minh|can cuoc|dinh danh|so the|ma so|giay to|so cm|ho chieu)\b[^\d.?!\n]{0,40}$/;
// A sum written in groups of three: "1.050.000.000".
const IN_THOUSANDS = /^[1-9]\d{0,2}(?:[ .]\d{3})+$/;

function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/đ/g, "d");
}

/**
 * Whether the text seems to hold a number of an identity card: 12 digits, or 9 behind a word such as "CMND". Sums of
 * money ("150000000 đồng", "1.050.000.000") are none. The gateway masks more than this by itself, and says so.
 */
export function hasIdNumber(text: string): boolean {
  const folded = fold(text);
  CLUSTER.lastIndex = 0;
  for (let match = CLUSTER.exec(folded); match; match = CLUSTER.exec(folded)) {
    const digits = match[0].replace(/\D/g, "");
    const cued = CUE.test(folded.slice(Math.max(0, match.index - 60), match.index));
    const paid = MONEY_AFTER.test(folded.slice(match.index + match[0].length));
    if (paid || (IN_THOUSANDS.test(match[0]) && digits[0] !== "0" && !cued)) continue;
    if (digits.length === 12 && (digits[0] === "0" || cued || !digits.endsWith("000"))) return true;
    if (digits.length === 9 && cued) return true;
  }
  return false;
}
