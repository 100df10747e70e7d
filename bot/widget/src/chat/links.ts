/** Which addresses may become links. */

/** The address, when it is https or lies on our own site; null for anything else (`javascript:`, `data:`, http …). */
export function safe(address: string | null): string | null {
  if (!address) return null;
  let url: URL;
  try {
    url = new URL(address, location.href);
  } catch {
    return null;
  }
  const ours = url.origin === location.origin && /^https?:$/.test(url.protocol);
  return url.protocol === "https:" || ours ? url.href : null;
}
